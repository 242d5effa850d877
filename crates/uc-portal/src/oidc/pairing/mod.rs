//! Signing in on a device that has no browser: it shows a code, and the person allows it elsewhere (RFC 8628).

use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use jiff::ToSpan;
use serde::Serialize;

use super::{
    DEVICE, DeviceGrant, Scope, ScopeToken,
    client_auth::{authenticate, form},
    error::OauthError,
};
use crate::{entropy::TokenHash, portal::AppState, store::NewPairing};

mod page;
mod user_code;

pub(super) use page::{show, submit};
use user_code::UserCode;

/// As clients name this grant at the token endpoint.
pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const WAIT_SECONDS: i64 = 600;
/// Between two questions of a device, and how much longer that gets when it asks too soon (RFC 8628 §3.5).
pub(super) const PAUSE_SECONDS: i64 = 5;

#[derive(Serialize)]
pub(super) struct Begun {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: i64,
}

/// `POST /oauth2/device_authorization`.
pub(super) async fn begin(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Begun>, OauthError> {
    let params = form(&headers, &body)?;
    let client = authenticate(&portal, &headers, &params).await?;
    match client.device_grant {
        DeviceGrant::Allowed => {}
        DeviceGrant::Refused => return Err(OauthError::UnauthorizedClient),
    }
    let scope = Scope::parse(params.find("scope").unwrap_or_default());
    if !scope.contains(ScopeToken::Openid) {
        return Err(OauthError::Authorization("invalid_scope"));
    }
    let device_code = portal.entropy.token();
    let user_code = UserCode::draw(&portal.entropy);
    let now = portal.clock.now();
    let pairing = NewPairing {
        code: TokenHash::of(device_code.expose()),
        user_code: user_code.hash(),
        client: client.id.clone(),
        scope,
        pause_seconds: PAUSE_SECONDS,
        expires_at: now + WAIT_SECONDS.seconds(),
    };
    portal.store.insert_pairing(pairing, now).await?;
    let verification_uri = portal.issuer.url(DEVICE);
    Ok(Json(Begun {
        device_code: device_code.expose().clone(),
        verification_uri_complete: format!("{verification_uri}?user_code={user_code}"),
        user_code: user_code.to_string(),
        verification_uri,
        expires_in: WAIT_SECONDS,
        interval: PAUSE_SECONDS,
    }))
}
