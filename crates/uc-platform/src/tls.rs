//! HTTPS by reqwest and rustls: TLS 1.3 only, no redirects, exactly the trusted authority.

use std::{error::Error as _, time::Duration};

use futures_util::{StreamExt as _, TryStreamExt as _, future::BoxFuture};
use reqwest::{Certificate, Client, redirect, tls};
use uc_core::ports::{ByteStream, Http, HttpError, Limits};

use crate::TrustedAuthority;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a stream may be silent: servers send a sign of life more often.
const SILENCE: Duration = Duration::from_secs(60);

/// The network, over rustls.
#[derive(Debug, Clone)]
pub struct RustlsHttp(Client);

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate cannot be read, or the library refuses the settings.
    #[error("certificate cannot be used")]
    Certificate(#[from] reqwest::Error),
}

impl RustlsHttp {
    /// Trusts exactly `authority`, or the system's authorities where there is none.
    pub fn new(authority: Option<&TrustedAuthority>) -> Result<Self, TlsError> {
        // Another part of the process may have chosen the same provider before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .https_only(true)
            .tls_version_min(tls::Version::TLS_1_3)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE);
        if let Some(authority) = authority {
            builder = builder.tls_certs_only([Certificate::from_pem(authority.pem())?]);
        }
        Ok(Self(builder.build()?))
    }
}

impl Http for RustlsHttp {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        Box::pin(async move {
            let exchange = async {
                let response = self.start(request).await?;
                let (parts, body) = split(response);
                Ok(http::Response::from_parts(
                    parts,
                    collect(body, limits.body_bytes).await?,
                ))
            };
            tokio::time::timeout(limits.total, exchange)
                .await
                .unwrap_or(Err(HttpError::Interrupted))
        })
    }

    fn open_stream(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, HttpError>> {
        Box::pin(async move {
            let (parts, body) = split(self.start(request).await?);
            Ok(http::Response::from_parts(parts, body))
        })
    }
}

impl RustlsHttp {
    async fn start(&self, request: http::Request<Vec<u8>>) -> Result<reqwest::Response, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(|_| HttpError::NotAllowed)?;
        self.0.execute(request).await.map_err(|error| kind(&error))
    }
}

fn split(response: reqwest::Response) -> (http::response::Parts, ByteStream) {
    let mut head = http::Response::new(());
    *head.status_mut() = response.status();
    *head.version_mut() = response.version();
    *head.headers_mut() = response.headers().clone();
    let body = response
        .bytes_stream()
        .map_ok(|bytes| bytes.to_vec())
        .map_err(|error| kind(&error))
        .boxed();
    (head.into_parts().0, body)
}

async fn collect(mut body: ByteStream, most: usize) -> Result<Vec<u8>, HttpError> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.try_next().await? {
        if bytes.len() + piece.len() > most {
            return Err(HttpError::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn kind(error: &reqwest::Error) -> HttpError {
    if error.is_builder() {
        HttpError::NotAllowed
    } else if is_distrust(error) {
        HttpError::Untrusted
    } else if error.is_connect() {
        HttpError::Unreachable
    } else {
        HttpError::Interrupted
    }
}

/// Looks for a refused certificate among the error's causes.
fn is_distrust(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes
        .filter_map(tls_error)
        .any(|cause| matches!(cause, rustls::Error::InvalidCertificate(_)))
}

/// The TLS library's error, which may be wrapped in an I/O error that does not name it as its source.
fn tls_error<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    cause.downcast_ref().or_else(|| {
        let wrapped = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
        wrapped.downcast_ref()
    })
}

#[cfg(test)]
mod tests;
