//! The public key in a proof's header (RFC 7517, RFC 8037).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{ProofError, Thumbprint};

/// Members that only private and symmetric keys have (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key that proofs and assertions of clients may be signed by.
#[derive(Debug, Clone)]
pub(crate) struct PublicKey {
    pub(super) thumbprint: Thumbprint,
    pub(super) algorithm: Algorithm,
    /// Of the TLS provider, which verifies in a fraction of the time.
    verifying: UnparsedPublicKey<Vec<u8>>,
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.thumbprint == other.thumbprint
    }
}

impl Eq for PublicKey {}

#[derive(Deserialize)]
#[serde(tag = "kty")]
enum Jwk {
    #[serde(rename = "EC")]
    Ec { crv: String, x: String, y: String },
    #[serde(rename = "OKP")]
    Okp { crv: String, x: String },
}

impl PublicKey {
    /// Reads the key; refuses one that gives its private half away.
    pub(crate) fn read(jwk: Map<String, Value>) -> Result<Self, ProofError> {
        if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
            return Err(ProofError::PrivateKey);
        }
        let jwk = serde_json::from_value(Value::Object(jwk)).map_err(|_| ProofError::Key)?;
        match jwk {
            Jwk::Ec { crv, x, y } if crv == "P-256" => Self::p256(&x, &y),
            Jwk::Okp { crv, x } if crv == "Ed25519" => Self::ed25519(&x),
            Jwk::Ec { .. } | Jwk::Okp { .. } => Err(ProofError::Key),
        }
    }

    fn p256(x: &str, y: &str) -> Result<Self, ProofError> {
        let (x, y) = (coordinate(x)?, coordinate(y)?);
        let canonical = format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
            URL_SAFE_NO_PAD.encode(x),
            URL_SAFE_NO_PAD.encode(y)
        );
        // SEC 1 §2.3.3: an uncompressed point.
        let point = [&[4][..], &x, &y].concat();
        Ok(Self {
            thumbprint: thumbprint(&canonical),
            algorithm: Algorithm::ES256,
            verifying: UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point),
        })
    }

    fn ed25519(x: &str) -> Result<Self, ProofError> {
        let x = coordinate(x)?;
        let canonical = format!(
            r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
            URL_SAFE_NO_PAD.encode(x)
        );
        Ok(Self {
            thumbprint: thumbprint(&canonical),
            algorithm: Algorithm::EdDSA,
            verifying: UnparsedPublicKey::new(&ED25519, x.to_vec()),
        })
    }

    /// Of a point as certificates hold it: uncompressed (SEC 1 §2.3.3).
    pub(crate) fn of_p256_point(point: &[u8; 65]) -> Option<Self> {
        let coordinates = point.strip_prefix(&[4])?;
        let (x, y) = coordinates.split_at(32);
        Self::p256(&URL_SAFE_NO_PAD.encode(x), &URL_SAFE_NO_PAD.encode(y)).ok()
    }

    /// The point, if it is one of P-256.
    pub(crate) fn p256_point(&self) -> Option<&[u8]> {
        (self.algorithm == Algorithm::ES256).then(|| self.verifying.as_ref())
    }

    /// The name of its algorithm in a JWT.
    pub(crate) fn algorithm_name(&self) -> &'static str {
        if self.algorithm == Algorithm::EdDSA {
            "EdDSA"
        } else {
            "ES256"
        }
    }

    /// Whether it signed the message. A key that lies on no curve signs nothing.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifying.verify(message, signature).is_ok()
    }
}

/// 32 bytes in base64url.
fn coordinate(text: &str) -> Result<[u8; 32], ProofError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ProofError::Key)?;
    bytes.try_into().map_err(|_| ProofError::Key)
}

fn thumbprint(canonical: &str) -> Thumbprint {
    Thumbprint(Sha256::digest(canonical.as_bytes()).into())
}
