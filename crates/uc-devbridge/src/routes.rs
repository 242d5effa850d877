//! `POST /ipc/<command>`, `GET /events`, and the interface's files.

use std::{convert::Infallible, net::SocketAddr, path::Path, sync::Arc};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{
        IntoResponse as _, Response,
        sse::{Event as SseEvent, KeepAlive, Sse},
    },
    routing::{get, post},
};
use futures_util::{Stream, StreamExt as _};
use tokio_stream::wrappers::BroadcastStream;
use tower_http::services::ServeDir;
use uc_core::Core;
use uc_ipc::{Commands as _, IpcError};

/// The shell's policy without its IPC schemes.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'none'; \
    object-src 'none'; base-uri 'none'; form-action 'none'";

macro_rules! http_routes {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $output:ty;)+) => {
        fn commands() -> Router<Arc<Core>> {
            Router::new()$(.route(
                concat!("/ipc/", stringify!($name)),
                post(|State(core): State<Arc<Core>>, Json(request): Json<$request>| async move {
                    answer(core.$name(request).await)
                }),
            ))+
        }
    };
}
uc_ipc::for_each_command!(http_routes);

/// Every route, for the interface in `dist`, guarded against requests meant for another host.
pub(crate) fn router(core: Arc<Core>, dist: &Path, address: SocketAddr) -> Router {
    let guard =
        middleware::from_fn(move |request: Request, next: Next| guard(address, request, next));
    commands()
        .route("/events", get(events))
        .with_state(core)
        .fallback_service(ServeDir::new(dist))
        .layer(guard)
}

/// An answer as the interface expects it, told apart from whatever else may have status 200.
#[derive(serde::Serialize)]
struct Answer<T> {
    ok: T,
}

fn answer<T: serde::Serialize>(result: Result<T, IpcError>) -> Response {
    match result {
        Ok(ok) => Json(Answer { ok }).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

async fn events(
    State(core): State<Arc<Core>>,
) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let events = BroadcastStream::new(core.events())
        .filter_map(|event| async move { SseEvent::default().json_data(event.ok()?).ok().map(Ok) });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Refuses requests whose `Host` is another's (DNS rebinding), and sets the policy on what it serves.
async fn guard(address: SocketAddr, request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    if host != Some(address.to_string().as_str()) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let mut response = next.run(request).await;
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
