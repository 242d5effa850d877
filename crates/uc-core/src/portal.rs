//! Calls of the portal: with the session's access token, which is renewed by one at a time.

mod call;
mod renewal;

pub(crate) use call::Call;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use http::{StatusCode, header};
use jiff::Timestamp;
use tokio::sync::Mutex as AsyncMutex;
use uc_auth::{
    AccessToken, AuthError, Channel, Client, Nonces, Proof, Provider, ServerClock, Transport, proof,
};
use uc_ipc::{Connectivity, View};
use uc_portal_api::{EVENTS_PATH, Problem};

use crate::{
    Core,
    core::PortalConfig,
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
