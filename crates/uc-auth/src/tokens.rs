//! Tokens: bought with a code, renewed, given back (RFC 6749 §4.1.3, §6; RFC 7009).

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use http::HeaderValue;
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, OAuth2TokenResponse as _, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    TokenResponse as _,
    core::{
        CoreClient, CoreErrorResponseType, CoreRequestTokenError, CoreTokenResponse, CoreTokenType,
    },
};
use rand::CryptoRng;
use serde_json::Value;
use uc_model::SecretString;
use url::form_urlencoded;

use crate::{
    AuthError, Channel, Check, Code, Flow, ProofKey, Provider, Refusal, Transport,
    exchange::{self, Kind, Proving},
    id_token::{self, Expected},
};

/// Lets the portal act for the person, for minutes. In memory only.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// For the `Authorization` header.
    pub secret: SecretString,
    /// The key that it is bound to: a proof by it goes along.
    pub proof_key: Option<Arc<ProofKey>>,
    /// How long it is good, counted from its arrival, if the provider says.
    pub expires_in: Option<Duration>,
}

impl AccessToken {
    /// The header that shows it, as its kind demands (RFC 6750 §2.1, RFC 9449 §7.1); `None` when it does not fit into
    /// one.
    #[must_use]
    pub fn authorization(&self) -> Option<HeaderValue> {
        let scheme = match self.proof_key {
            Some(_) => "DPoP",
            None => "Bearer",
        };
        let mut value = HeaderValue::try_from(format!("{scheme} {}", self.secret.expose())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// Buys access tokens later.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// For the token endpoint.
    pub secret: SecretString,
    /// How long it is good, counted from its arrival, if the provider says.
    pub expires_in: Option<Duration>,
}

/// A sign-in that passed all checks.
#[derive(Debug)]
pub struct SignedIn {
    /// For calls now.
    pub access: AccessToken,
    /// For access tokens later; bound to the same key.
    pub refresh: RefreshToken,
    /// The provider's name of the person.
    pub subject: String,
    /// Given name, if the provider tells it.
    pub given_name: Option<String>,
}

/// A session renewed.
#[derive(Debug)]
pub struct Renewed {
    /// For calls now.
    pub access: AccessToken,
    /// Takes the place of the refresh token used, if there is one.
    pub refresh: Option<RefreshToken>,
}

/// The way to the token endpoint: ID tokens are looked at before openidconnect reads them, so that a refusal has a
/// name.
struct TokenEndpoint<'a> {
    provider: &'a Provider,
    channel: Channel<'a>,
    proving: Option<Proving<'a>>,
    refresh_life: OnceLock<Duration>,
}

impl<'a> TokenEndpoint<'a> {
    fn new(
        provider: &'a Provider,
        channel: Channel<'a>,
        key: Option<&'a ProofKey>,
        rng: &mut impl CryptoRng,
    ) -> Self {
        Self {
            provider,
            channel,
            proving: key.map(|key| Proving::new(key, rng)),
            refresh_life: OnceLock::new(),
        }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, AuthError> {
        let proving = self.proving.as_ref();
        let response = exchange::send_proved(self.channel, Kind::Token, request, proving).await?;
        let members: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        if let Some(token) = members["id_token"].as_str() {
            id_token::check_by_itself(token, self.provider, self.channel.now)?;
        }
        // Not of a standard yet, but what providers that say it call it.
        if let Some(seconds) = members["refresh_token_expires_in"].as_u64() {
            self.refresh_life
                .get_or_init(|| Duration::from_secs(seconds));
        }
        Ok(response)
    }

    fn read_refresh(&self, response: &CoreTokenResponse) -> Option<RefreshToken> {
        Some(RefreshToken {
            secret: response.refresh_token()?.secret().clone().into(),
            expires_in: self.refresh_life.get().copied(),
        })
    }
}

impl<'c> AsyncHttpClient<'c> for TokenEndpoint<'_> {
    type Error = AuthError;
    type Future = BoxFuture<'c, Result<HttpResponse, AuthError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.ask(request).boxed()
    }
}

type ProviderClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// Buys tokens with the code that came back, and asks who the person is.
    pub async fn redeem(
        &self,
        flow: Flow,
        code: Code,
        channel: Channel<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<SignedIn, AuthError> {
        let endpoint = TokenEndpoint::new(self, channel, flow.proof_key.as_deref(), rng);
        let client = self.oauth_client().set_redirect_uri(
            RedirectUrl::new(flow.redirect_uri.to_string())
                .map_err(|_| AuthError::Untrusted(Check::Response))?,
        );
        let response = client
            .exchange_code(AuthorizationCode::new(code.0.expose().clone()))
            .map_err(|_| AuthError::Untrusted(Check::Metadata))?
            .set_pkce_verifier(PkceCodeVerifier::new(flow.verifier.expose().clone()))
            .request_async(&endpoint)
            .await
            .map_err(read_error)?;
        let access = self.read_access(&response, flow.proof_key.clone())?;
        let id_token = response
            .id_token()
            .ok_or(AuthError::Untrusted(Check::IdToken))?;
        let expected = Expected::SignIn(&flow.nonce);
        let claims = id_token::check(id_token, expected, self, channel).await?;
        let refresh = endpoint.read_refresh(&response);
        let told = self.ask_who(&access, &claims.subject, channel, rng).await?;
        Ok(SignedIn {
            access,
            refresh: refresh.ok_or(AuthError::Untrusted(Check::Grant))?,
            subject: claims.subject,
            given_name: told.or(claims.given_name),
        })
    }

    /// Renews a session of `subject`, with the key that its refresh token is bound to.
    ///
    /// When the answer is lost, the old refresh token is still good: the portal retires it only when its successor is
    /// used.
    pub async fn refresh(
        &self,
        refresh: &SecretString,
        proof_key: Option<Arc<ProofKey>>,
        subject: &str,
        channel: Channel<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<Renewed, AuthError> {
        let endpoint = TokenEndpoint::new(self, channel, proof_key.as_deref(), rng);
        let token = openidconnect::RefreshToken::new(refresh.expose().clone());
        let response = self
            .oauth_client()
            .exchange_refresh_token(&token)
            .map_err(|_| AuthError::Untrusted(Check::Metadata))?
            .request_async(&endpoint)
            .await
            .map_err(read_error)?;
        if let Some(id_token) = response.id_token() {
            let expected = Expected::Refresh { subject };
            id_token::check(id_token, expected, self, channel).await?;
        }
        Ok(Renewed {
            refresh: endpoint.read_refresh(&response),
            access: self.read_access(&response, proof_key.clone())?,
        })
    }

    /// Gives a refresh token back: the session ends at the provider. A provider that takes none back is left alone.
    pub async fn revoke(
        &self,
        refresh: &SecretString,
        transport: &Arc<dyn Transport>,
    ) -> Result<(), AuthError> {
        let Some(address) = &self.metadata.additional_metadata().revocation_endpoint else {
            return Ok(());
        };
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", refresh.expose())
            .append_pair("token_type_hint", "refresh_token")
            .append_pair("client_id", &self.client.id)
            .finish();
        let request = http::Request::post(address.as_str())
            .header(
                http::header::CONTENT_TYPE,
                "application/x-www-form-urlencoded",
            )
            .body(body.into_bytes())
            .map_err(|_| AuthError::Untrusted(Check::Metadata))?;
        let response = exchange::send(&**transport, Kind::Status, request).await?;
        if response.status() == http::StatusCode::OK {
            Ok(())
        } else {
            Err(AuthError::Refused(Refusal::Other))
        }
    }

    fn oauth_client(&self) -> ProviderClient {
        CoreClient::from_provider_metadata(self.metadata.clone(), self.client_id(), None)
    }

    /// A token that grants no more than was asked for, bound to our key if we have one and to none otherwise.
    fn read_access(
        &self,
        response: &CoreTokenResponse,
        proof_key: Option<Arc<ProofKey>>,
    ) -> Result<AccessToken, AuthError> {
        let asked =
            |scope: &str| scope == "openid" || self.client.scopes.iter().any(|s| s == scope);
        let widened = response
            .scopes()
            .is_some_and(|granted| !granted.iter().all(|scope| asked(scope)));
        let expected = match proof_key {
            Some(_) => CoreTokenType::Extension("dpop".to_owned()),
            None => CoreTokenType::Bearer,
        };
        if widened || *response.token_type() != expected {
            return Err(AuthError::Untrusted(Check::Grant));
        }
        Ok(AccessToken {
            secret: response.access_token().secret().clone().into(),
            proof_key,
            expires_in: response.expires_in(),
        })
    }
}

fn read_error(error: CoreRequestTokenError<AuthError>) -> AuthError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => AuthError::Refused(match response.error() {
            CoreErrorResponseType::InvalidGrant => Refusal::InvalidGrant,
            CoreErrorResponseType::Extension(name) if name == "invalid_dpop_proof" => {
                Refusal::InvalidProof
            }
            CoreErrorResponseType::InvalidClient
            | CoreErrorResponseType::InvalidRequest
            | CoreErrorResponseType::InvalidScope
            | CoreErrorResponseType::UnauthorizedClient
            | CoreErrorResponseType::UnsupportedGrantType
            | CoreErrorResponseType::Extension(_) => Refusal::Other,
        }),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => AuthError::Failed,
    }
}
