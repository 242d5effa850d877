//! `/device`: a person types the code that a device shows.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};

use super::{
    super::{
        Answer, AuthorizationRequest, Prompt,
        authorize::begin_flow,
        browser::{self, Browser},
        error::PageError,
        params::Params,
    },
    UserCode,
};
use crate::{
    accounts::{Peer, Subject},
    journal::Scene,
    pages::{self, DevicePage, Language},
    portal::{AppState, Portal},
    store::{Admission, Guess, Pairing},
};

/// What the CSRF token of the form is for.
const CSRF_SUBJECT: &str = "device";

/// Shows the form. A code in the address is filled in; that the device shows it too, the person must say.
pub(in super::super) async fn show(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    match Params::parse(query.unwrap_or_default().as_bytes()) {
        Ok(params) => {
            let code = params.find("user_code").unwrap_or_default();
            ask(&portal, &headers, code, Asked::First)
        }
        Err(repeated) => PageError::from(repeated).show(&portal, &headers),
    }
}

pub(in super::super) async fn submit(
    State(portal): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    go_on(&portal, peer, &headers, &body)
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

async fn go_on(
    portal: &Portal,
    peer: Peer,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, PageError> {
    let params = Params::parse(body)?;
    let csrf = params.find("csrf").unwrap_or_default();
    if !Browser::known(headers).is_some_and(|browser| browser.sent(csrf, CSRF_SUBJECT)) {
        return Err(PageError::Expired);
    }
    let typed = params.find("user_code").unwrap_or_default();
    match find(portal, peer, typed).await? {
        Found::Waiting(pairing) => {
            let request = request(pairing, Language::accepted(headers));
            let session = browser::session(portal, headers, portal.clock.now()).await?;
            begin_flow(portal, headers, request, session).await
        }
        Found::Nothing => Ok(ask(portal, headers, typed, Asked::Again)),
        Found::TooMany { until } => {
            let wait = until.duration_since(portal.clock.now());
            Ok(ask(portal, headers, typed, Asked::Later(wait)))
        }
    }
}

enum Found {
    Waiting(Pairing),
    Nothing,
    TooMany { until: Timestamp },
}

/// A code that is no device's counts as a wrong guess from that address.
async fn find(portal: &Portal, peer: Peer, typed: &str) -> Result<Found, PageError> {
    let now = portal.clock.now();
    let guess = Guess {
        attempt: portal.entropy.uuid(now),
        subjects: vec![Subject::Address(peer.counted())],
        person: None,
        scene: Scene {
            address: Some(peer.coarse()),
            ..Scene::at(now)
        },
    };
    if let Admission::Refused { until } = portal.store.begin_guess(guess.clone()).await? {
        return Ok(Found::TooMany { until });
    }
    let Some(code) = UserCode::parse(typed) else {
        return Ok(Found::Nothing);
    };
    let Some(pairing) = portal.store.find_pairing(code.hash(), now).await? else {
        return Ok(Found::Nothing);
    };
    portal.store.settle_right_guess(guess).await?;
    Ok(Found::Waiting(pairing))
}

fn request(pairing: Pairing, language: Language) -> AuthorizationRequest {
    AuthorizationRequest {
        client: pairing.client,
        answer: Answer::Device {
            device: pairing.code,
        },
        scope: pairing.scope,
        login_hint: None,
        language: Some(language),
        prompt: Prompt::Usual,
        max_age: None,
        person: None,
        pushed: None,
    }
}

/// How often the form was shown.
#[derive(Clone, Copy)]
enum Asked {
    First,
    Again,
    Later(SignedDuration),
}

fn ask(portal: &Portal, headers: &HeaderMap, code: &str, asked: Asked) -> Response {
    let known = Browser::known(headers);
    let is_new = known.is_none();
    let browser = known.unwrap_or_else(|| Browser::new(&portal.entropy));
    let frame = portal.pages.frame(Language::accepted(headers));
    let (status, fault) = match asked {
        Asked::First => (StatusCode::OK, None),
        Asked::Again => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(frame.t.device_unknown.clone()),
        ),
        Asked::Later(wait) => (
            StatusCode::TOO_MANY_REQUESTS,
            Some(frame.too_many_codes(wait)),
        ),
    };
    let page = DevicePage {
        frame,
        csrf: &browser.csrf(CSRF_SUBJECT),
        code,
        fault: fault.as_deref(),
    };
    let mut response = pages::show(status, &page);
    if is_new {
        browser::add_cookie(response.headers_mut(), browser.cookie());
    }
    response
}
