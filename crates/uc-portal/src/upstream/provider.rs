//! One provider: where to send a browser, and what to make of the answer.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use reqwest::{StatusCode, header::HeaderValue};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use uc_model::SecretString;
use url::{Url, form_urlencoded};

use super::{
    Channel, Check, ClientProof, Identity, ProviderSettings, SetUpError, UpstreamError,
    channel::Answered,
    description::Description,
    id_token::{self, Expected},
    keys::KeySet,
};
use crate::{entropy::Entropy, oidc::SecretWay};

/// What was learnt of a provider is believed that long.
const LEARNT_FOR: SignedDuration = SignedDuration::from_hours(1);

/// An identity provider, and what is known of it.
pub struct Upstream {
    settings: ProviderSettings,
    channel: Channel,
    /// Held while something is learnt, so that of many askers one fetches it.
    learnt: Mutex<Option<Learnt>>,
}

#[derive(Clone)]
struct Learnt {
    description: Arc<Description>,
    keys: Arc<KeySet>,
    at: Timestamp,
}

/// How a person is to sign in there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// Anew, whoever is signed in there.
    pub anew: bool,
    /// Seconds since they signed in, at most.
    pub max_age: Option<u32>,
}

/// What the answer is checked against. Kept where the browser cannot reach it, and used once.
#[derive(Debug, Clone)]
pub struct Trip {
    /// Comes back in the ID token.
    pub nonce: SecretString,
    /// Proves that the code is ours (RFC 7636 §4.1).
    pub verifier: SecretString,
    /// When the person must have signed in, at the earliest.
    pub since: Option<Timestamp>,
}

/// A browser that is to leave for the provider.
#[derive(Debug)]
pub struct Departure {
    /// Where to.
    pub address: Url,
    /// Comes back with the browser, and finds the trip.
    pub state: SecretString,
    /// The trip.
    pub trip: Trip,
}

/// What the browser brings back (RFC 6749 §4.1.2, RFC 9207).
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer<'a> {
    /// A code.
    pub code: Option<&'a str>,
    /// An error instead.
    pub error: Option<&'a str>,
    /// Who answers.
    pub issuer: Option<&'a str>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
}

impl Upstream {
    /// A provider of which nothing is known yet.
    pub fn new(settings: ProviderSettings) -> Result<Self, SetUpError> {
        Ok(Self {
            channel: Channel::new(settings.authority.as_deref())?,
            learnt: Mutex::new(None),
            settings,
        })
    }

    /// As the portal's operator describes it.
    #[must_use]
    pub const fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// Sends a browser on its way. State, nonce and verifier have 256 bits each.
    pub async fn begin(
        &self,
        redirect_uri: &str,
        wish: Wish,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<Departure, UpstreamError> {
        if let ClientProof::Esia(esia) = &self.settings.proof {
            return esia.begin(&self.settings, redirect_uri, wish, entropy, now);
        }
        let learnt = self.learn(now).await?;
        let state = entropy.token();
        let trip = Trip {
            nonce: entropy.token(),
            verifier: entropy.token(),
            since: wish.since(now),
        };
        let mut address = learnt.description.authorization_endpoint.clone();
        let challenge = Sha256::digest(trip.verifier.expose().as_bytes());
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &self.settings.scope())
            .append_pair("state", state.expose())
            .append_pair("nonce", trip.nonce.expose())
            .append_pair("code_challenge", &base64_url(&challenge))
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(wish.params());
        Ok(Departure {
            address,
            state,
            trip,
        })
    }

    /// Who came back.
    pub async fn finish(
        &self,
        answer: Answer<'_>,
        trip: &Trip,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<Identity, UpstreamError> {
        let (way, secret) = match &self.settings.proof {
            ClientProof::Secret { way, secret } => (*way, secret),
            ClientProof::Esia(esia) => {
                let then = (redirect_uri, now);
                return esia
                    .finish(&self.settings, &self.channel, answer, trip, then)
                    .await;
            }
        };
        let learnt = self.learn(now).await?;
        let code = self.read(answer, &learnt.description)?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", trip.verifier.expose()),
        ];
        let endpoint = &learnt.description.token_endpoint;
        let token = self.redeem(endpoint, form.into(), (way, secret)).await?;
        let expected = Expected {
            issuer: &self.settings.issuer,
            client: &self.settings.client_id,
            nonce: Some(&trip.nonce),
            since: trip.since,
            now,
        };
        match id_token::check(&token, &learnt.keys, &expected) {
            Err(UpstreamError::Untrusted(Check::UnknownKey)) => {
                let keys = self.learn_keys(&learnt).await?;
                id_token::check(&token, &keys, &expected)
            }
            checked => checked,
        }
    }

    /// The code, if it is the provider that answers. One that names its issuer once and not again is another.
    fn read<'a>(
        &self,
        answer: Answer<'a>,
        description: &Description,
    ) -> Result<&'a str, UpstreamError> {
        let names_itself = description.authorization_response_iss_parameter_supported;
        let is_it = answer
            .issuer
            .map_or(!names_itself, |issuer| issuer == self.settings.issuer);
        if !is_it {
            return Err(UpstreamError::Untrusted(Check::ResponseIssuer));
        }
        match (answer.code, answer.error) {
            (Some(code), None) => Ok(code),
            (None, Some("access_denied")) => Err(UpstreamError::Declined),
            (None, Some(_)) => Err(UpstreamError::Refused),
            (Some(_), Some(_)) | (None, None) => Err(UpstreamError::Untrusted(Check::Response)),
        }
    }

    /// Exchanges the code for an ID token. The access token that comes along is of no use here and is forgotten.
    async fn redeem(
        &self,
        endpoint: &Url,
        mut form: Vec<(&str, &str)>,
        (way, secret): (SecretWay, &SecretString),
    ) -> Result<String, UpstreamError> {
        let (id, secret) = (&self.settings.client_id, secret.expose());
        let authorization = match way {
            SecretWay::Header => Some(basic(id, secret)?),
            SecretWay::Form => {
                form.extend([("client_id", id.as_str()), ("client_secret", secret)]);
                None
            }
        };
        let answered = self.channel.post(endpoint, &form, authorization).await?;
        read_tokens(&answered)
    }

    async fn learn(&self, now: Timestamp) -> Result<Learnt, UpstreamError> {
        let mut learnt = self.learnt.lock().await;
        if let Some(known) = &*learnt
            && now.duration_since(known.at) < LEARNT_FOR
        {
            return Ok(known.clone());
        }
        let address = Description::address(&self.settings.issuer)?;
        let text = self.channel.get(&address).await?;
        let description = Description::read(&text, &self.settings.issuer, &self.settings.hosts)?;
        let keys = self.fetch_keys(&description).await?;
        let known = Learnt {
            description: Arc::new(description),
            keys,
            at: now,
        };
        *learnt = Some(known.clone());
        Ok(known)
    }

    /// Keys newer than these. Whoever else met an unknown key meanwhile has fetched them already.
    async fn learn_keys(&self, old: &Learnt) -> Result<Arc<KeySet>, UpstreamError> {
        let mut learnt = self.learnt.lock().await;
        if let Some(known) = &*learnt
            && !Arc::ptr_eq(&known.keys, &old.keys)
        {
            return Ok(Arc::clone(&known.keys));
        }
        let keys = self.fetch_keys(&old.description).await?;
        *learnt = Some(Learnt {
            keys: Arc::clone(&keys),
            ..old.clone()
        });
        Ok(keys)
    }

    async fn fetch_keys(&self, description: &Description) -> Result<Arc<KeySet>, UpstreamError> {
        let text = self.channel.get(&description.jwks_uri).await?;
        Ok(Arc::new(KeySet::read(&text)?))
    }
}

impl Wish {
    pub(super) fn since(self, now: Timestamp) -> Option<Timestamp> {
        let age = if self.anew { Some(0) } else { self.max_age };
        age.map(|seconds| {
            now.saturating_sub(SignedDuration::from_secs(seconds.into()))
                .unwrap_or(Timestamp::MIN)
        })
    }

    /// A `max_age` makes the provider say when the person signed in (OpenID Connect Core §3.1.2.1).
    fn params(self) -> Vec<(&'static str, String)> {
        let mut params = Vec::new();
        if self.anew {
            params.push(("prompt", "login".to_owned()));
        }
        let age = if self.anew { Some(0) } else { self.max_age };
        params.extend(age.map(|seconds| ("max_age", seconds.to_string())));
        params
    }
}

fn read_tokens(answered: &Answered) -> Result<String, UpstreamError> {
    match answered.status {
        StatusCode::OK => {
            let tokens: Tokens =
                serde_json::from_slice(&answered.body).map_err(|_| UpstreamError::Failed)?;
            tokens
                .id_token
                .ok_or(UpstreamError::Untrusted(Check::IdToken))
        }
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => Err(UpstreamError::Refused),
        _ => Err(UpstreamError::Failed),
    }
}

/// Id and secret as RFC 6749 §2.3.1 writes them.
fn basic(id: &str, secret: &str) -> Result<HeaderValue, UpstreamError> {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(id), encode(secret));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| UpstreamError::Refused)?;
    value.set_sensitive(true);
    Ok(value)
}

fn base64_url(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Upstream").field(&self.settings.id).finish()
    }
}
