//! Proofs of possession (RFC 9449): whoever shows a token must also hold the key that it is bound to.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use jiff::Timestamp;
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    elliptic_curve::Generate as _,
};
use rand::CryptoRng;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uc_model::{SecretBytes, SecretString};
use url::Url;

use crate::{flow::random_text, lock::Unsealable};

/// Carries a proof.
pub const DPOP: HeaderName = HeaderName::from_static("dpop");
/// Carries what the next proof must hold.
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// The error of an answer that demands a nonce (RFC 9449 §8, §9).
const USE_NONCE: &str = "use_dpop_nonce";
/// The longest nonce that is repeated.
const MAX_NONCE_BYTES: usize = 512;
const KEY_BYTES: usize = 32;
/// The type of proofs that a device's key signs.
const DEVICE_PROOF_TYPE: &str = "device-proof+jwt";

/// A session's key, or the device's: P-256. It leaves memory only wrapped.
#[derive(Clone)]
pub struct ProofKey(SigningKey);

impl ProofKey {
    /// A key for a new session.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(SigningKey::generate_from_rng(rng))
    }

    /// A key as a session slot gave it back.
    pub fn parse(scalar: &SecretBytes<KEY_BYTES>) -> Result<Self, Unsealable> {
        SigningKey::from_slice(scalar.expose())
            .map(Self)
            .map_err(|_| Unsealable)
    }

    /// The scalar, for a session slot.
    #[must_use]
    pub fn expose(&self) -> SecretBytes<KEY_BYTES> {
        let mut scalar = SecretBytes::new([0; KEY_BYTES]);
        scalar.expose_mut().copy_from_slice(&self.0.to_bytes());
        scalar
    }

    /// What a provider binds tokens to (RFC 7638).
    #[must_use]
    pub fn thumbprint(&self) -> String {
        thumbprint(&self.public_jwk())
    }

    /// Signs a proof.
    #[must_use]
    pub fn prove(&self, proof: &Proof<'_>) -> String {
        let kind = match proof.body {
            Some(_) => DEVICE_PROOF_TYPE,
            None => "dpop+jwt",
        };
        let header = json!({ "alg": "ES256", "jwk": self.public_jwk(), "typ": kind });
        let encode = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let message = format!("{}.{}", encode(&header), encode(&proof.claims()));
        let signature: Signature = self.0.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn public_jwk(&self) -> Value {
        let point = self.0.verifying_key().to_sec1_point(false);
        // The point of a key is never the one at infinity, which alone has no coordinates.
        let bytes = point.as_bytes();
        let coordinate = |range| URL_SAFE_NO_PAD.encode(bytes.get(range).unwrap_or_default());
        json!({
            "crv": "P-256",
            "kty": "EC",
            "x": coordinate(1..33),
            "y": coordinate(33..65)
        })
    }
}

impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofKey(•••)")
    }
}

/// What a proof is about: one request, once.
#[derive(Debug)]
pub struct Proof<'a> {
    /// The request's method.
    pub method: &'a Method,
    /// Where it goes; query and fragment have no part in it (RFC 9449 §4.2).
    pub address: &'a Url,
    /// The token that is shown with it.
    pub access: Option<&'a SecretString>,
    /// What the server wants to see in it.
    pub nonce: Option<&'a str>,
    /// Now, by the server's clock.
    pub at: Timestamp,
    /// Makes it one of a kind.
    pub id: &'a str,
    /// The request's body, where the device's key signs it: the proof is then none of a session's key.
    pub body: Option<&'a [u8]>,
}

impl Proof<'_> {
    /// An id of 256 random bits.
    pub fn new_id(rng: &mut impl CryptoRng) -> String {
        random_text(rng).expose().clone()
    }

    fn claims(&self) -> Value {
        let mut address = self.address.clone();
        address.set_query(None);
        address.set_fragment(None);
        let mut claims = json!({
            "jti": self.id,
            "htm": self.method.as_str(),
            "htu": address.as_str(),
            "iat": self.at.as_second()
        });
        if let Some(access) = self.access {
            claims["ath"] = digest(access.expose().as_bytes()).into();
        }
        if let Some(nonce) = self.nonce {
            claims["nonce"] = nonce.into();
        }
        if let Some(body) = self.body {
            claims["body"] = digest(body).into();
        }
        claims
    }
}

/// What a server wants to see in the next proof. Provider and portal each have their own (RFC 9449 §9).
#[derive(Debug, Default)]
pub struct Nonces(Mutex<Option<String>>);

impl Nonces {
    /// The newest one, if the server gave any.
    #[must_use]
    pub fn newest(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Takes the nonce of an answer over. Says whether there was one.
    pub fn learn(&self, headers: &HeaderMap) -> bool {
        let Some(nonce) = read_nonce(headers) else {
            return false;
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce);
        true
    }
}

/// Exactly one header, of characters that a nonce may have (RFC 9449 §8.1).
fn read_nonce(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(DPOP_NONCE).iter();
    let (Some(nonce), None) = (all.next(), all.next()) else {
        return None;
    };
    let nonce = nonce.to_str().ok()?;
    let lawful = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    let fits = !nonce.is_empty() && nonce.len() <= MAX_NONCE_BYTES && nonce.bytes().all(lawful);
    fits.then(|| nonce.to_owned())
}

/// Whether an answer says no only because the proof lacked the server's nonce: as the provider says it (RFC 9449 §8),
/// or as the portal does (§9). The schemes of the latter are compared without regard to case.
#[must_use]
pub fn wants_nonce(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
    match status {
        StatusCode::BAD_REQUEST => names_the_error(body),
        StatusCode::UNAUTHORIZED => challenges(headers) || names_the_error(body),
        _ => false,
    }
}

fn names_the_error(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body["error"] == USE_NONCE)
}

fn challenges(headers: &HeaderMap) -> bool {
    let wanted = format!("error=\"{USE_NONCE}\"");
    headers
        .get_all(header::WWW_AUTHENTICATE)
        .iter()
        .filter_map(|challenge| challenge.to_str().ok())
        .any(|challenge| {
            let scheme = challenge.split(' ').next().unwrap_or_default();
            scheme.eq_ignore_ascii_case("dpop") && challenge.contains(&wanted)
        })
}

/// RFC 7638 §3: the members that make the key, in the order of their names.
fn thumbprint(jwk: &Value) -> String {
    let member = |name: &str| jwk[name].to_string();
    let (crv, kty, x, y) = (member("crv"), member("kty"), member("x"), member("y"));
    digest(format!(r#"{{"crv":{crv},"kty":{kty},"x":{x},"y":{y}}}"#).as_bytes())
}

fn digest(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
