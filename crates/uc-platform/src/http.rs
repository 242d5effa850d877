//! HTTPS: TLS 1.3 only, the portal's own certificate authority where one is configured, no redirects, bounded answers.

use std::{
    error::Error,
    sync::{PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture};
use reqwest::{Certificate, Client, ClientBuilder, redirect, tls};
use rustls::crypto::CryptoProvider;
use uc_core::ports::{ByteStream, Http, HttpError, Limits};

use crate::PortalSettings;

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// The longest silence of a stream; the portal sends a sign of life more often.
const SILENCE: Duration = Duration::from_mins(1);

/// Why the network cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The program chose no TLS provider: `install_default` comes first.
    #[error("no TLS provider")]
    NoProvider,
    /// The certificate authority is none.
    #[error("certificate authority of the portal cannot be read")]
    Authority(#[source] reqwest::Error),
    /// No TLS.
    #[error("network cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// Requests by reqwest over rustls, with the provider that the program installed.
#[derive(Debug)]
pub struct RustlsHttp {
    portal: PortalSettings,
    clients: RwLock<Clients>,
}

/// What holds connections.
#[derive(Debug)]
struct Clients {
    answers: Client,
    streams: Client,
}

impl Clients {
    fn new(portal: &PortalSettings) -> Result<Self, SetUpError> {
        Ok(Self {
            answers: builder(portal)?.build().map_err(SetUpError::Client)?,
            streams: builder(portal)?
                .read_timeout(SILENCE)
                .build()
                .map_err(SetUpError::Client)?,
        })
    }
}

impl RustlsHttp {
    /// Trusts exactly the portal's authority where one is configured, and the system's roots where none is.
    pub fn new(portal: &PortalSettings) -> Result<Self, SetUpError> {
        if CryptoProvider::get_default().is_none() {
            return Err(SetUpError::NoProvider);
        }
        Ok(Self {
            clients: RwLock::new(Clients::new(portal)?),
            portal: portal.clone(),
        })
    }

    fn clients(&self) -> RwLockReadGuard<'_, Clients> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn builder(portal: &PortalSettings) -> Result<ClientBuilder, SetUpError> {
    let mut builder = Client::builder()
        .tls_version_min(tls::Version::TLS_1_3)
        .https_only(true)
        .redirect(redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT);
    if let Some(pem) = &portal.authority {
        let authority = Certificate::from_pem_bundle(pem).map_err(SetUpError::Authority)?;
        builder = builder.tls_certs_only(authority);
    }
    if portal.is_on_this_machine() {
        builder = builder.no_proxy();
    }
    Ok(builder)
}

impl Http for RustlsHttp {
    fn send(
        &self,
        request: ::http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<::http::Response<Vec<u8>>, HttpError>> {
        async move {
            let mut request = convert(request)?;
            *request.timeout_mut() = Some(limits.total);
            let client = self.clients().answers.clone();
            let response = client
                .execute(request)
                .await
                .map_err(|error| read_error(&error))?;
            refuse_announced(&response, limits.body_bytes)?;
            let (head, body) = split(response);
            Ok(::http::Response::from_parts(
                head,
                collect(body, limits.body_bytes).await?,
            ))
        }
        .boxed()
    }

    fn open_stream(
        &self,
        request: ::http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<::http::Response<ByteStream>, HttpError>> {
        async move {
            let request = convert(request)?;
            let client = self.clients().streams.clone();
            let response = client
                .execute(request)
                .await
                .map_err(|error| read_error(&error))?;
            let (head, body) = split(response);
            Ok(::http::Response::from_parts(head, body))
        }
        .boxed()
    }

    fn disconnect(&self) {
        match Clients::new(&self.portal) {
            Ok(fresh) => {
                *self.clients.write().unwrap_or_else(PoisonError::into_inner) = fresh;
            }
            Err(error) => tracing::warn!(%error, "connections stay"),
        }
    }
}

fn convert(request: ::http::Request<Vec<u8>>) -> Result<reqwest::Request, HttpError> {
    if request.uri().scheme_str() != Some("https") {
        return Err(HttpError::NotAllowed);
    }
    reqwest::Request::try_from(request).map_err(|_| HttpError::NotAllowed)
}

fn split(response: reqwest::Response) -> (::http::response::Parts, ByteStream) {
    let mut head = ::http::Response::new(()).into_parts().0;
    head.status = response.status();
    head.version = response.version();
    head.headers = response.headers().clone();
    let pieces = response.bytes_stream().map(|piece| match piece {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(_) => Err(HttpError::Interrupted),
    });
    (head, pieces.boxed())
}

/// What says of itself that it is too large is not read at all.
fn refuse_announced(response: &reqwest::Response, limit: usize) -> Result<(), HttpError> {
    match response.content_length() {
        Some(length) if length > limit as u64 => Err(HttpError::TooLarge),
        Some(_) | None => Ok(()),
    }
}

/// The limit counts what a compressed body grows to.
async fn collect(mut body: ByteStream, limit: usize) -> Result<Vec<u8>, HttpError> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        let piece = piece?;
        if bytes.len() + piece.len() > limit {
            return Err(HttpError::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn read_error(error: &reqwest::Error) -> HttpError {
    tracing::debug!(error = error as &dyn Error, "no answer");
    if is_certificate_error(error) {
        HttpError::Untrusted
    } else if error.is_builder() {
        HttpError::NotAllowed
    } else if error.is_connect() {
        HttpError::Unreachable
    } else {
        HttpError::Interrupted
    }
}

/// Whether the TLS handshake failed: then the other side is not who it should be, or speaks an older TLS.
fn is_certificate_error(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(tls) = find_tls_error(error) {
            return !matches!(tls, rustls::Error::InvalidMessage(_));
        }
        source = error.source();
    }
    false
}

/// I/O errors wrap others without naming them as their source.
fn find_tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    match error.downcast_ref::<std::io::Error>() {
        Some(io) => find_tls_error(io.get_ref()?),
        None => error.downcast_ref(),
    }
}

#[cfg(test)]
mod tests;
