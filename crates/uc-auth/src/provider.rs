//! The OpenID provider, as it describes itself (OpenID Connect Discovery 1.0).

use std::sync::Arc;

use openidconnect::{
    AdditionalProviderMetadata, ClientId, DiscoveryError, IssuerUrl, JsonWebKeySet,
    ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    AuthError, Check, Transport,
    exchange::{Endpoint, Kind},
};

/// This client, as the provider knows it: a public native one.
#[derive(Debug, Clone)]
pub struct Client {
    /// The issuer that is trusted, to the letter.
    pub issuer: String,
    /// The client's id there.
    pub id: String,
    /// What is asked for, without `openid`, which always is.
    pub scopes: Vec<String>,
}

/// A provider that describes itself as the one configured.
#[derive(Debug, Clone)]
pub struct Provider {
    pub(crate) client: Client,
    pub(crate) metadata: Metadata,
}

pub(crate) type Metadata = ProviderMetadata<
    Extensions,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// Members of later documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Extensions {
    /// RFC 9207 §3.
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
    /// RFC 8414 §2.
    #[serde(default)]
    pub(crate) revocation_endpoint: Option<Url>,
    /// RFC 9126 §5.
    #[serde(default)]
    pub(crate) pushed_authorization_request_endpoint: Option<Url>,
    /// RFC 9449 §5.1.
    #[serde(default)]
    pub(crate) dpop_signing_alg_values_supported: Vec<String>,
    /// OpenID Connect RP-Initiated Logout 1.0 §2.1.
    #[serde(default)]
    pub(crate) end_session_endpoint: Option<Url>,
}

impl AdditionalProviderMetadata for Extensions {}

/// Algorithms that are taken for ID tokens, where the provider promises them.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
];

impl Provider {
    /// Fetches the provider's description and keys. Its issuer must be the configured one to the letter.
    pub async fn discover(
        client: Client,
        transport: &Arc<dyn Transport>,
    ) -> Result<Self, AuthError> {
        let untrusted = AuthError::Untrusted(Check::Metadata);
        let issuer = IssuerUrl::new(client.issuer.clone()).map_err(|_| untrusted)?;
        let endpoint = Endpoint::new(transport, Kind::Json);
        let metadata = Metadata::discover_async(issuer, &endpoint)
            .await
            .map_err(|error| read_error(&error, Check::Metadata))?;
        let provider = Self { client, metadata };
        if provider.describes_itself_well() {
            Ok(provider)
        } else {
            Err(untrusted)
        }
    }

    /// Where the browser can end its session with the provider.
    #[must_use]
    pub fn end_session_address(&self) -> Option<Url> {
        let mut address = self
            .metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()?;
        address
            .query_pairs_mut()
            .append_pair("client_id", &self.client.id);
        Some(address)
    }

    /// Whether it binds tokens to a key of ours.
    pub(crate) fn binds_tokens(&self) -> bool {
        let algorithms = &self
            .metadata
            .additional_metadata()
            .dpop_signing_alg_values_supported;
        algorithms.iter().any(|algorithm| algorithm == "ES256")
    }

    pub(crate) fn client_id(&self) -> ClientId {
        ClientId::new(self.client.id.clone())
    }

    /// The keys as they are now: they may have changed since the discovery.
    pub(crate) async fn fetch_keys(
        &self,
        transport: &Arc<dyn Transport>,
    ) -> Result<CoreJsonWebKeySet, AuthError> {
        let endpoint = Endpoint::new(transport, Kind::Json);
        JsonWebKeySet::fetch_async(self.metadata.jwks_uri(), &endpoint)
            .await
            .map_err(|error| read_error(&error, Check::Signature))
    }

    pub(crate) fn algorithms(&self) -> Vec<CoreJwsSigningAlgorithm> {
        let promised = self.metadata.id_token_signing_alg_values_supported();
        ALGORITHMS
            .into_iter()
            .filter(|algorithm| promised.contains(algorithm))
            .collect()
    }

    /// Every endpoint is https and there is a token endpoint.
    fn describes_itself_well(&self) -> bool {
        let metadata = &self.metadata;
        let extensions = metadata.additional_metadata();
        let Some(token) = metadata.token_endpoint() else {
            return false;
        };
        let endpoints = [
            Some(metadata.authorization_endpoint().url()),
            Some(token.url()),
            Some(metadata.jwks_uri().url()),
            metadata
                .userinfo_endpoint()
                .map(openidconnect::UserInfoUrl::url),
            extensions.pushed_authorization_request_endpoint.as_ref(),
            extensions.revocation_endpoint.as_ref(),
            extensions.end_session_endpoint.as_ref(),
        ];
        metadata.issuer().as_str() == self.client.issuer
            && endpoints
                .iter()
                .flatten()
                .all(|url| url.scheme() == "https")
    }
}

/// What is no answer stays that; what is one and does not read fails the check.
fn read_error(error: &DiscoveryError<AuthError>, check: Check) -> AuthError {
    if let DiscoveryError::Request(error) = error {
        *error
    } else {
        AuthError::Untrusted(check)
    }
}
