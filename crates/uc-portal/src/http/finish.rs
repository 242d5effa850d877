//! What every request gets: an id, a span, a problem as the body of an error, and the security headers.

use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use tracing::Instrument;
use uc_portal_api::{PROBLEM_JSON, Problem, ProblemCode};
use uuid::Uuid;

use super::ApiError;
use crate::{
    oidc::dpop::{DPOP, DPOP_NONCE},
    portal::{AppState, Portal},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The request's id in the log and in the answer. Made here; one that a client sends is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

/// Headers of every answer, unless its handler set its own. An answer is stored nowhere unless it says that it may be.
const HEADERS: [(HeaderName, &str); 8] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Wraps every request.
pub(super) async fn finish(
    State(portal): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId(portal.entropy.uuid(portal.clock.now()));
    request.extensions_mut().insert(id);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(String::new, |path| path.as_str().to_owned());
    let shows_proof = request.headers().contains_key(DPOP);
    let span = tracing::info_span!("request", id = %id.0, method = %request.method(), route);
    async move {
        let mut response = explain(next.run(request).await, id);
        tracing::info!(status = response.status().as_u16(), "answered");
        secure(response.headers_mut(), id);
        date(response.headers_mut(), portal.clock.now());
        if shows_proof {
            offer_nonce(response.headers_mut(), &portal);
        }
        response
    }
    .instrument(span)
    .await
}

/// Gives an error without a body of its own a problem.
fn explain(response: Response, id: RequestId) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || speaks_for_itself(&response) {
        return response;
    }
    let error = response
        .extensions()
        .get::<ApiError>()
        .cloned()
        .unwrap_or_else(|| ApiError::new(code(status)));
    let problem = Json(problem(&error, status, id));
    let mut explained = (status, problem).into_response();
    for (name, value) in response.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            explained.headers_mut().append(name, value.clone());
        }
    }
    explained
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    explained
}

/// Pages and OAuth errors bring their body; what extractors and layers say in plain text is for nobody.
fn speaks_for_itself(response: &Response) -> bool {
    response.extensions().get::<ApiError>().is_none()
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"))
}

fn problem(error: &ApiError, status: StatusCode, id: RequestId) -> Problem {
    let code = serde_json::to_value(error.code())
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default();
    Problem {
        kind: format!("urn:edinyi-klient:problem:{code}"),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        code: error.code(),
        request_id: id.0.to_string(),
        fields: error.fields().to_vec(),
    }
}

/// The reason behind a bare status.
fn code(status: StatusCode) -> ProblemCode {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ProblemCode::Unauthorized,
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
        StatusCode::TOO_MANY_REQUESTS => ProblemCode::TooManyRequests,
        StatusCode::SERVICE_UNAVAILABLE => ProblemCode::Unavailable,
        other if other.is_client_error() => ProblemCode::BadRequest,
        _ => ProblemCode::Internal,
    }
}

/// The nonce for the client's next proof (RFC 9449 §8.2).
fn offer_nonce(headers: &mut HeaderMap, portal: &Portal) {
    let nonce = portal.nonces.current(portal.clock.now());
    if let Ok(value) = HeaderValue::try_from(nonce) {
        headers.insert(DPOP_NONCE, value);
    }
}

fn secure(headers: &mut HeaderMap, id: RequestId) {
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
}

/// The portal's own time (RFC 9110 §6.6.1), by which clients correct theirs; without it hyper would tell the system's.
fn date(headers: &mut HeaderMap, now: Timestamp) {
    let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Some(value) = text.ok().and_then(|text| HeaderValue::try_from(text).ok()) {
        headers.insert(header::DATE, value);
    }
}
