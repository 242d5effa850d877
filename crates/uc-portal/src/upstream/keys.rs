//! A provider's public keys (RFC 7517), and the signatures that they fit.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::{Check, UpstreamError};

/// Keys that are tried for a token that does not name its own.
const MOST_TRIED: usize = 4;
/// Bytes of an RSA modulus, at least (RFC 7518 §3.3).
const LEAST_MODULUS_BYTES: usize = 256;

/// Algorithms that ID tokens may be signed by: none is symmetric, and `none` is none of them.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "ES256" => Some(Algorithm::ES256),
        "EdDSA" => Some(Algorithm::EdDSA),
        "PS256" => Some(Algorithm::PS256),
        "RS256" => Some(Algorithm::RS256),
        _ => None,
    }
}

/// The keys that a provider published.
#[derive(Debug, Clone)]
pub(super) struct KeySet(Vec<PublicKey>);

#[derive(Debug, Clone, Deserialize)]
struct PublicKey {
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    #[serde(flatten)]
    material: Material,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kty")]
enum Material {
    #[serde(rename = "EC")]
    Ec { crv: String, x: String, y: String },
    #[serde(rename = "OKP")]
    Okp { crv: String, x: String },
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a set; keys of kinds that are not taken are left out.
    pub(super) fn read(text: &[u8]) -> Result<Self, UpstreamError> {
        let document: Document = serde_json::from_slice(text).map_err(|_| UpstreamError::Failed)?;
        let keys = document.keys.into_iter();
        Ok(Self(
            keys.filter_map(|key| serde_json::from_value(key).ok())
                .collect(),
        ))
    }

    /// Fails unless a key of the set signed the message; `kid` is the one that it names.
    pub(super) fn check(
        &self,
        (message, signature): (&str, &str),
        kid: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<(), UpstreamError> {
        let named = self
            .0
            .iter()
            .filter(|key| kid.is_none() || key.kid.as_deref() == kid)
            .filter(|key| key.is_for(algorithm))
            .take(MOST_TRIED);
        let keys: Vec<DecodingKey> = named.filter_map(|key| key.material.read()).collect();
        if keys.is_empty() {
            return Err(UpstreamError::Untrusted(Check::UnknownKey));
        }
        let signed = keys.iter().any(|key| {
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm)
                .unwrap_or(false)
        });
        if signed {
            Ok(())
        } else {
            Err(UpstreamError::Untrusted(Check::Signature))
        }
    }
}

impl PublicKey {
    /// Whether it may verify signatures of this algorithm: by its kind, and by what it says of itself.
    fn is_for(&self, wanted: Algorithm) -> bool {
        let fits = match &self.material {
            Material::Ec { crv, .. } => wanted == Algorithm::ES256 && crv == "P-256",
            Material::Okp { crv, .. } => wanted == Algorithm::EdDSA && crv == "Ed25519",
            Material::Rsa { .. } => [Algorithm::RS256, Algorithm::PS256].contains(&wanted),
        };
        let signs = self.usage.as_deref().is_none_or(|usage| usage == "sig");
        let named = self
            .alg
            .as_deref()
            .is_none_or(|name| algorithm(name) == Some(wanted));
        fits && signs && named
    }
}

impl Material {
    /// `None` when it is malformed or weak.
    fn read(&self) -> Option<DecodingKey> {
        match self {
            Self::Ec { x, y, .. } => DecodingKey::from_ec_components(x, y).ok(),
            Self::Okp { x, .. } => DecodingKey::from_ed_components(x).ok(),
            Self::Rsa { n, e } => {
                let modulus = URL_SAFE_NO_PAD.decode(n).ok()?;
                let strong = modulus.len() >= LEAST_MODULUS_BYTES;
                strong.then(|| DecodingKey::from_rsa_components(n, e).ok())?
            }
        }
    }
}
