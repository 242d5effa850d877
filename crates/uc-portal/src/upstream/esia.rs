//! A provider as ЕСИА is, which describes itself nowhere: every request of the client is signed, and proves nothing else.
//!
//! `client_secret` is a signature over scope, timestamp, client id and state (Methodical recommendations for the use of
//! ЕСИА, appendix В). Where ЕСИА asks for one by GOST R 34.10-2012, which needs certified software, this is ECDSA over
//! P-256. Neither PKCE nor a nonce is there; instead each request has a state of its own, which its answer repeats.

use std::{fmt, sync::Arc};

use jiff::{Timestamp, tz::Offset};
use jsonwebtoken::{Algorithm, EncodingKey};
use reqwest::StatusCode;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::{
    Answer, Channel, Check, Departure, Identity, ProviderSettings, Trip, UpstreamError, Wish,
    channel::Answered,
    id_token::{self, Expected},
    keys::KeySet,
};
use crate::entropy::Entropy;

const AUTHORIZATION: &str = "aas/oauth2/v2/ac";
const TOKEN: &str = "aas/oauth2/v3/te";

/// Such a provider, and the portal's key for it.
#[derive(Clone)]
pub struct Esia {
    authorization_endpoint: Url,
    token_endpoint: Url,
    key: EncodingKey,
    /// By which the provider finds the portal's certificate, where it asks for that.
    certificate_hash: Option<String>,
    /// What its ID tokens are signed by: no other key is ever taken.
    keys: Arc<KeySet>,
}

impl fmt::Debug for Esia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Esia(•••)")
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    state: String,
}

/// Parts of a request by name.
type Request = Vec<(&'static str, String)>;

impl Esia {
    /// The one below this https address; `key` is an EC key in PEM, `keys` a set of JWK.
    pub(super) fn at(
        address: &Url,
        key: &str,
        keys: &str,
        certificate_hash: Option<String>,
    ) -> Option<Self> {
        if address.scheme() != "https" || !address.path().ends_with('/') {
            return None;
        }
        Some(Self {
            authorization_endpoint: address.join(AUTHORIZATION).ok()?,
            token_endpoint: address.join(TOKEN).ok()?,
            key: EncodingKey::from_ec_pem(key.as_bytes()).ok()?,
            certificate_hash,
            keys: Arc::new(KeySet::read(keys.as_bytes()).ok()?),
        })
    }

    /// Sends a browser on its way.
    pub(super) fn begin(
        &self,
        settings: &ProviderSettings,
        redirect_uri: &str,
        wish: Wish,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<Departure, UpstreamError> {
        // ЕСИА takes a UUID alone; 122 bits of it are chance.
        let state = state_of(entropy.bytes());
        let trip = Trip {
            nonce: entropy.token(),
            verifier: entropy.token(),
            since: wish.since(now),
        };
        let mut address = self.authorization_endpoint.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("access_type", "online")
            .append_pair("redirect_uri", redirect_uri)
            .extend_pairs(self.sign(settings, &state, now)?);
        Ok(Departure {
            address,
            state: state.into(),
            trip,
        })
    }

    /// Who came back.
    pub(super) async fn finish(
        &self,
        settings: &ProviderSettings,
        channel: &Channel,
        answer: Answer<'_>,
        trip: &Trip,
        (redirect_uri, now): (&str, Timestamp),
    ) -> Result<Identity, UpstreamError> {
        let code = read(answer, settings)?;
        // Chance that no browser has seen.
        let chance: [u8; 32] = Sha256::digest(trip.verifier.expose()).into();
        let state = state_of(chance);
        let mut form = self.sign(settings, &state, now)?;
        form.extend([
            ("grant_type", "authorization_code".to_owned()),
            ("token_type", "Bearer".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", redirect_uri.to_owned()),
        ]);
        let form: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answered = channel.post(&self.token_endpoint, &form, None).await?;
        let token = read_tokens(&answered, &state)?;
        let expected = Expected {
            issuer: &settings.issuer,
            client: &settings.client_id,
            nonce: None,
            since: trip.since,
            now,
        };
        id_token::check(&token, &self.keys, &expected)
    }

    /// What every request has, signed.
    fn sign(
        &self,
        settings: &ProviderSettings,
        state: &str,
        now: Timestamp,
    ) -> Result<Request, UpstreamError> {
        let (scope, client) = (settings.scope(), settings.client_id.clone());
        let at = Offset::UTC.to_datetime(now);
        let timestamp = at.strftime("%Y.%m.%d %H:%M:%S +0000").to_string();
        let message = format!("{scope}{timestamp}{client}{state}");
        let secret = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, Algorithm::ES256);
        let hash = self.certificate_hash.clone();
        let hash = hash.map(|hash| ("client_certificate_hash", hash));
        let signed = [
            ("client_id", client),
            ("scope", scope),
            ("timestamp", timestamp),
            ("state", state.to_owned()),
            ("client_secret", secret.map_err(|_| UpstreamError::Failed)?),
        ];
        Ok(signed.into_iter().chain(hash).collect())
    }
}

fn state_of(chance: [u8; 32]) -> String {
    let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = chance;
    uuid::Builder::from_random_bytes(first)
        .into_uuid()
        .to_string()
}

/// The code, if the answer is one. Such a provider does not name itself in it; one that does is another.
fn read<'a>(answer: Answer<'a>, settings: &ProviderSettings) -> Result<&'a str, UpstreamError> {
    if answer
        .issuer
        .is_some_and(|issuer| issuer != settings.issuer)
    {
        return Err(UpstreamError::Untrusted(Check::ResponseIssuer));
    }
    match (answer.code, answer.error) {
        (Some(code), None) => Ok(code),
        (None, Some("access_denied")) => Err(UpstreamError::Declined),
        (None, Some(_)) => Err(UpstreamError::Refused),
        (Some(_), Some(_)) | (None, None) => Err(UpstreamError::Untrusted(Check::Response)),
    }
}

/// The ID token, if the answer is to this request.
fn read_tokens(answered: &Answered, state: &str) -> Result<String, UpstreamError> {
    match answered.status {
        StatusCode::OK => {}
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => return Err(UpstreamError::Refused),
        _ => return Err(UpstreamError::Failed),
    }
    let tokens: Tokens = serde_json::from_slice(&answered.body)
        .map_err(|_| UpstreamError::Untrusted(Check::IdToken))?;
    if Uuid::try_parse(&tokens.state).ok() == Uuid::try_parse(state).ok() {
        Ok(tokens.id_token)
    } else {
        Err(UpstreamError::Untrusted(Check::Nonce))
    }
}
