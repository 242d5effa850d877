//! Is it alive, and is it ready.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use uc_portal_api::ProblemCode;

use super::ApiError;
use crate::portal::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
}

/// 503 while the portal stops or its store does not write.
async fn ready(State(portal): State<AppState>) -> Result<(StatusCode, &'static str), ApiError> {
    if portal.draining.is_cancelled() {
        return Err(ApiError::new(ProblemCode::Unavailable));
    }
    portal.store.check().await?;
    Ok((StatusCode::OK, "ready\n"))
}
