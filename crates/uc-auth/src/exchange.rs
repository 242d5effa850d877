//! One request to the provider and its answer, before anybody looks into it.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http::header};

use crate::{AuthError, Check, TransportError, json};

/// Carries requests to the provider. Follows no redirects; bounds the answer's size and time.
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer, whatever its status.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;
}

/// What an endpoint may answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// JSON on success.
    Json,
    /// JSON on success; errors as the token endpoint has them, also JSON.
    Token,
    /// Only the status counts on success.
    Status,
}

/// The way to one endpoint, as openidconnect takes it.
pub(crate) struct Endpoint {
    transport: Arc<dyn Transport>,
    kind: Kind,
}

impl Endpoint {
    pub(crate) fn new(transport: &Arc<dyn Transport>, kind: Kind) -> Self {
        Self {
            transport: Arc::clone(transport),
            kind,
        }
    }
}

impl<'c> AsyncHttpClient<'c> for Endpoint {
    type Error = AuthError;
    type Future = BoxFuture<'c, Result<HttpResponse, AuthError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        send(&*self.transport, self.kind, request).boxed()
    }
}

/// Sends a request; what comes back is an answer of the protocol, in JSON that has one meaning.
pub(crate) async fn send(
    transport: &dyn Transport,
    kind: Kind,
    request: HttpRequest,
) -> Result<HttpResponse, AuthError> {
    let response = transport.send(request).await?;
    match (response.status().as_u16(), kind) {
        (200, Kind::Status) => Ok(response),
        (200, Kind::Json | Kind::Token) | (400 | 401, Kind::Token | Kind::Status) => {
            check_json(&response)?;
            Ok(response)
        }
        (429 | 503, _) => Err(AuthError::Busy {
            retry_after: retry_after(&response),
        }),
        _ => Err(AuthError::Failed),
    }
}

fn check_json(response: &HttpResponse) -> Result<(), AuthError> {
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| {
            let essence = essence.trim();
            essence.eq_ignore_ascii_case("application/json")
                || essence.eq_ignore_ascii_case("application/jwk-set+json")
        });
    let text = std::str::from_utf8(response.body()).unwrap_or_default();
    if !is_json || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Err(AuthError::Failed);
    }
    if json::is_unambiguous(response.body()) {
        Ok(())
    } else {
        Err(AuthError::Untrusted(Check::Json))
    }
}

/// In seconds; a date, or nonsense, counts as absent.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let seconds: u64 = response
        .headers()
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}
