//! SMS by a provider's HTTP gateway: `POST` of `{"to": "+79…", "text": "…"}` with a bearer key; any 2xx means taken.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url, redirect::Policy};
use serde::Serialize;
use uc_model::SecretString;

use super::{Carrier, CarryError, Carrying, Letter, RouteError};

/// A whole request takes that long, at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// Hands letters to a gateway.
pub struct SmsGateway {
    client: Client,
    url: Url,
    key: SecretString,
    patience: Duration,
}

#[derive(Serialize)]
struct Sms<'a> {
    to: &'a str,
    text: &'a str,
}

impl SmsGateway {
    /// The gateway at `url`, with this key. The address is `https`, or `http` on this machine.
    pub fn new(url: &str, key: SecretString) -> Result<Self, RouteError> {
        let url = Url::parse(url).map_err(|_| RouteError::Malformed)?;
        let local = matches!(url.host(), Some(url::Host::Ipv4(host)) if host.is_loopback());
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err(RouteError::Malformed);
        }
        // Another part of the program may have chosen it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .tls_version_min(reqwest::tls::Version::TLS_1_3)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|_| RouteError::Client)?;
        Ok(Self {
            client,
            url,
            key,
            patience: PATIENCE,
        })
    }

    /// With another patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

impl Carrier for SmsGateway {
    fn carry<'a>(&'a self, letter: &'a Letter) -> Carrying<'a> {
        Box::pin(async move {
            let sms = Sms {
                to: letter.to.address(),
                text: &letter.body,
            };
            let request = self.client.post(self.url.clone());
            let answer = request
                .timeout(self.patience)
                .bearer_auth(self.key.expose())
                .json(&sms)
                .send()
                .await;
            match answer {
                Ok(answer) if answer.status().is_success() => Ok(()),
                Ok(answer) if is_passing(answer.status()) => Err(CarryError::Unreachable),
                Ok(_) => Err(CarryError::Refused),
                Err(error) if error.is_timeout() => Err(CarryError::TimedOut),
                Err(_) => Err(CarryError::Unreachable),
            }
        })
    }
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}
