//! The public key in a proof's header (RFC 7517, RFC 8037).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::{ProofError, Thumbprint};

/// Members that only private and symmetric keys have (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key that proofs may be signed by.
pub(super) struct PublicKey {
    pub(super) thumbprint: Thumbprint,
    pub(super) algorithm: Algorithm,
    pub(super) verifying: DecodingKey,
}

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
    pub(super) fn read(jwk: Map<String, Value>) -> Result<Self, ProofError> {
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
        Ok(Self {
            thumbprint: thumbprint(&format!(
                r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#
            )),
            algorithm: Algorithm::ES256,
            verifying: DecodingKey::from_ec_components(&x, &y).map_err(|_| ProofError::Key)?,
        })
    }

    fn ed25519(x: &str) -> Result<Self, ProofError> {
        let x = coordinate(x)?;
        Ok(Self {
            thumbprint: thumbprint(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)),
            algorithm: Algorithm::EdDSA,
            verifying: DecodingKey::from_ed_components(&x).map_err(|_| ProofError::Key)?,
        })
    }
}

/// 32 bytes in base64url, in their one form.
fn coordinate(text: &str) -> Result<String, ProofError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ProofError::Key)?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| ProofError::Key)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn thumbprint(canonical: &str) -> Thumbprint {
    Thumbprint(Sha256::digest(canonical.as_bytes()).into())
}
