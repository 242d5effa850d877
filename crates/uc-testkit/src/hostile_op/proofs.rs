//! Proofs of possession, as a strict server checks them (RFC 9449 §4.3).

use std::{collections::HashSet, sync::atomic::Ordering};

use axum::response::{IntoResponse as _, Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Method, StatusCode, header};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{HostileOp, ISSUER, count, lock, script::Proofs};

/// How far a proof's time may be from the provider's, in seconds: less than an uncorrected clock would need.
const LEEWAY: i64 = 5;

/// Who checks: each has its own nonces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checker {
    Provider,
    Portal,
}

/// What servers remember of proofs.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    ids: HashSet<String>,
    /// The number of the current nonce of provider and portal.
    nonces: [u32; 2],
    /// The thumbprint that the session is bound to.
    pub(super) bound_to: Option<String>,
}

impl HostileOp {
    /// The thumbprint of the key that proved the request, or the answer that refuses it.
    pub(super) fn check_proof(
        &self,
        who: Checker,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        access: Option<&str>,
    ) -> Result<Option<String>, Box<Response>> {
        let proofs = lock(&self.0.script).proofs;
        if proofs == Proofs::Unknown {
            return Ok(None);
        }
        let proof = Proof::read(headers).ok_or_else(|| Box::new(refuse(who, "no proof")))?;
        let claims = &proof.claims;
        let second = self.now().as_second();
        let fits = claims["htm"] == method.as_str()
            && claims["htu"] == format!("{ISSUER}{path}")
            && claims["iat"]
                .as_i64()
                .is_some_and(|at| (at - second).abs() <= LEEWAY)
            && claims["ath"].as_str().map(str::to_owned) == access.map(digest);
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        if !fits || id.len() < 43 || !lock(&self.0.remembered).ids.insert(id) {
            return Err(Box::new(refuse(who, &format!("{claims}"))));
        }
        self.check_nonce(who, proofs, claims["nonce"].as_str())?;
        count(&self.0.counters.proofs);
        Ok(Some(proof.thumbprint))
    }

    fn check_nonce(
        &self,
        who: Checker,
        proofs: Proofs,
        nonce: Option<&str>,
    ) -> Result<(), Box<Response>> {
        let mut remembered = lock(&self.0.remembered);
        let current = &mut remembered.nonces[who as usize];
        let wanted = nonce_of(who, *current);
        let met = nonce == Some(wanted.as_str());
        match proofs {
            Proofs::Unknown | Proofs::Demanded => return Ok(()),
            Proofs::WithNonce if met => return Ok(()),
            Proofs::WithNewNonces if met => {
                *current += 1;
                return Ok(());
            }
            Proofs::Insatiable => *current += 1,
            Proofs::WithNonce | Proofs::WithNewNonces | Proofs::NonceWithheld => {}
        }
        let given = (proofs != Proofs::NonceWithheld).then(|| nonce_of(who, *current));
        Err(Box::new(demand_nonce(who, given.as_deref())))
    }

    /// How many proofs were taken.
    #[must_use]
    pub fn proofs_taken(&self) -> usize {
        self.0.counters.proofs.load(Ordering::Relaxed)
    }
}

fn nonce_of(who: Checker, number: u32) -> String {
    format!("{who:?}-{number}")
}

fn demand_nonce(who: Checker, nonce: Option<&str>) -> Response {
    let mut response = match who {
        Checker::Provider => {
            let body = axum::Json(json!({ "error": "use_dpop_nonce" }));
            (StatusCode::BAD_REQUEST, body).into_response()
        }
        // In letters of any size (RFC 9110 §11.1).
        Checker::Portal => {
            let challenge = "dPoP error=\"use_dpop_nonce\", error_description=\"again\"";
            (
                StatusCode::UNAUTHORIZED,
                [(header::WWW_AUTHENTICATE, challenge)],
            )
                .into_response()
        }
    };
    if let Some(nonce) = nonce {
        let nonce = nonce.parse().expect("a header");
        response.headers_mut().insert("dpop-nonce", nonce);
    }
    response
}

fn refuse(who: Checker, why: &str) -> Response {
    let status = match who {
        Checker::Provider => StatusCode::BAD_REQUEST,
        Checker::Portal => StatusCode::UNAUTHORIZED,
    };
    let body = json!({ "error": "invalid_dpop_proof", "error_description": why });
    (status, axum::Json(body)).into_response()
}

/// A proof whose signature fits its own key.
struct Proof {
    claims: Value,
    thumbprint: String,
}

impl Proof {
    fn read(headers: &HeaderMap) -> Option<Self> {
        let mut all = headers.get_all("dpop").iter();
        let (Some(text), None) = (all.next(), all.next()) else {
            return None;
        };
        let (message, signature) = text.to_str().ok()?.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let decode = |part: &str| -> Option<Value> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        };
        let (header, claims) = (decode(header)?, decode(claims)?);
        let jwk = &header["jwk"];
        let lawful = header["typ"] == "dpop+jwt"
            && header["alg"] == "ES256"
            && jwk["kty"] == "EC"
            && jwk["crv"] == "P-256"
            && jwk["d"].is_null();
        let (x, y) = (jwk["x"].as_str()?, jwk["y"].as_str()?);
        let key = DecodingKey::from_ec_components(x, y).ok()?;
        let message = message.as_bytes();
        let signed = jsonwebtoken::crypto::verify(signature, message, &key, Algorithm::ES256);
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        (lawful && signed.ok()?).then(|| Self {
            claims,
            thumbprint: digest(&canonical),
        })
    }
}

fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}
