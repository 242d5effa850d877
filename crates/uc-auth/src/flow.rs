//! One trip through the browser: the authorization request and its response (RFC 6749 §4.1, RFC 7636, RFC 9207).

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{StatusCode, header};
use openidconnect::{
    CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope,
    core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient},
};
use rand::CryptoRng;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use uc_model::SecretString;
use url::{Url, form_urlencoded};

use crate::{
    AuthError, Channel, Check, ProofKey, Provider, Refusal,
    exchange::{self, Kind, Proving},
    server_clock,
};

/// What must come back with the browser, and what proves that the code is ours. Used once.
pub struct Flow {
    pub(crate) state: SecretString,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: SecretString,
    pub(crate) redirect_uri: Url,
    /// The key that the tokens are to be bound to, where the provider binds them.
    pub(crate) proof_key: Option<Arc<ProofKey>>,
}

/// A code that came back. Worth nothing without its flow.
#[derive(Debug)]
pub struct Code(pub(crate) SecretString);

/// What a request to the callback turned out to be.
#[derive(Debug)]
pub enum Response {
    /// It does not know this flow's state: anybody's. Keep waiting.
    Stranger,
    /// The provider's answer.
    Answer(Result<Code, AuthError>),
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flow(•••)")
    }
}

impl Provider {
    /// Begins a sign-in: the page to open, and what to match the answer with.
    ///
    /// State, nonce and verifier have 256 bits each; the challenge is S256. The request is pushed where the provider
    /// takes that, so that the browser's address tells nothing. Clocks that are too far apart end it here.
    pub async fn begin(
        &self,
        redirect_uri: Url,
        channel: Channel<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<(Url, Flow), AuthError> {
        server_clock::compare(channel.now, channel.server_now)?;
        let flow = Flow {
            state: random_text(rng),
            nonce: Nonce::new(random_text(rng).expose().clone()),
            verifier: random_text(rng),
            redirect_uri,
            proof_key: self
                .binds_tokens()
                .then(|| Arc::new(ProofKey::generate(rng))),
        };
        let page = self.authorization_address(&flow);
        let extensions = self.metadata.additional_metadata();
        let page = match &extensions.pushed_authorization_request_endpoint {
            Some(endpoint) => {
                let key = flow.proof_key.as_deref();
                let proving = key.map(|key| Proving::new(key, rng));
                self.push(endpoint, &page, channel, proving.as_ref())
                    .await?
            }
            None => page,
        };
        Ok((page, flow))
    }

    fn authorization_address(&self, flow: &Flow) -> Url {
        let client =
            CoreClient::from_provider_metadata(self.metadata.clone(), self.client_id(), None);
        let verifier = PkceCodeVerifier::new(flow.verifier.expose().clone());
        let state = flow.state.expose().clone();
        let nonce = flow.nonce.clone();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || nonce,
            )
            .add_scopes(self.client.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            // Without it a provider may leave the refresh token out (OpenID Connect Core §11).
            .add_prompt(CoreAuthPrompt::Consent)
            .add_extra_param("redirect_uri", flow.redirect_uri.as_str());
        if let Some(key) = &flow.proof_key {
            // Binds the code, too (RFC 9449 §10).
            request = request.add_extra_param("dpop_jkt", key.thumbprint());
        }
        let (address, _, _) = request.url();
        address
    }

    /// Hands the request over beforehand (RFC 9126); the page knows it by a name.
    async fn push(
        &self,
        endpoint: &Url,
        page: &Url,
        channel: Channel<'_>,
        proving: Option<&Proving<'_>>,
    ) -> Result<Url, AuthError> {
        let request = http::Request::post(endpoint.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .body(page.query().unwrap_or_default().as_bytes().to_vec())
            .map_err(|_| AuthError::Untrusted(Check::Metadata))?;
        let response = exchange::send_proved(channel, Kind::Pushed, request, proving).await?;
        if response.status() != StatusCode::CREATED {
            return Err(AuthError::Refused(Refusal::Other));
        }
        let pushed: Pushed = serde_json::from_slice(response.body())
            .map_err(|_| AuthError::Untrusted(Check::Pushed))?;
        if pushed.request_uri.is_empty() || pushed.expires_in == 0 {
            return Err(AuthError::Untrusted(Check::Pushed));
        }
        let mut short = self.metadata.authorization_endpoint().url().clone();
        short
            .query_pairs_mut()
            .append_pair("client_id", &self.client.id)
            .append_pair("request_uri", &pushed.request_uri);
        Ok(short)
    }
}

/// What a pushed request is known by (RFC 9126 §2.2).
#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
    /// In seconds.
    expires_in: u32,
}

impl Flow {
    /// Reads the query of a request to the callback.
    #[must_use]
    pub fn read(&self, provider: &Provider, query: &str) -> Response {
        let members = Members::parse(query);
        let Some(state) = members.only("state") else {
            return Response::Stranger;
        };
        if !bool::from(state.as_bytes().ct_eq(self.state.expose().as_bytes())) {
            return Response::Stranger;
        }
        Response::Answer(read_answer(provider, &members))
    }
}

fn read_answer(provider: &Provider, members: &Members) -> Result<Code, AuthError> {
    let promised = provider
        .metadata
        .additional_metadata()
        .authorization_response_iss_parameter_supported;
    let issuer_fits = match members.all("iss").as_slice() {
        [] => !promised,
        [issuer] => *issuer == provider.client.issuer,
        _ => false,
    };
    if !issuer_fits {
        return Err(AuthError::Untrusted(Check::ResponseIssuer));
    }
    match (members.only("code"), members.only("error")) {
        (Some(code), None) if !code.is_empty() => Ok(Code(code.to_owned().into())),
        (None, Some(error)) => Err(AuthError::Refused(read_refusal(error))),
        _ => Err(AuthError::Untrusted(Check::Response)),
    }
}

/// Only the code counts: descriptions are anybody's text.
fn read_refusal(error: &str) -> Refusal {
    match error {
        "access_denied" => Refusal::AccessDenied,
        "login_required"
        | "consent_required"
        | "interaction_required"
        | "account_selection_required" => Refusal::InteractionRequired,
        _ => Refusal::Other,
    }
}

/// Members of a query, in order.
struct Members(Vec<(String, String)>);

impl Members {
    fn parse(query: &str) -> Self {
        Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The value of a member that is there exactly once.
    fn only(&self, name: &str) -> Option<&str> {
        match self.all(name).as_slice() {
            [value] => Some(value),
            _ => None,
        }
    }
}

/// 256 random bits as text: 43 characters, which PKCE takes as a verifier.
pub(crate) fn random_text(rng: &mut impl CryptoRng) -> SecretString {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes).into()
}
