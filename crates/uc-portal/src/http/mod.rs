//! HTTP: routers of the areas merged, and what holds for all of them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::StatusCode,
    middleware,
    routing::{MethodFilter, on},
};
use tokio::sync::Semaphore;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer,
};
use uc_portal_api::{Endpoint, Method, ProblemCode};

use crate::{
    accounts, applications, catalogue, device_proof, feed, files, oidc, pages, portal::AppState,
    senders,
};

pub(crate) mod access;
mod error;
mod finish;
mod health;
mod openapi;
mod person;
mod profile;
mod see_through;
#[cfg(test)]
mod tests;

pub use error::ApiError;
pub use finish::RequestId;
pub use person::Person;

/// Bytes in a request's body, at most.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// Requests worked on at once; more wait.
const AT_ONCE: usize = 256;

/// A request is answered or given up by then. Streams are bounded until their head only.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// A slow network brings its files by then.
const UPLOAD_WITHIN: Duration = Duration::from_mins(10);

/// Forms with files taken at once: each may be in memory as a whole.
const UPLOADS_AT_ONCE: usize = 8;

/// The whole portal as one service.
pub fn router(portal: AppState) -> Router {
    areas()
        .layer(bodies(MAX_BODY_BYTES))
        .layer(within(ANSWER_WITHIN))
        .merge(uploads())
        .fallback(|| async { ApiError::new(ProblemCode::NotFound) })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(
            Arc::new(Semaphore::new(AT_ONCE)),
            see_through::see_through,
        ))
        .layer(middleware::from_fn_with_state(
            portal.clone(),
            finish::finish,
        ))
        .with_state(portal)
}

/// Pages whose forms bring files.
fn uploads() -> Router<AppState> {
    oidc::uploads()
        .layer(bodies(oidc::MAX_FORM_BYTES))
        .layer(within(UPLOAD_WITHIN))
        .layer(GlobalConcurrencyLimitLayer::new(UPLOADS_AT_ONCE))
}

fn bodies(max: usize) -> (DefaultBodyLimit, RequestBodyLimitLayer) {
    (DefaultBodyLimit::max(max), RequestBodyLimitLayer::new(max))
}

fn within(time: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time)
}

/// Each area brings its own router.
fn areas() -> Router<AppState> {
    Router::new()
        .merge(health::router())
        .merge(openapi::router())
        .merge(oidc::router())
        .merge(pages::router())
        .merge(profile::router())
        .merge(catalogue::router())
        .merge(applications::router())
        .merge(feed::router())
        .merge(files::router())
        .merge(senders::router())
        .merge(accounts::router())
        .merge(device_proof::router())
}

/// Mounts a handler where its endpoint is written to be.
pub fn route<E, H, T>(handler: H) -> Router<AppState>
where
    E: Endpoint,
    H: Handler<T, AppState>,
    T: 'static,
{
    let method = match E::METHOD {
        Method::Get => MethodFilter::GET,
        Method::Put => MethodFilter::PUT,
        Method::Post => MethodFilter::POST,
    };
    Router::new().route(E::PATH, on(method, handler))
}
