//! `GET /oauth2/jwks` (RFC 7517).

use axum::{Json, extract::State, http::header, response::IntoResponse};

use super::error::OauthError;
use crate::portal::AppState;

pub(super) async fn jwks(State(portal): State<AppState>) -> Result<impl IntoResponse, OauthError> {
    portal.keys.tend(&*portal.store, portal.clock.now()).await?;
    Ok((
        [(header::CACHE_CONTROL, "public, max-age=300")],
        Json(portal.keys.public()),
    ))
}
