//! `POST /oauth2/revoke` (RFC 7009).

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};

use super::{
    client_auth::{authenticate, form},
    error::OauthError,
};
use crate::{entropy::TokenHash, portal::AppState};

/// 200 whether the token was known or not.
pub(super) async fn revoke(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, OauthError> {
    let params = form(&headers, &body)?;
    let client = authenticate(&portal, &headers, &params).await?.id.clone();
    let token = params.find("token").ok_or(OauthError::InvalidRequest)?;
    let (store, now) = (&portal.store, portal.clock.now());
    if let Some(refresh) = portal.refresh_tokens.read(token) {
        store.give_back_grant(refresh.grant, client, now).await?;
    } else {
        let access = TokenHash::dated(token);
        store.revoke_access_token(access, client).await?;
    }
    Ok(StatusCode::OK)
}
