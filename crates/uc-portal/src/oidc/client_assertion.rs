//! `private_key_jwt`: a client shows that it is itself by a JWT that it signed (OpenID Connect Core §9, RFC 7523 §3).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, de::DeserializeOwned};

use super::{TOKEN, dpop::PublicKey, error::OauthError};
use crate::{entropy::TokenHash, portal::Portal, store::Showing};

/// The one kind of assertion.
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Bytes of an assertion, at most.
const MAX_BYTES: usize = 8 * 1024;
/// Bytes of a `jti`, at most.
const MAX_ID_BYTES: usize = 256;
/// How far a client's clock may be ahead of ours.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);
/// How long an assertion may hold: its id is remembered as long.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// An assertion, read but not believed.
pub(super) struct Assertion {
    message: String,
    signature: Vec<u8>,
    algorithm: String,
    kid: Option<String>,
    claims: Claims,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; we understand none.
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    jti: String,
}

/// One audience, as text or as a list of one: an assertion for several could be shown at another by any of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Listed([String; 1]),
}

impl Audience {
    fn as_str(&self) -> &str {
        match self {
            Self::One(audience) | Self::Listed([audience]) => audience,
        }
    }
}

impl Assertion {
    /// Reads it; `None` when it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let header: Header = part(header)?;
        if header.crit.is_some() {
            return None;
        }
        Some(Self {
            message: message.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
            algorithm: header.alg,
            kid: header.kid,
            claims: part(claims)?,
        })
    }

    /// The client that it speaks of.
    pub(super) fn client(&self) -> &str {
        &self.claims.sub
    }

    /// Whether one of the client's keys signed it, for us, for now, and for the first time.
    pub(super) async fn holds(
        &self,
        keys: &[AssertionKey],
        portal: &Portal,
    ) -> Result<bool, OauthError> {
        let now = portal.clock.now();
        if !self.is_signed(keys) || !self.is_meant(portal) || !self.is_timely(now) {
            return Ok(false);
        }
        let id = TokenHash::of(&format!("client {} {}", self.claims.sub, self.claims.jti));
        let until = now
            .saturating_add(LONGEST + LEEWAY)
            .unwrap_or(Timestamp::MAX);
        match portal.store.show_once(id, until, now).await? {
            Showing::First => Ok(true),
            Showing::Again => Ok(false),
            Showing::Crowded => Err(OauthError::Crowded),
        }
    }

    fn is_signed(&self, keys: &[AssertionKey]) -> bool {
        keys.iter()
            .filter(|key| self.kid.is_none() || key.kid == self.kid)
            .filter(|key| key.public.algorithm_name() == self.algorithm)
            .any(|key| key.public.signed(self.message.as_bytes(), &self.signature))
    }

    /// For the issuer, or for the token endpoint, as OpenID Connect Core §9 has it.
    fn is_meant(&self, portal: &Portal) -> bool {
        let (claims, issuer) = (&self.claims, &portal.issuer);
        let audience = claims.aud.as_str();
        claims.iss == claims.sub && (audience == issuer.as_str() || audience == issuer.url(TOKEN))
    }

    fn is_timely(&self, now: Timestamp) -> bool {
        let second = now.as_second();
        let claims = &self.claims;
        let begun = |from: Option<i64>| from.is_none_or(|from| from <= second + LEEWAY.as_secs());
        let id = claims.jti.len();
        (1..=MAX_ID_BYTES).contains(&id)
            && claims.exp > second
            && claims.exp <= second + (LONGEST + LEEWAY).as_secs()
            && begun(claims.iat)
            && begun(claims.nbf)
    }
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// A key that a client signs by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssertionKey {
    kid: Option<String>,
    public: PublicKey,
}

impl AssertionKey {
    /// Reads a public JWK: P-256 or Ed25519. `None` for another, or one that gives its private half away.
    #[must_use]
    pub fn read(jwk: serde_json::Map<String, serde_json::Value>) -> Option<Self> {
        let kid = jwk.get("kid").and_then(|kid| kid.as_str());
        Some(Self {
            kid: kid.map(str::to_owned),
            public: PublicKey::read(jwk).ok()?,
        })
    }
}
