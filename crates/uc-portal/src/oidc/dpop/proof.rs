//! One proof, checked against the request that shows it (RFC 9449 §4.3).

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::Algorithm;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use url::Url;

use super::{Thumbprint, key::PublicKey};
use crate::entropy::TokenHash;

/// How far a client's clock may be from ours: a proof is good for that long, before and after its `iat`.
const LEEWAY: SignedDuration = SignedDuration::from_mins(5);
/// Bytes of a proof, at most.
const MAX_PROOF_BYTES: usize = 8 * 1024;
/// Bytes of a `jti`, at most.
const MAX_ID_BYTES: usize = 256;
/// The type of a proof.
const KIND: &str = "dpop+jwt";

/// Why a proof proves nothing. Never told in detail: the client is told that it is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// No JWT, or a member is absent or of another kind.
    #[error("malformed proof")]
    Shape,
    /// Several proofs came.
    #[error("more than one proof")]
    Several,
    /// None came where one must.
    #[error("no proof")]
    Missing,
    /// It is a JWT of another kind.
    #[error("the type is another")]
    Type,
    /// An algorithm that is not taken, or not the key's.
    #[error("the algorithm is not taken")]
    Algorithm,
    /// No public key of a kind that is taken.
    #[error("the key is not taken")]
    Key,
    /// The key gives its private half away.
    #[error("the key is private")]
    PrivateKey,
    /// Another key signed it.
    #[error("the signature does not fit")]
    Signature,
    /// Made for a request of another method.
    #[error("the method is another")]
    Method,
    /// Made for another endpoint.
    #[error("the address is another")]
    Url,
    /// Too old, or of the future.
    #[error("the time is too far off")]
    Time,
    /// Made for another access token, or for none.
    #[error("the access token is another")]
    Token,
    /// Made for another body, or for none.
    #[error("the body is another")]
    Body,
    /// Shown before.
    #[error("shown before")]
    Repeated,
    /// By another key than the authorization request named.
    #[error("the key is another")]
    OtherKey,
}

/// The request that shows a proof.
pub(super) struct Expected<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a str,
    pub(super) access_token: Option<&'a str>,
    pub(super) now: Timestamp,
}

/// A proof that holds, unless it was shown before or lacks a nonce.
#[derive(Debug)]
pub(super) struct Proof {
    pub(super) key: Thumbprint,
    /// Of the key and the proof's id.
    pub(super) id: TokenHash,
    /// When nobody takes it any more.
    pub(super) expires_at: Timestamp,
    pub(super) nonce: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Map<String, Value>,
    /// Extensions that must be understood; we understand none.
    crit: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: f64,
    ath: Option<String>,
    nonce: Option<String>,
    /// Of a device's proof: the hash of the body.
    pub(super) body: Option<String>,
}

/// What somebody has signed.
pub(super) struct Signed {
    pub(super) key: PublicKey,
    pub(super) claims: Claims,
}

impl Proof {
    /// Everything that the proof itself tells.
    pub(super) fn check(text: &str, expected: &Expected<'_>) -> Result<Self, ProofError> {
        Self::of(Signed::read(text, KIND)?, expected)
    }

    /// Whether what was signed is about this request.
    pub(super) fn of(signed: Signed, expected: &Expected<'_>) -> Result<Self, ProofError> {
        let Signed { key, claims } = signed;
        if claims.htm != expected.method.as_str() {
            return Err(ProofError::Method);
        }
        if !is_same_endpoint(&claims.htu, expected.url) {
            return Err(ProofError::Url);
        }
        let issued_at = instant(claims.iat)?;
        if expected.now.duration_since(issued_at).abs() > LEEWAY {
            return Err(ProofError::Time);
        }
        let token = expected.access_token.map(token_hash);
        if token.is_some() && claims.ath != token {
            return Err(ProofError::Token);
        }
        if claims.jti.is_empty() || claims.jti.len() > MAX_ID_BYTES {
            return Err(ProofError::Shape);
        }
        let key = key.thumbprint;
        Ok(Self {
            id: TokenHash::of(&format!("dpop {key} {}", claims.jti)),
            key,
            expires_at: issued_at
                .saturating_add(LEEWAY + SignedDuration::from_secs(1))
                .unwrap_or(Timestamp::MAX),
            nonce: claims.nonce,
        })
    }
}

impl Signed {
    /// The claims of a JWT of this type, and the key in its header that signed them.
    pub(super) fn read(text: &str, kind: &str) -> Result<Self, ProofError> {
        if text.len() > MAX_PROOF_BYTES {
            return Err(ProofError::Shape);
        }
        let (message, signature) = text.rsplit_once('.').ok_or(ProofError::Shape)?;
        let (header, claims) = message.split_once('.').ok_or(ProofError::Shape)?;
        let header: Header = read(header)?;
        if header.typ != kind {
            return Err(ProofError::Type);
        }
        if header.crit.is_some() {
            return Err(ProofError::Shape);
        }
        let algorithm = match header.alg.as_str() {
            "ES256" => Algorithm::ES256,
            "EdDSA" => Algorithm::EdDSA,
            _ => return Err(ProofError::Algorithm),
        };
        let key = PublicKey::read(header.jwk)?;
        if key.algorithm != algorithm {
            return Err(ProofError::Algorithm);
        }
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| ProofError::Signature)?;
        if !key.signed(message.as_bytes(), &signature) {
            return Err(ProofError::Signature);
        }
        let claims = read(claims)?;
        Ok(Self { key, claims })
    }
}

fn read<T: DeserializeOwned>(part: &str) -> Result<T, ProofError> {
    let json = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| ProofError::Shape)?;
    serde_json::from_slice(&json).map_err(|_| ProofError::Shape)
}

/// A `NumericDate` (RFC 7519 §2), which may have a fraction.
fn instant(seconds: f64) -> Result<Timestamp, ProofError> {
    SignedDuration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|since| Timestamp::from_duration(since).ok())
        .ok_or(ProofError::Time)
}

/// `ath` (RFC 9449 §4.2).
fn token_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(TokenHash::of(access_token).0)
}

/// Compared as RFC 9449 §4.3 step 9 says: normalized, without query and fragment.
fn is_same_endpoint(htu: &str, expected: &str) -> bool {
    endpoint(htu).is_some_and(|url| endpoint(expected) == Some(url))
}

fn endpoint(text: &str) -> Option<Url> {
    // A parser of URLs mends blanks; a proof with some was made for no request.
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let mut url = Url::parse(text).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn op_61_addresses_are_compared_as_addresses() {
        let here = "https://portal.example/v1/profile";
        for (shown, is_here) in [
            (here, true),
            ("HTTPS://Portal.Example/v1/profile", true),
            ("https://portal.example:443/v1/profile", true),
            ("https://portal.example/v1/profile?a=1#b", true),
            ("https://portal.example/v1/./profile", true),
            ("https://portal.example:8443/v1/profile", false),
            ("http://portal.example/v1/profile", false),
            ("https://portal.example/V1/profile", false),
            ("https://portal.example/v1/profile/", false),
            ("https://portal.example.evil/v1/profile", false),
            ("https://anna@portal.example/v1/profile", false),
            (" https://portal.example/v1/profile", false),
            ("/v1/profile", false),
        ] {
            assert_eq!(is_same_endpoint(shown, here), is_here, "{shown}");
        }
    }
}
