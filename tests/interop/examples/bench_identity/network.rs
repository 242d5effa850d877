//! HTTP/1.1 over TLS 1.3: the provider speaks nothing newer, so the portal is asked that way, too.

use anyhow::Result;
use futures_util::{FutureExt as _, future::BoxFuture};
use http::{Request, Response};
use reqwest::{Certificate, Client, redirect::Policy, tls::Version};
use uc_core::ports::{ByteStream, Http, HttpError, Limits};

/// One connection for each request at a time, kept.
pub(crate) struct Http1(Client);

impl Http1 {
    /// Trusts this authority alone.
    pub(crate) fn new(authority: &[u8]) -> Result<Self> {
        let client = Client::builder()
            .http1_only()
            .tls_version_min(Version::TLS_1_3)
            .tls_certs_only(Certificate::from_pem_bundle(authority)?)
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self(client))
    }

    async fn exchange(&self, request: Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        let request = reqwest::Request::try_from(request).ok()?;
        let response = self.0.execute(request).await.ok()?;
        let mut answer = Response::new(Vec::new());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        *answer.body_mut() = response.bytes().await.ok()?.to_vec();
        Some(answer)
    }
}

impl Http for Http1 {
    fn send(
        &self,
        request: Request<Vec<u8>>,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, HttpError>> {
        let answer = self.exchange(request);
        answer
            .map(|answer| answer.ok_or(HttpError::Interrupted))
            .boxed()
    }

    fn open_stream(
        &self,
        _request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<ByteStream>, HttpError>> {
        // Nobody listens to hints here.
        std::future::ready(Err(HttpError::NotAllowed)).boxed()
    }

    fn disconnect(&self) {}
}
