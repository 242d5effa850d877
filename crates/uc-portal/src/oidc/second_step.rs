//! `/login/code`: a person who has shown the first of two things shows the second factor.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, ToSpan};
use uc_model::{PersonId, Phone};

use super::{
    LOGIN, SECOND_STEP,
    error::PageError,
    login::{self, Asked, Newcomer, OwnFlow},
    params::Params,
};
use crate::{
    accounts::{
        Checked, CodeAddress, CodePurpose, CodeSlot, FirstStep, Means, Peer, SendingSubject,
        check_factor, check_passkey, send_code,
    },
    entropy::TokenHash,
    pages::{self, SecondStepPage},
    portal::{AppState, Portal},
    senders::Recipient,
    store::{HalfSignIn, Sending},
};

/// The second factor may come that long after what was shown first.
const WAIT_MINUTES: i64 = 5;

/// What was shown first was right: leads to the question for the second factor.
pub(super) async fn begin(
    portal: &Portal,
    own: &OwnFlow,
    person: PersonId,
    first: FirstStep,
) -> Result<Response, PageError> {
    let now = portal.clock.now();
    let half = HalfSignIn {
        flow: own.hash(),
        browser: own.browser.hash(),
        person,
        first,
        expires_at: now + WAIT_MINUTES.minutes(),
    };
    if !portal.store.insert_half_sign_in(half, now).await? {
        return Err(PageError::Expired);
    }
    if let Some(half) = Half::find(portal, own).await? {
        half.send(portal, own).await?;
    }
    Ok(Redirect::to(&format!("{SECOND_STEP}?flow={}", own.id)).into_response())
}

/// Somebody who has shown the first of two things.
struct Half {
    person: PersonId,
    /// Where a code is sent for them; nowhere where an app shows codes.
    phone: Option<Phone>,
    /// Whether an app shows codes.
    app: bool,
}

impl Half {
    async fn find(portal: &Portal, own: &OwnFlow) -> Result<Option<Self>, PageError> {
        let now = portal.clock.now();
        let person = portal.store.find_half_sign_in(own.hash(), now).await?;
        Ok(match person {
            Some(person) => Some(Self::of(portal, person).await?),
            None => None,
        })
    }

    async fn of(portal: &Portal, person: PersonId) -> Result<Self, PageError> {
        let factors = portal.store.find_factors(person.clone()).await?;
        Ok(Self {
            person,
            phone: factors.messaged().cloned(),
            app: factors.totp.is_some(),
        })
    }

    /// Sends a code, where one is sent; says how long none may go.
    async fn send(
        &self,
        portal: &Portal,
        own: &OwnFlow,
    ) -> Result<Option<SignedDuration>, PageError> {
        let Some(phone) = self.phone.clone() else {
            return Ok(None);
        };
        let address = CodeAddress {
            to: Recipient::Sms(phone),
            person: Some(self.person.clone()),
            subjects: vec![SendingSubject::Person(self.person.clone())],
            language: own.flow.request.language.unwrap_or_default(),
        };
        let sending = send_code(portal, &slot(own, &self.person), address).await?;
        Ok(match sending {
            Sending::Sent => None,
            Sending::TooMany { until } => Some(until.duration_since(portal.clock.now())),
        })
    }
}

fn slot(own: &OwnFlow, person: &PersonId) -> CodeSlot {
    CodeSlot::of(CodePurpose::SecondStep, &own.id, person.as_str())
}

/// What an authenticator is asked in this flow.
fn question(own: &OwnFlow, person: &PersonId) -> TokenHash {
    TokenHash::of(&format!("second-step\0{person}\0{}", own.id))
}

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        let own = OwnFlow::find(&portal, &headers, &params).await?;
        Ok(match Half::find(&portal, &own).await? {
            Some(half) => ask(&portal, &headers, &own, &half, Tried::NotYet).await?,
            None => to_login(&own),
        })
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
    take(&portal, peer, &headers, &body)
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

async fn take(
    portal: &Portal,
    peer: Peer,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, PageError> {
    let params = Params::parse(body)?;
    let own = OwnFlow::find_posted(portal, headers, &params).await?;
    if params.find("action") == Some("again") {
        return send_again(portal, headers, &own).await;
    }
    let now = portal.clock.now();
    let Some(this) = portal.store.try_half_sign_in(own.hash(), now).await? else {
        return Ok(to_login(&own));
    };
    let code = params.find("code").unwrap_or_default();
    let half = Half::of(portal, this.person.clone()).await?;
    let sent = half.phone.is_some().then(|| slot(&own, &this.person));
    let visit = login::visit(peer, headers);
    let checked = match params.find("credential") {
        Some(answer) => {
            check_passkey(
                portal,
                &this.person,
                question(&own, &this.person),
                answer,
                visit,
            )
            .await?
        }
        None => check_factor(portal, &this.person, code, sent.as_ref(), visit).await?,
    };
    match checked {
        Checked::Right(factor) => {
            let newcomer = Newcomer {
                person: this.person,
                means: Means {
                    first: this.first,
                    factor: Some(factor),
                },
                signed_in_at: now,
                peer,
            };
            login::admit(portal, headers, &own, newcomer).await
        }
        Checked::Wrong if this.left == 0 => Ok(login::ask(portal, headers, &own, Asked::Anew)),
        Checked::Wrong => ask(portal, headers, &own, &half, Tried::Wrong).await,
        Checked::TooMany { until } => {
            let wait = until.duration_since(now);
            ask(portal, headers, &own, &half, Tried::TooOften { wait }).await
        }
    }
}

async fn send_again(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
) -> Result<Response, PageError> {
    let Some(half) = Half::find(portal, own).await? else {
        return Ok(to_login(own));
    };
    let tried = match half.send(portal, own).await? {
        None => Tried::NotYet,
        Some(wait) => Tried::SentTooOften { wait },
    };
    ask(portal, headers, own, &half, tried).await
}

fn to_login(own: &OwnFlow) -> Response {
    Redirect::to(&format!("{LOGIN}?flow={}", own.id)).into_response()
}

/// What came of the last try.
#[derive(Clone, Copy)]
enum Tried {
    NotYet,
    Wrong,
    TooOften { wait: SignedDuration },
    SentTooOften { wait: SignedDuration },
}

async fn ask(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    half: &Half,
    tried: Tried,
) -> Result<Response, PageError> {
    let (kept, now) = (
        portal.store.list_passkeys(half.person.clone()).await?,
        portal.clock.now(),
    );
    let options = portal.passkeys.ask(question(own, &half.person), &kept, now);
    let frame = portal.pages.frame(own.language(headers));
    let (status, fault) = match tried {
        Tried::NotYet => (StatusCode::OK, None),
        Tried::Wrong => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(match half.phone {
                Some(_) => frame.t.sent_code_wrong.clone(),
                None => frame.t.code_wrong.clone(),
            }),
        ),
        Tried::SentTooOften { wait } => (
            StatusCode::TOO_MANY_REQUESTS,
            Some(frame.too_many_sent(wait)),
        ),
        Tried::TooOften { wait } => (
            StatusCode::TOO_MANY_REQUESTS,
            Some(frame.too_many_factors(wait)),
        ),
    };
    let page = SecondStepPage {
        frame,
        flow: &own.id,
        csrf: &own.csrf(),
        fault: fault.as_deref(),
        sent: half
            .phone
            .as_ref()
            .map(|phone| frame.t.code_sent_lead.replace("{phone}", &phone.masked())),
        options: options.as_deref(),
        codes: half.app,
    };
    let mut response = match options {
        Some(_) => pages::show_with_script(status, &page),
        None => pages::show(status, &page),
    };
    if let Tried::TooOften { wait } | Tried::SentTooOften { wait } = tried {
        login::retry_after(&mut response, wait);
    }
    Ok(response)
}
