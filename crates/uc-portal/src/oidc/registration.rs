//! `/registration`: a phone, and the code that was sent to it. Whether the phone has an account already, only its
//! owner learns (AU-04).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{SignedDuration, ToSpan};
use uc_model::Phone;

use super::{
    LOGIN, RECOVERY, REGISTRATION, REGISTRATION_ACCOUNT, REGISTRATION_CODE,
    error::PageError,
    login::{OwnFlow, retry_after},
    params::Params,
    walk::Walk,
};
use crate::{
    accounts::{
        CodeAddress, CodePurpose, CodeSlot, OneTimeCode, Peer, SendingSubject, send_code,
        send_no_code,
    },
    pages::{self, Field, FieldKind, FormPage, Way},
    portal::{AppState, Portal},
    senders::Recipient,
    store::{CodeTry, LoginName, NewRegistration, Registration, Sending},
};

/// A registration may be completed that long.
const WAIT_MINUTES: i64 = 60;

/// A confirmed phone keeps its flow open that long.
pub(super) const FLOW_MINUTES: i64 = 30;

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        OwnFlow::find(&portal, &headers, &params).await?;
        let walk = Walk::find(&portal, &headers, &params).await?;
        Ok(ask_phone(&portal, &walk, "", None))
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
        let typed = params.find("phone").unwrap_or_default();
        match typed.parse() {
            Ok(phone) => begin(&portal, &walk, phone, peer).await,
            Err(_) => Ok(ask_phone(
                &portal,
                &walk,
                typed,
                Some(PhoneFault::Malformed),
            )),
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

async fn begin(
    portal: &Portal,
    walk: &Walk,
    phone: Phone,
    peer: Peer,
) -> Result<Response, PageError> {
    let now = portal.clock.now();
    let new = NewRegistration {
        flow: walk.hash(),
        browser: walk.browser.hash(),
        phone: phone.clone(),
        expires_at: now + WAIT_MINUTES.minutes(),
    };
    if !portal.store.begin_registration(new, now).await? {
        return Err(PageError::Expired);
    }
    Ok(match send(portal, walk, &phone, peer).await? {
        Sending::Sent => walk.to(REGISTRATION_CODE),
        Sending::TooMany { until } => {
            let wait = until.duration_since(now);
            ask_phone(
                portal,
                walk,
                phone.as_str(),
                Some(PhoneFault::TooOften { wait }),
            )
        }
    })
}

fn slot(walk: &Walk, phone: &Phone) -> CodeSlot {
    CodeSlot::of(CodePurpose::Registration, &walk.id, phone.as_str())
}

/// A code to a phone that is nobody's; to one that has an account, word of that.
async fn send(
    portal: &Portal,
    walk: &Walk,
    phone: &Phone,
    peer: Peer,
) -> Result<Sending, PageError> {
    let slot = slot(walk, phone);
    let to = Recipient::Sms(phone.clone());
    let subjects = vec![
        SendingSubject::receiver(&to),
        SendingSubject::Address(peer.counted()),
    ];
    let name = LoginName {
        phone: Some(phone.clone()),
        ..LoginName::default()
    };
    let language = walk.language();
    let sent = if portal.store.find_account(name).await?.is_some() {
        let body = walk.frame(portal).t.letter_registered_body.clone();
        send_no_code(portal, &slot, subjects, (to, body), language).await?
    } else {
        let address = CodeAddress {
            to,
            person: None,
            subjects,
            language,
        };
        send_code(portal, &slot, address).await?
    };
    Ok(sent)
}

#[derive(Clone, Copy)]
enum PhoneFault {
    Malformed,
    TooOften { wait: SignedDuration },
}

fn ask_phone(portal: &Portal, walk: &Walk, typed: &str, fault: Option<PhoneFault>) -> Response {
    let frame = walk.frame(portal);
    let t = frame.t;
    let mut field = Field {
        hint: Some(&t.phone_hint),
        value: typed.to_owned(),
        ..Field::new("phone", FieldKind::Phone, &t.phone_label)
    };
    let (status, above) = match fault {
        None => (StatusCode::OK, None),
        Some(PhoneFault::Malformed) => {
            field.fault = Some(t.phone_wrong.clone());
            (StatusCode::UNPROCESSABLE_ENTITY, None)
        }
        Some(PhoneFault::TooOften { wait }) => (
            StatusCode::TOO_MANY_REQUESTS,
            Some(frame.too_many_sent(wait)),
        ),
    };
    let page = FormPage {
        frame,
        title: &t.registration_title,
        lead: t.registration_phone_lead.clone(),
        step: Some(&t.registration_step_phone),
        action: REGISTRATION,
        flow: &walk.id,
        csrf: walk.csrf(),
        fault: above,
        fields: vec![field],
        ticks: Vec::new(),
        button: &t.code_send_button,
        again: None,
        ways: vec![Way {
            href: walk.address(LOGIN),
            label: &t.registration_have,
        }],
    };
    let mut response = pages::show(status, &page);
    if let Some(PhoneFault::TooOften { wait }) = fault {
        retry_after(&mut response, wait);
    }
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
        let found = find(&portal, &walk).await?;
        Ok(ask_code(&portal, &walk, &found, CodeFault::None))
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn submit_code(
    State(portal): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let taken = async {
        let params = Params::parse(&body)?;
        let walk = Walk::find_posted(&portal, &headers, &params).await?;
        let found = find(&portal, &walk).await?;
        if params.find("action") == Some("again") {
            let sending = send(&portal, &walk, &found.phone, peer).await?;
            let fault = CodeFault::of_sending(&portal, sending);
            return Ok(ask_code(&portal, &walk, &found, fault));
        }
        let code = params.find("code").unwrap_or_default();
        match try_code(&portal, &slot(&walk, &found.phone), code).await? {
            CodeTry::Right => {
                let now = portal.clock.now();
                let until = now + FLOW_MINUTES.minutes();
                portal
                    .store
                    .confirm_registration(walk.hash(), now, until)
                    .await?;
                Ok(walk.to(REGISTRATION_ACCOUNT))
            }
            CodeTry::Wrong => Ok(ask_code(&portal, &walk, &found, CodeFault::Wrong)),
            CodeTry::Ended => Ok(ask_code(&portal, &walk, &found, CodeFault::Ended)),
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// The registration of this browser's way.
pub(super) async fn find(portal: &Portal, walk: &Walk) -> Result<Registration, PageError> {
    let now = portal.clock.now();
    let found = portal
        .store
        .find_registration(walk.hash(), walk.browser.hash(), now)
        .await?;
    found.ok_or(PageError::Expired)
}

/// Compares what was typed with the code that was sent. What is no code is wrong without a try.
pub(super) async fn try_code(
    portal: &Portal,
    slot: &CodeSlot,
    typed: &str,
) -> Result<CodeTry, PageError> {
    let Some(code) = OneTimeCode::typed(typed) else {
        return Ok(CodeTry::Wrong);
    };
    let now = portal.clock.now();
    Ok(portal
        .store
        .try_sent_code(slot.id(), slot.seal(code), now)
        .await?)
}

/// What came of the last try at a sent code.
#[derive(Clone, Copy)]
pub(super) enum CodeFault {
    None,
    Wrong,
    Ended,
    TooOften { wait: SignedDuration },
}

impl CodeFault {
    pub(super) fn of_sending(portal: &Portal, sending: Sending) -> Self {
        match sending {
            Sending::Sent => Self::None,
            Sending::TooMany { until } => Self::TooOften {
                wait: until.duration_since(portal.clock.now()),
            },
        }
    }

    pub(super) fn text(self, frame: pages::Frame<'_>) -> Option<String> {
        match self {
            Self::None => None,
            Self::Wrong => Some(frame.t.sent_code_wrong.clone()),
            Self::Ended => Some(frame.t.sent_code_ended.clone()),
            Self::TooOften { wait } => Some(frame.too_many_sent(wait)),
        }
    }

    /// How the page says it.
    pub(super) fn mark(self, mut page: Response) -> Response {
        *page.status_mut() = match self {
            Self::None => StatusCode::OK,
            Self::Wrong | Self::Ended => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
        };
        if let Self::TooOften { wait } = self {
            retry_after(&mut page, wait);
        }
        page
    }
}

fn ask_code(
    portal: &Portal,
    walk: &Walk,
    registration: &Registration,
    fault: CodeFault,
) -> Response {
    let frame = walk.frame(portal);
    let t = frame.t;
    let page = FormPage {
        frame,
        title: &t.sent_code_title,
        lead: t
            .registration_code_lead
            .replace("{phone}", registration.phone.as_str()),
        step: Some(&t.registration_step_code),
        action: REGISTRATION_CODE,
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
        again: Some(&t.code_again_button),
        ways: vec![
            Way {
                href: walk.address(REGISTRATION),
                label: &t.registration_other_phone,
            },
            Way {
                href: walk.address(RECOVERY),
                label: &t.recovery_link,
            },
        ],
    };
    fault.mark(pages::show(StatusCode::OK, &page))
}
