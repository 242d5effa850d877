//! One request to the provider and its answer, before anybody looks into it.

use std::sync::Arc;

use futures_util::{FutureExt as _, future::BoxFuture};
use http::HeaderValue;
use jiff::Timestamp;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http::header};
use rand::CryptoRng;
use uc_model::SecretString;

use crate::{
    AuthError, Check, Nonces, Proof, ProofKey, TransportError, json,
    proof::{DPOP, wants_nonce},
    retry_after,
};

/// Carries requests to the provider. Follows no redirects; bounds the answer's size and time.
pub trait Transport: Send + Sync {
    /// Sends a request and reads the whole answer, whatever its status.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;
}

/// The way to the provider, and what is known of its time and its wishes.
#[derive(Clone, Copy)]
pub struct Channel<'a> {
    /// Carries requests.
    pub transport: &'a Arc<dyn Transport>,
    /// What the provider wants to see in proofs.
    pub nonces: &'a Nonces,
    /// Now, by the device's clock.
    pub now: Timestamp,
    /// Now, by the provider's clock as far as it was heard of; else the device's.
    pub server_now: Timestamp,
}

/// What an endpoint may answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// JSON on success.
    Json,
    /// JSON on success; errors as the token endpoint has them, also JSON.
    Token,
    /// The same, with the status of something made.
    Pushed,
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
    check_answer(kind, transport.send(request).await?)
}

fn check_answer(kind: Kind, response: HttpResponse) -> Result<HttpResponse, AuthError> {
    match (response.status().as_u16(), kind) {
        (200, Kind::Status) => Ok(response),
        (200, Kind::Json | Kind::Token)
        | (201, Kind::Pushed)
        | (400 | 401, Kind::Token | Kind::Pushed | Kind::Status) => {
            check_json(&response)?;
            Ok(response)
        }
        (429 | 503, _) => Err(AuthError::Busy {
            retry_after: retry_after(response.headers()),
        }),
        _ => Err(AuthError::Failed),
    }
}

/// What proves a request: the key, and an id for it and for its repetition.
pub(crate) struct Proving<'a> {
    key: &'a ProofKey,
    ids: [String; 2],
    access: Option<&'a SecretString>,
}

impl<'a> Proving<'a> {
    /// For a request that shows no access token.
    pub(crate) fn new(key: &'a ProofKey, rng: &mut impl CryptoRng) -> Self {
        Self {
            key,
            ids: [Proof::new_id(rng), Proof::new_id(rng)],
            access: None,
        }
    }

    /// For a request that shows this token.
    pub(crate) fn of(self, access: &'a SecretString) -> Self {
        Self {
            access: Some(access),
            ..self
        }
    }

    fn sign(
        &self,
        mut request: HttpRequest,
        id: &str,
        channel: Channel<'_>,
    ) -> Result<HttpRequest, AuthError> {
        let unusable = AuthError::Untrusted(Check::Metadata);
        let address = request.uri().to_string().parse().map_err(|_| unusable)?;
        let proof = self.key.prove(&Proof {
            method: request.method(),
            address: &address,
            access: self.access,
            nonce: channel.nonces.newest().as_deref(),
            at: channel.server_now,
            id,
            body: None,
        });
        let proof = HeaderValue::try_from(proof).map_err(|_| unusable)?;
        request.headers_mut().insert(DPOP, proof);
        Ok(request)
    }
}

/// As [`send`], with a proof where there is a key. A nonce that is demanded is given once.
pub(crate) async fn send_proved(
    channel: Channel<'_>,
    kind: Kind,
    request: HttpRequest,
    proving: Option<&Proving<'_>>,
) -> Result<HttpResponse, AuthError> {
    let Some(proving) = proving else {
        return send(&**channel.transport, kind, request).await;
    };
    let [first, second] = &proving.ids;
    let signed = proving.sign(request.clone(), first, channel)?;
    let mut response = channel.transport.send(signed).await?;
    let heard = channel.nonces.learn(response.headers());
    if heard && wants_nonce(response.status(), response.headers(), response.body()) {
        let signed = proving.sign(request, second, channel)?;
        response = channel.transport.send(signed).await?;
        channel.nonces.learn(response.headers());
    }
    check_answer(kind, response)
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
