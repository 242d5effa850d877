//! Tokens: bought with a code, renewed, given back (RFC 6749 §4.1.3, §6; RFC 7009).

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, OAuth2TokenResponse as _, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, TokenResponse as _,
    core::{
        CoreClient, CoreErrorResponseType, CoreRequestTokenError, CoreTokenResponse, CoreTokenType,
    },
};
use serde_json::Value;
use uc_model::SecretString;
use url::form_urlencoded;

use crate::{
    AuthError, Check, Code, Flow, Provider, Refusal, Transport,
    exchange::{self, Kind},
    id_token::{self, Expected},
};

/// Lets the portal act for the person, for minutes. In memory only.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// For the `Authorization` header.
    pub secret: SecretString,
    /// How long it is good, counted from its arrival, if the provider says.
    pub expires_in: Option<Duration>,
}

/// A sign-in that passed all checks.
#[derive(Debug)]
pub struct SignedIn {
    /// For calls now.
    pub access: AccessToken,
    /// For access tokens later.
    pub refresh: SecretString,
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
    pub refresh: Option<SecretString>,
}

/// The way to the token endpoint: ID tokens are looked at before openidconnect reads them, so that a refusal has a
/// name.
struct TokenEndpoint<'a> {
    provider: &'a Provider,
    transport: &'a Arc<dyn Transport>,
    now: Timestamp,
}

impl<'a> TokenEndpoint<'a> {
    const fn new(
        provider: &'a Provider,
        transport: &'a Arc<dyn Transport>,
        now: Timestamp,
    ) -> Self {
        Self {
            provider,
            transport,
            now,
        }
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, AuthError> {
        let response = exchange::send(&**self.transport, Kind::Token, request).await?;
        if let Some(token) = read_id_token(&response) {
            id_token::check_by_itself(&token, self.provider, self.now)?;
        }
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for TokenEndpoint<'_> {
    type Error = AuthError;
    type Future = BoxFuture<'c, Result<HttpResponse, AuthError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        self.ask(request).boxed()
    }
}

/// The ID token of a token response, if there is one.
fn read_id_token(response: &HttpResponse) -> Option<String> {
    let members: Value = serde_json::from_slice(response.body()).ok()?;
    Some(members.get("id_token")?.as_str()?.to_owned())
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
    /// Buys tokens with the code that came back. `now` is the device's clock.
    pub async fn redeem(
        &self,
        flow: Flow,
        code: Code,
        transport: &Arc<dyn Transport>,
        now: Timestamp,
    ) -> Result<SignedIn, AuthError> {
        let endpoint = TokenEndpoint::new(self, transport, now);
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
        let access = self.read_access(&response)?;
        let id_token = response
            .id_token()
            .ok_or(AuthError::Untrusted(Check::IdToken))?;
        let expected = Expected::SignIn(&flow.nonce);
        let claims = id_token::check(id_token, expected, self, transport, now).await?;
        Ok(SignedIn {
            access,
            refresh: read_refresh(&response).ok_or(AuthError::Untrusted(Check::Grant))?,
            subject: claims.subject,
            given_name: claims.given_name,
        })
    }

    /// Renews a session of `subject`.
    ///
    /// When the answer is lost, the old refresh token is still good: the portal retires it only when its successor is
    /// used.
    pub async fn refresh(
        &self,
        refresh: &SecretString,
        subject: &str,
        transport: &Arc<dyn Transport>,
        now: Timestamp,
    ) -> Result<Renewed, AuthError> {
        let endpoint = TokenEndpoint::new(self, transport, now);
        let token = RefreshToken::new(refresh.expose().clone());
        let response = self
            .oauth_client()
            .exchange_refresh_token(&token)
            .map_err(|_| AuthError::Untrusted(Check::Metadata))?
            .request_async(&endpoint)
            .await
            .map_err(read_error)?;
        if let Some(id_token) = response.id_token() {
            let expected = Expected::Refresh { subject };
            id_token::check(id_token, expected, self, transport, now).await?;
        }
        Ok(Renewed {
            access: self.read_access(&response)?,
            refresh: read_refresh(&response),
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

    /// A bearer token that grants no more than was asked for.
    fn read_access(&self, response: &CoreTokenResponse) -> Result<AccessToken, AuthError> {
        let asked =
            |scope: &str| scope == "openid" || self.client.scopes.iter().any(|s| s == scope);
        let widened = response
            .scopes()
            .is_some_and(|granted| !granted.iter().all(|scope| asked(scope)));
        if widened || *response.token_type() != CoreTokenType::Bearer {
            return Err(AuthError::Untrusted(Check::Grant));
        }
        Ok(AccessToken {
            secret: response.access_token().secret().clone().into(),
            expires_in: response.expires_in(),
        })
    }
}

fn read_refresh(response: &CoreTokenResponse) -> Option<SecretString> {
    response
        .refresh_token()
        .map(|token| token.secret().clone().into())
}

fn read_error(error: CoreRequestTokenError<AuthError>) -> AuthError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => AuthError::Refused(match response.error() {
            CoreErrorResponseType::InvalidGrant => Refusal::InvalidGrant,
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
