//! `/login/code`: a person who has shown the first of two things shows the second factor.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, ToSpan};
use uc_model::PersonId;

use super::{
    LOGIN, SECOND_STEP,
    error::PageError,
    login::{self, Asked, Newcomer, OwnFlow},
    params::Params,
};
use crate::{
    accounts::{Checked, FirstStep, Means, Peer, check_factor},
    pages::{self, SecondStepPage},
    portal::{AppState, Portal},
    store::HalfSignIn,
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
    Ok(Redirect::to(&format!("{SECOND_STEP}?flow={}", own.id)).into_response())
}

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        let own = OwnFlow::find(&portal, &headers, &params).await?;
        let now = portal.clock.now();
        let waits = portal.store.find_half_sign_in(own.hash(), now).await?;
        Ok(match waits {
            Some(_) => ask(&portal, &headers, &own, Tried::NotYet),
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
    let now = portal.clock.now();
    let Some(this) = portal.store.try_half_sign_in(own.hash(), now).await? else {
        return Ok(to_login(&own));
    };
    let code = params.find("code").unwrap_or_default();
    let checked = check_factor(portal, &this.person, code, login::visit(peer, headers)).await?;
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
        Checked::Wrong => Ok(ask(portal, headers, &own, Tried::Wrong)),
        Checked::TooMany { until } => {
            let wait = until.duration_since(now);
            Ok(ask(portal, headers, &own, Tried::TooOften { wait }))
        }
    }
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
}

fn ask(portal: &Portal, headers: &HeaderMap, own: &OwnFlow, tried: Tried) -> Response {
    let frame = portal.pages.frame(own.language(headers));
    let (status, fault) = match tried {
        Tried::NotYet => (StatusCode::OK, None),
        Tried::Wrong => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(frame.t.code_wrong.clone()),
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
    };
    let mut response = pages::show(status, &page);
    if let Tried::TooOften { wait } = tried {
        login::retry_after(&mut response, wait);
    }
    response
}
