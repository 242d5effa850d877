//! `POST /oauth2/par`: a client sends its authorization request ahead, past the browser (RFC 9126).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
};
use jiff::ToSpan;
use serde::Serialize;

use super::{
    PAR, ProofError, Thumbprint,
    client_auth::{authenticate, form},
    dpop::{DpopError, Shown},
    error::OauthError,
    read_request::{self, Checks},
};
use crate::{
    entropy::TokenHash,
    portal::{AppState, Portal},
    store::PushedRequest,
};

/// How a request URI begins (RFC 9126 §2.2).
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";
const REQUEST_SECONDS: i64 = 90;

#[derive(Serialize)]
pub(super) struct Pushed {
    request_uri: String,
    expires_in: i64,
}

/// What the store knows a request URI by; `None` for one that we never give.
pub(super) fn request_id(uri: &str) -> Option<TokenHash> {
    uri.strip_prefix(REQUEST_URI).map(TokenHash::of)
}

pub(super) async fn push(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Pushed>), OauthError> {
    let params = form(&headers, &body)?;
    let client = authenticate(&portal, &headers, &params).await?;
    let redirect_uri = params
        .find("redirect_uri")
        .filter(|uri| client.redirects_to(uri))
        .ok_or(OauthError::InvalidRequest)?;
    let named = read_request::named_key(&params).map_err(OauthError::Authorization)?;
    let key = bound_key(&portal, &headers, named).await?;
    // A request URI in a pushed request is refused by name there (RFC 9126 §2.1).
    let request = read_request::read(Checks::of(&portal), client, redirect_uri, key, &params)
        .map_err(OauthError::Authorization)?;
    let id = portal.entropy.token();
    let now = portal.clock.now();
    let pushed = PushedRequest {
        id: TokenHash::of(id.expose()),
        request,
        expires_at: now + REQUEST_SECONDS.seconds(),
    };
    portal.store.insert_pushed_request(pushed, now).await?;
    let answer = Pushed {
        request_uri: format!("{REQUEST_URI}{}", id.expose()),
        expires_in: REQUEST_SECONDS,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The key that the code is to be bound to: shown by a proof, named by `dpop_jkt`, or both (RFC 9449 §10.1).
async fn bound_key(
    portal: &Portal,
    headers: &HeaderMap,
    named: Option<Thumbprint>,
) -> Result<Option<Thumbprint>, DpopError> {
    let shown = Shown {
        method: &Method::POST,
        path: PAR,
        headers,
        access_token: None,
    };
    match (shown.proven_key(portal).await?, named) {
        (Some(proven), Some(named)) if proven != named => Err(ProofError::OtherKey.into()),
        (proven, named) => Ok(proven.or(named)),
    }
}
