//! Calls of the portal: with the session's access token, which is renewed by one at a time.

mod renewal;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Mutex as AsyncMutex;
use uc_auth::{
    AccessToken, AuthError, Channel, Client, Nonces, Proof, Provider, ServerClock, Transport,
    proof, retry_after,
};
use uc_ipc::{Connectivity, View};
use uc_model::IdempotencyKey;
use uc_portal_api::{
    DEVICE_PROOF, EVENTS_PATH, Endpoint, IDEMPOTENCY_KEY, Method, PROBLEM_JSON, Problem,
    ProblemCode,
};

use crate::{
    Core,
    core::PortalConfig,
    device_key,
    ports::{ByteStream, Clock, Http, HttpError, Limits},
};

/// What a session with the portal may ask for beside being who it is.
const SCOPES: [&str; 7] = [
    "profile",
    "email",
    "phone",
    "applications",
    "sessions",
    "notify",
    "offline_access",
];
/// An access token this close to its end is not used any more.
const MARGIN: Duration = Duration::from_secs(10);
/// The longest pause that a portal can ask for.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// The portal, as the core knows it.
pub(crate) struct Portal {
    client: Client,
    provider: AsyncMutex<Option<Arc<Provider>>>,
    access: Mutex<Option<Access>>,
    /// What provider and portal want to see in the next proof.
    pub(crate) provider_nonces: Nonces,
    pub(crate) nonces: Nonces,
    /// Held while the session is renewed, or another takes its place.
    pub(crate) renewing: AsyncMutex<()>,
}

/// An access token, and until when it is used.
#[derive(Clone)]
struct Access {
    token: AccessToken,
    /// By uptime; absent where the portal does not say.
    until: Option<Duration>,
}

/// One call of an endpoint.
pub(crate) struct Call<E: Endpoint> {
    id: String,
    query: E::Query,
    body: E::Body,
    key: Option<IdempotencyKey>,
    known: Option<String>,
    limits: Limits,
}

impl<E: Endpoint> Call<E> {
    /// A call with an ordinary answer, of an endpoint without parameter.
    pub(crate) const fn new(query: E::Query, body: E::Body) -> Self {
        Self {
            id: String::new(),
            query,
            body,
            key: None,
            known: None,
            limits: Limits::ANSWER,
        }
    }

    /// Names the resource: what stands in the path for `{id}`.
    pub(crate) fn of(mut self, id: impl std::fmt::Display) -> Self {
        self.id = id.to_string();
        self
    }

    /// For writes: a repeat with the same key is the same write.
    pub(crate) const fn with_key(mut self, key: IdempotencyKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Nothing is sent back when the answer is still the one with this `ETag`.
    pub(crate) fn unless(mut self, known: Option<String>) -> Self {
        self.known = known;
        self
    }

    /// For answers with whole pages of the catalogue or the feed.
    pub(crate) const fn in_pages(mut self) -> Self {
        self.limits = Limits::CATALOGUE;
        self
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    /// The answer, with its `ETag`.
    New(T, Option<String>),
    /// It is the one that is known already.
    Known,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PortalError {
    /// The portal cannot be reached; it certainly did not get the request.
    #[error("portal unreachable")]
    Offline,
    /// The connection broke: the portal may have got the request.
    #[error("connection interrupted")]
    Interrupted,
    /// Not the portal that is configured. It did not get the request.
    #[error("portal not trusted")]
    Untrusted,
    /// No session, or the portal refuses it. It did not carry the request out.
    #[error("sign-in required")]
    SignInRequired,
    /// The portal says why not.
    #[error("portal refused")]
    Problem {
        /// What it says.
        problem: Problem,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// The answer is none that the contract knows: the portal may have carried the request out.
    #[error("portal's answer malformed")]
    Malformed,
}

impl From<HttpError> for PortalError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Unreachable => Self::Offline,
            HttpError::Untrusted | HttpError::NotAllowed => Self::Untrusted,
            HttpError::Interrupted => Self::Interrupted,
            HttpError::TooLarge => Self::Malformed,
        }
    }
}

/// The network, as the relying party takes it. It listens to the provider's clock.
struct OidcTransport {
    http: Arc<dyn Http>,
    clock: Arc<dyn Clock>,
    server_clock: Arc<ServerClock>,
}

impl Transport for OidcTransport {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        async move {
            let response = self.http.send(request, Limits::ANSWER).await?;
            self.server_clock
                .learn(response.headers(), self.clock.uptime());
            Ok(response)
        }
        .boxed()
    }
}

impl Portal {
    pub(crate) fn new(config: &PortalConfig) -> Self {
        Self {
            client: Client {
                issuer: config.address.origin().ascii_serialization(),
                id: config.client_id.clone(),
                scopes: SCOPES.map(str::to_owned).to_vec(),
            },
            provider: AsyncMutex::new(None),
            access: Mutex::new(None),
            provider_nonces: Nonces::default(),
            nonces: Nonces::default(),
            renewing: AsyncMutex::new(()),
        }
    }

    /// The provider as it describes itself now.
    pub(crate) async fn discover(
        &self,
        transport: &Arc<dyn Transport>,
    ) -> Result<Arc<Provider>, AuthError> {
        let provider = Provider::discover(self.client.clone(), transport).await?;
        let provider = Arc::new(provider);
        *self.provider.lock().await = Some(Arc::clone(&provider));
        Ok(provider)
    }

    /// The provider as it described itself last.
    pub(crate) async fn provider(
        &self,
        transport: &Arc<dyn Transport>,
    ) -> Result<Arc<Provider>, AuthError> {
        let known = self.provider.lock().await.clone();
        match known {
            Some(provider) => Ok(provider),
            None => self.discover(transport).await,
        }
    }

    /// Takes an access token over, which arrived at this uptime.
    pub(crate) fn keep_access(&self, token: AccessToken, uptime: Duration) {
        *self.access() = Some(Access {
            until: token
                .expires_in
                .map(|life| uptime.saturating_add(life).saturating_sub(MARGIN)),
            token,
        });
    }

    /// Forgets the access token.
    pub(crate) fn forget_access(&self) {
        *self.access() = None;
    }

    fn access(&self) -> MutexGuard<'_, Option<Access>> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is the token in hand: one of an earlier session says nothing of this one.
    fn holds(&self, token: &AccessToken) -> bool {
        let access = self.access();
        let in_hand = access.as_ref().map(|access| access.token.secret.expose());
        in_hand == Some(token.secret.expose())
    }

    /// The token in hand, unless it is the refused one or too old.
    fn usable(&self, refused: Option<&AccessToken>, uptime: Duration) -> Option<AccessToken> {
        let access = self.access().clone()?;
        let fresh = access.until.is_none_or(|until| uptime < until);
        let accepted =
            refused.is_none_or(|refused| refused.secret.expose() != access.token.secret.expose());
        (fresh && accepted).then_some(access.token)
    }
}

impl Core {
    /// Calls the portal; with an access token where the endpoint needs one, renewed once if the portal refuses it.
    pub(crate) async fn call<E: Endpoint>(
        &self,
        call: Call<E>,
    ) -> Result<Answer<E::Response>, PortalError> {
        if !E::AUTHENTICATED {
            return self.call_openly(call).await;
        }
        let token = self.access_token(None).await?;
        let mut response = self.exchange(&call, Some(&token)).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            let renewed = self.access_token(Some(&token)).await?;
            response = self.exchange(&call, Some(&renewed)).await?;
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(PortalError::SignInRequired);
        }
        let answer = read_answer(&response);
        if answer.as_ref().is_err_and(is_unproven) {
            return Box::pin(self.call_again(&call)).await;
        }
        answer
    }

    /// Calls an endpoint that needs no access token, and reads its answer as the caller likes.
    pub(crate) async fn call_openly<E: Endpoint, T: DeserializeOwned>(
        &self,
        call: Call<E>,
    ) -> Result<Answer<T>, PortalError> {
        read_answer(&self.exchange(&call, None).await?)
    }

    /// The portal took no proof of the device's key. It has told its time by now, and a proof of that time may be taken;
    /// else it knows another key of this device, and a new session takes the one that there is.
    async fn call_again<E: Endpoint>(
        &self,
        call: &Call<E>,
    ) -> Result<Answer<E::Response>, PortalError> {
        let token = self.access_token(None).await?;
        let answer = read_answer(&self.exchange(call, Some(&token)).await?);
        if answer.as_ref().is_err_and(is_unproven) {
            if self.portal.holds(&token) {
                self.need_sign_in();
            }
            return Err(PortalError::SignInRequired);
        }
        answer
    }

    /// As `call`, with a token that belongs to no open session yet.
    pub(crate) async fn call_with<E: Endpoint>(
        &self,
        call: Call<E>,
        token: &AccessToken,
    ) -> Result<Answer<E::Response>, PortalError> {
        read_answer(&self.exchange(&call, Some(token)).await?)
    }

    /// Opens the stream of hints. Its end, or an error in it, is the connection's.
    pub(crate) async fn open_hints(
        &self,
        last_id: Option<&str>,
    ) -> Result<ByteStream, PortalError> {
        let token = self.access_token(None).await?;
        let mut response = self.request_hints(last_id, &token).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            let renewed = self.access_token(Some(&token)).await?;
            response = self.request_hints(last_id, &renewed).await?;
        }
        match response.status() {
            StatusCode::OK => Ok(response.into_body()),
            StatusCode::UNAUTHORIZED => Err(PortalError::SignInRequired),
            _ => Err(PortalError::Malformed),
        }
    }

    async fn request_hints(
        &self,
        last_id: Option<&str>,
        token: &AccessToken,
    ) -> Result<http::Response<ByteStream>, PortalError> {
        let response = self.request_hints_once(last_id, token).await?;
        let heard = self.portal.nonces.learn(response.headers());
        if heard && proof::wants_nonce(response.status(), response.headers(), &[]) {
            return self.request_hints_once(last_id, token).await;
        }
        Ok(response)
    }

    async fn request_hints_once(
        &self,
        last_id: Option<&str>,
        token: &AccessToken,
    ) -> Result<http::Response<ByteStream>, PortalError> {
        let address = self.config.portal.address.join(EVENTS_PATH);
        let address = address.map_err(|_| PortalError::Malformed)?;
        let mut request = http::Request::get(address.as_str());
        request = request.header(header::ACCEPT, "text/event-stream");
        request = self.authorize(request, token, &http::Method::GET, &address)?;
        if let Some(id) = last_id {
            request = request.header("last-event-id", id);
        }
        let request = request
            .body(Vec::new())
            .map_err(|_| PortalError::Malformed)?;
        let response = self.ports.http.open_stream(request).await;
        self.note(&response);
        Ok(response?)
    }

    /// A nonce that the portal wants to see in the proof is given once.
    async fn exchange<E: Endpoint>(
        &self,
        call: &Call<E>,
        token: Option<&AccessToken>,
    ) -> Result<http::Response<Vec<u8>>, PortalError> {
        let response = self.exchange_once(call, token).await?;
        let heard = self.portal.nonces.learn(response.headers());
        let (status, headers) = (response.status(), response.headers());
        if heard && token.is_some() && proof::wants_nonce(status, headers, &[]) {
            return self.exchange_once(call, token).await;
        }
        Ok(response)
    }

    async fn exchange_once<E: Endpoint>(
        &self,
        call: &Call<E>,
        token: Option<&AccessToken>,
    ) -> Result<http::Response<Vec<u8>>, PortalError> {
        let request = self.build(call, token)?;
        let response = self.ports.http.send(request, call.limits).await;
        self.note(&response);
        Ok(response?)
    }

    fn build<E: Endpoint>(
        &self,
        call: &Call<E>,
        token: Option<&AccessToken>,
    ) -> Result<http::Request<Vec<u8>>, PortalError> {
        let path = uc_portal_api::path::<E>(&call.id);
        let address = self.config.portal.address.join(&path);
        let mut address = address.map_err(|_| PortalError::Malformed)?;
        append_query(&mut address, &call.query)?;
        let method = method(E::METHOD);
        let mut request = http::Request::builder()
            .method(method.clone())
            .uri(address.as_str())
            .header(header::ACCEPT, "application/json");
        if let Some(token) = token {
            request = self.authorize(request, token, &method, &address)?;
        }
        if let Some(key) = call.key {
            request = request.header(IDEMPOTENCY_KEY, key.to_string());
        }
        if let Some(known) = &call.known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        let body = write_body(&call.body)?;
        if let Some(token) = token.filter(|_| E::DEVICE_PROVEN)
            && let Some(proof) = device_key::sign(self, token, &method, &address, &body)
        {
            request = request.header(DEVICE_PROOF, proof);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request.body(body).map_err(|_| PortalError::Malformed)
    }

    /// Shows the token, and the proof that it is ours where it is bound to a key.
    fn authorize(
        &self,
        request: http::request::Builder,
        token: &AccessToken,
        method: &http::Method,
        address: &url::Url,
    ) -> Result<http::request::Builder, PortalError> {
        let shown = token.authorization().ok_or(PortalError::Malformed)?;
        let request = request.header(header::AUTHORIZATION, shown);
        let Some(key) = &token.proof_key else {
            return Ok(request);
        };
        let proof = key.prove(&Proof {
            method,
            address,
            access: Some(&token.secret),
            nonce: self.portal.nonces.newest().as_deref(),
            at: self.server_now(),
            id: &Proof::new_id(&mut self.rng()),
            body: None,
        });
        Ok(request.header(proof::DPOP, proof))
    }

    /// The way to the OpenID provider, for the relying party.
    pub(crate) fn oidc_transport(&self) -> Arc<dyn Transport> {
        Arc::new(OidcTransport {
            http: Arc::clone(&self.ports.http),
            clock: Arc::clone(&self.ports.clock),
            server_clock: Arc::clone(&self.server_clock),
        })
    }

    /// The way to the provider at this moment.
    pub(crate) fn channel<'a>(&'a self, transport: &'a Arc<dyn Transport>) -> Channel<'a> {
        Channel {
            transport,
            nonces: &self.portal.provider_nonces,
            now: self.now(),
            server_now: self.server_now(),
        }
    }

    /// Now, by the portal's clock as far as it was heard of; else by ours.
    pub(crate) fn server_now(&self) -> Timestamp {
        let heard = self.server_clock.now(self.clock().uptime());
        heard.unwrap_or_else(|| self.now())
    }

    /// What every answer tells: that there was one, and the portal's time.
    fn note<T>(&self, outcome: &Result<http::Response<T>, HttpError>) {
        if let Ok(response) = outcome {
            let uptime = self.clock().uptime();
            self.server_clock.learn(response.headers(), uptime);
        }
        self.note_connectivity(outcome);
    }

    fn note_connectivity<T>(&self, outcome: &Result<T, HttpError>) {
        let found = match outcome {
            Ok(_) | Err(HttpError::TooLarge) => Connectivity::Online,
            Err(HttpError::NotAllowed) => return,
            Err(HttpError::Unreachable | HttpError::Untrusted | HttpError::Interrupted) => {
                Connectivity::Offline
            }
        };
        let before = std::mem::replace(&mut self.state().connectivity, found);
        if before != found {
            self.changed(View::Session);
        }
    }
}

fn is_unproven(error: &PortalError) -> bool {
    matches!(error, PortalError::Problem { problem, .. } if problem.code == ProblemCode::DeviceNotProven)
}

fn read_answer<T: DeserializeOwned>(
    response: &http::Response<Vec<u8>>,
) -> Result<Answer<T>, PortalError> {
    let status = response.status();
    if status == StatusCode::NOT_MODIFIED {
        return Ok(Answer::Known);
    }
    let kind = essence(response.headers());
    if status.is_success() && kind == "application/json" {
        let body = serde_json::from_slice(response.body()).map_err(|_| PortalError::Malformed)?;
        return Ok(Answer::New(body, text(response.headers(), header::ETAG)));
    }
    if !status.is_success() && kind == PROBLEM_JSON {
        let problem =
            serde_json::from_slice(response.body()).map_err(|_| PortalError::Malformed)?;
        return Err(PortalError::Problem {
            problem,
            retry_after: retry_after(response.headers()).map(|pause| pause.min(LONGEST_PAUSE)),
        });
    }
    Err(PortalError::Malformed)
}

fn essence(headers: &HeaderMap) -> String {
    let kind = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

const fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Put => http::Method::PUT,
        Method::Post => http::Method::POST,
    }
}

/// Members of the query's struct, as far as they are there.
fn append_query(address: &mut url::Url, query: &impl serde::Serialize) -> Result<(), PortalError> {
    let query = serde_json::to_value(query).map_err(|_| PortalError::Malformed)?;
    let Value::Object(members) = query else {
        return Ok(());
    };
    for (name, value) in members {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                other.to_string()
            }
        };
        address.query_pairs_mut().append_pair(&name, &text);
    }
    Ok(())
}

/// JSON; nothing for `()`.
fn write_body(body: &impl serde::Serialize) -> Result<Vec<u8>, PortalError> {
    let bytes = serde_json::to_vec(body).map_err(|_| PortalError::Malformed)?;
    Ok(if bytes == b"null" { Vec::new() } else { bytes })
}
