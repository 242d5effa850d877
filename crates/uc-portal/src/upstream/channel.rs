//! Requests to an identity provider: TLS 1.3 only, no redirects, bounded answers.

use std::{error::Error, time::Duration};

use reqwest::{Certificate, Client, RequestBuilder, StatusCode, header, redirect, tls};
use rustls::crypto::CryptoProvider;
use url::Url;

use super::UpstreamError;

/// The longest wait for a whole answer: four of them fit into what one request of a person may take.
const WITHIN: Duration = Duration::from_secs(7);
/// Bytes of an answer, at most, counted as what a compressed one grows to.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Why requests cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The program chose no TLS provider: `install_default` comes first.
    #[error("no TLS provider")]
    NoProvider,
    /// The certificate authority is none.
    #[error("the certificate authority cannot be read")]
    Authority(#[source] reqwest::Error),
    /// No TLS.
    #[error("requests cannot be set up")]
    Client(#[source] reqwest::Error),
}

/// The way to one provider.
#[derive(Debug, Clone)]
pub struct Channel(Client);

/// An answer, read to its end.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
}

impl Channel {
    /// Trusts exactly the authority where one is given, in PEM, and the system's roots where none is.
    pub fn new(authority: Option<&[u8]>) -> Result<Self, SetUpError> {
        if CryptoProvider::get_default().is_none() {
            return Err(SetUpError::NoProvider);
        }
        let mut builder = Client::builder()
            .tls_version_min(tls::Version::TLS_1_3)
            .https_only(true)
            .redirect(redirect::Policy::none())
            .referer(false)
            .timeout(WITHIN);
        if let Some(pem) = authority {
            let authority = Certificate::from_pem_bundle(pem).map_err(SetUpError::Authority)?;
            // Whoever names an authority reaches the provider directly.
            builder = builder.tls_certs_only(authority).no_proxy();
        }
        Ok(Self(builder.build().map_err(SetUpError::Client)?))
    }

    /// Fetches a document.
    pub(super) async fn get(&self, address: &Url) -> Result<Vec<u8>, UpstreamError> {
        let answered = send(self.0.get(address.clone())).await?;
        if answered.status == StatusCode::OK {
            Ok(answered.body)
        } else {
            Err(UpstreamError::Failed)
        }
    }

    /// Posts a form, with an `Authorization` header where there is one.
    pub(super) async fn post(
        &self,
        address: &Url,
        form: &[(&str, &str)],
        authorization: Option<header::HeaderValue>,
    ) -> Result<Answered, UpstreamError> {
        let mut request = self.0.post(address.clone()).form(form);
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        send(request).await
    }
}

async fn send(request: RequestBuilder) -> Result<Answered, UpstreamError> {
    let request = request.header(header::ACCEPT, "application/json");
    let mut response = request.send().await.map_err(|error| no_answer(&error))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| no_answer(&error))? {
        if body.len() + piece.len() > MAX_BODY_BYTES {
            return Err(UpstreamError::Failed);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answered { status, body })
}

fn no_answer(error: &reqwest::Error) -> UpstreamError {
    tracing::warn!(
        error = error as &dyn Error,
        "no answer from an identity provider"
    );
    UpstreamError::NoAnswer
}
