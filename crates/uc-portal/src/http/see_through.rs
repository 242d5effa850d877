//! Work that was begun is done, whether somebody still waits for its answer or not.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::sync::Semaphore;
use tracing::Instrument as _;

/// Carries a request out in a task of its own, so many at once. A handler that ended wherever it was when its client went
/// away would leave what it did half done: a right password, for one, counted as a guess that nobody settled. Who goes away
/// while waiting for a turn has begun nothing.
pub(super) async fn see_through(
    State(turns): State<Arc<Semaphore>>,
    request: Request,
    next: Next,
) -> Response {
    let Ok(turn) = turns.acquire_owned().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let work = async move {
        let response = next.run(request).await;
        drop(turn);
        response
    };
    match tokio::spawn(work.in_current_span()).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}
