//! `/recovery`: the name of an account, and the code that was sent to its phone. Whether there is such an account, and
//! whether anything was sent, only its owner learns (AU-04).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{SignedDuration, ToSpan};
use uc_model::PersonId;

use super::{
    LOGIN, RECOVERY, RECOVERY_CODE, RECOVERY_PASSWORD,
    error::PageError,
    login::{OwnFlow, retry_after},
    params::Params,
    registration::{CodeFault, FLOW_MINUTES, try_code},
    walk::Walk,
};
use crate::{
    accounts::{
        CodeAddress, CodePurpose, CodeSlot, Peer, SendingSubject, send_code, send_to_nobody,
    },
    entropy::TokenHash,
    pages::{self, Field, FieldKind, FormPage, Way},
    portal::{AppState, Portal},
    senders::Recipient,
    store::{CodeTry, LoginName, NewRecovery, Recovery, Sending},
};

/// A recovery may be completed that long.
const WAIT_MINUTES: i64 = 30;

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        OwnFlow::find(&portal, &headers, &params).await?;
        let walk = Walk::find(&portal, &headers, &params).await?;
        Ok(ask_name(&portal, &walk, "", None))
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn submit(
    State(portal): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let taken = async {
        let params = Params::parse(&body)?;
        let walk = Walk::find_posted(&portal, &headers, &params).await?;
        begin(
            &portal,
            &walk,
            params.find("login").unwrap_or_default(),
            peer,
        )
        .await
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// Whom a code can reach.
struct Reached {
    person: PersonId,
    to: Recipient,
}

async fn begin(
    portal: &Portal,
    walk: &Walk,
    login: &str,
    peer: Peer,
) -> Result<Response, PageError> {
    let reached = reach(portal, login).await?;
    let now = portal.clock.now();
    let new = NewRecovery {
        flow: walk.hash(),
        browser: walk.browser.hash(),
        person: reached.as_ref().map(|reached| reached.person.clone()),
        expires_at: now + WAIT_MINUTES.minutes(),
    };
    if !portal.store.begin_recovery(new, now).await? {
        return Err(PageError::Expired);
    }
    Ok(match send(portal, walk, login, reached, peer).await? {
        Sending::Sent => walk.to(RECOVERY_CODE),
        Sending::TooMany { until } => {
            ask_name(portal, walk, login, Some(until.duration_since(now)))
        }
    })
}

async fn reach(portal: &Portal, login: &str) -> Result<Option<Reached>, PageError> {
    let account = portal.store.find_account(LoginName::parse(login)).await?;
    // Of nobody as much is looked up: how long it takes tells nothing either.
    let person = account.map_or_else(nobody, |account| Ok(account.person))?;
    let factors = portal.store.find_factors(person.clone()).await?;
    let profile = portal.store.find_profile(person.clone()).await?;
    let phone = factors.phone.map(Recipient::Sms);
    // No address is an account's before a code came back from it.
    let email = profile
        .and_then(|profile| profile.email)
        .map(Recipient::Email);
    let to = if login.contains('@') {
        email.or(phone)
    } else {
        phone.or(email)
    };
    Ok(to.map(|to| Reached { person, to }))
}

/// A person that there is not.
fn nobody() -> Result<PersonId, PageError> {
    PersonId::try_from("nobody".to_owned()).map_err(|_| PageError::Request)
}

/// Counted by the name as it was typed: what is allowed does not tell whose it is.
async fn send(
    portal: &Portal,
    walk: &Walk,
    login: &str,
    reached: Option<Reached>,
    peer: Peer,
) -> Result<Sending, PageError> {
    let person = reached.as_ref().map(|reached| &reached.person);
    let slot = slot(walk, person);
    let name = LoginName::parse(login).fingerprint(login);
    let subjects = subjects(name, peer);
    Ok(match reached {
        Some(Reached { person, to }) => {
            let address = CodeAddress {
                to,
                person: Some(person),
                subjects,
                language: walk.language(),
            };
            send_code(portal, &slot, address).await?
        }
        None => send_to_nobody(portal, &slot, subjects, walk.language()).await?,
    })
}

fn slot(walk: &Walk, person: Option<&PersonId>) -> CodeSlot {
    let whom = person.map_or("", PersonId::as_str);
    CodeSlot::of(CodePurpose::Recovery, &walk.id, whom)
}

fn subjects(name: TokenHash, peer: Peer) -> Vec<SendingSubject> {
    vec![
        SendingSubject::Receiver(name),
        SendingSubject::Address(peer.counted()),
    ]
}

fn ask_name(portal: &Portal, walk: &Walk, typed: &str, wait: Option<SignedDuration>) -> Response {
    let frame = walk.frame(portal);
    let t = frame.t;
    let page = FormPage {
        frame,
        title: &t.recovery_title,
        lead: t.recovery_lead.clone(),
        step: None,
        action: RECOVERY,
        flow: &walk.id,
        csrf: walk.csrf(),
        fault: wait.map(|wait| frame.too_many_sent(wait)),
        fields: vec![Field {
            hint: Some(&t.login_hint),
            value: typed.to_owned(),
            ..Field::new("login", FieldKind::Login, &t.login_label)
        }],
        ticks: Vec::new(),
        button: &t.code_send_button,
        again: None,
        ways: vec![Way {
            href: walk.address(LOGIN),
            label: &t.recovery_back,
        }],
    };
    let Some(wait) = wait else {
        return pages::show(StatusCode::OK, &page);
    };
    let mut response = pages::show(StatusCode::TOO_MANY_REQUESTS, &page);
    retry_after(&mut response, wait);
    response
}

pub(super) async fn code_form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        let walk = Walk::find(&portal, &headers, &params).await?;
        find(&portal, &walk).await?;
        Ok(ask_code(&portal, &walk, CodeFault::None))
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn submit_code(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let taken = async {
        let params = Params::parse(&body)?;
        let walk = Walk::find_posted(&portal, &headers, &params).await?;
        let found = find(&portal, &walk).await?;
        let slot = slot(&walk, found.person.as_ref());
        let code = params.find("code").unwrap_or_default();
        match try_code(&portal, &slot, code).await? {
            CodeTry::Right => {
                let now = portal.clock.now();
                let until = now + FLOW_MINUTES.minutes();
                portal
                    .store
                    .confirm_recovery(walk.hash(), now, until)
                    .await?;
                Ok(walk.to(RECOVERY_PASSWORD))
            }
            CodeTry::Wrong => Ok(ask_code(&portal, &walk, CodeFault::Wrong)),
            CodeTry::Ended => Ok(ask_code(&portal, &walk, CodeFault::Ended)),
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// The recovery of this browser's way.
pub(super) async fn find(portal: &Portal, walk: &Walk) -> Result<Recovery, PageError> {
    let now = portal.clock.now();
    let found = portal
        .store
        .find_recovery(walk.hash(), walk.browser.hash(), now)
        .await?;
    found.ok_or(PageError::Expired)
}

fn ask_code(portal: &Portal, walk: &Walk, fault: CodeFault) -> Response {
    let frame = walk.frame(portal);
    let t = frame.t;
    let page = FormPage {
        frame,
        title: &t.sent_code_title,
        lead: t.recovery_code_lead.clone(),
        step: None,
        action: RECOVERY_CODE,
        flow: &walk.id,
        csrf: walk.csrf(),
        fault: None,
        fields: vec![Field {
            hint: Some(&t.sent_code_hint),
            fault: fault.text(frame),
            ..Field::new("code", FieldKind::Code, &t.sent_code_label)
        }],
        ticks: Vec::new(),
        button: &t.code_button,
        again: None,
        ways: vec![Way {
            href: walk.address(RECOVERY),
            label: &t.recovery_again,
        }],
    };
    fault.mark(pages::show(StatusCode::OK, &page))
}
