//! `GET /oauth2/jwks` (RFC 7517).

use axum::{Json, extract::State, http::header, response::IntoResponse};

use crate::portal::AppState;

pub(super) async fn jwks(State(portal): State<AppState>) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "public, max-age=300")],
        Json(portal.keys.public().clone()),
    )
}
