//! Keys of clients and the proofs that they sign.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, EncodingKey,
    jwk::{Jwk, ThumbprintHash},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519};
use reqwest::Response;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uc_portal::{PortalClock, oidc::DESKTOP_CLIENT};

use crate::harness::{Browser, Fixture, REDIRECT, VERIFIER};

/// A key of one algorithm.
pub(crate) struct ProofKey {
    algorithm: Algorithm,
    signing: EncodingKey,
    pub(crate) jwk: Value,
}

impl ProofKey {
    pub(crate) fn new() -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let (x, y) = pair.public_key_raw()[1..].split_at(32);
        Self {
            algorithm: Algorithm::ES256,
            signing: EncodingKey::from_ec_der(&pair.serialize_der()),
            jwk: json!({"kty": "EC", "crv": "P-256", "x": b64(x), "y": b64(y)}),
        }
    }

    pub(crate) fn ed25519() -> Self {
        let pair = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        Self {
            algorithm: Algorithm::EdDSA,
            signing: EncodingKey::from_ed_der(&pair.serialize_der()),
            jwk: json!({"kty": "OKP", "crv": "Ed25519", "x": b64(pair.public_key_raw())}),
        }
    }

    /// Of an algorithm that no proof may have.
    pub(crate) fn rsa() -> Self {
        let signing = EncodingKey::from_rsa_pem(include_bytes!("other_algorithm.pem")).unwrap();
        let jwk = Jwk::from_encoding_key(&signing, Algorithm::RS256).unwrap();
        Self {
            algorithm: Algorithm::RS256,
            signing,
            jwk: serde_json::to_value(jwk).unwrap(),
        }
    }

    /// The coordinates of a P-256 key.
    pub(crate) fn point(&self) -> (Vec<u8>, Vec<u8>) {
        let part = |name: &str| {
            URL_SAFE_NO_PAD
                .decode(self.jwk[name].as_str().unwrap())
                .unwrap()
        };
        (part("x"), part("y"))
    }

    /// An ECDSA signature as authenticators write it: in DER.
    pub(crate) fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        let signature = jsonwebtoken::crypto::sign(message, &self.signing, self.algorithm).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let (r, s) = signature.split_at(32);
        let body = [integer(r), integer(s)].concat();
        [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat()
    }

    pub(crate) fn thumbprint(&self) -> String {
        let jwk: Jwk = serde_json::from_value(self.jwk.clone()).unwrap();
        jwk.thumbprint(ThumbprintHash::SHA256).unwrap()
    }

    /// A signed JWT of these parts.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| b64(value.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(claims));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.signing, self.algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

/// A positive INTEGER in DER.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let mut digits = number[zeros..].to_vec();
    if digits.first().is_none_or(|first| first & 0x80 != 0) {
        digits.insert(0, 0);
    }
    [&[2, u8::try_from(digits.len()).unwrap()], &digits[..]].concat()
}

pub(crate) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A proof before it is signed.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

impl Draft {
    pub(crate) fn sign(&self, key: &ProofKey) -> String {
        key.sign(&self.header, &self.claims)
    }
}

/// A client that shows proofs.
pub(crate) struct Prover<'a> {
    pub(crate) fixture: &'a Fixture,
    pub(crate) browser: &'a Browser,
    pub(crate) key: ProofKey,
    /// The portal's nonce; without one, none is put in.
    pub(crate) nonce: Option<String>,
}

impl<'a> Prover<'a> {
    pub(crate) async fn new(fixture: &'a Fixture, browser: &'a Browser) -> Self {
        let mut prover = Self {
            fixture,
            browser,
            key: ProofKey::new(),
            nonce: None,
        };
        prover.renew_nonce().await;
        prover
    }

    /// Takes the nonce that comes with a refusal.
    pub(crate) async fn renew_nonce(&mut self) {
        let refused = self.post("/oauth2/token", &[]).await;
        let nonce = refused.headers()["dpop-nonce"].to_str().unwrap();
        self.nonce = Some(nonce.to_owned());
    }

    pub(crate) fn draft(&self, method: &str, path: &str, access: Option<&str>) -> Draft {
        static DRAWN: AtomicU64 = AtomicU64::new(0);
        let now = self.fixture.clock.now();
        let mut claims = json!({
            "jti": format!("proof-{}", DRAWN.fetch_add(1, Ordering::Relaxed)),
            "htm": method,
            "htu": self.browser.url(path).as_str(),
            "iat": now.as_second(),
        });
        if let Some(access) = access {
            claims["ath"] = b64(&Sha256::digest(access.as_bytes())).into();
        }
        if let Some(nonce) = &self.nonce {
            claims["nonce"] = nonce.clone().into();
        }
        let alg = serde_json::to_value(self.key.algorithm).unwrap();
        Draft {
            header: json!({"typ": "dpop+jwt", "alg": alg, "jwk": self.key.jwk}),
            claims,
        }
    }

    /// A form with a proof.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let proof = self.draft("POST", path, None).sign(&self.key);
        self.post_with(path, form, &proof).await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        form: &[(&str, &str)],
        proof: &str,
    ) -> Response {
        let request = self.browser.http.post(self.browser.url(path)).form(form);
        request.header("dpop", proof).send().await.unwrap()
    }

    /// Reads with a token and a proof for it.
    pub(crate) async fn get(&self, path: &str, access: &str) -> Response {
        let proof = self.draft("GET", path, Some(access)).sign(&self.key);
        self.get_with(path, access, &[&proof]).await
    }

    pub(crate) async fn get_with(&self, path: &str, access: &str, proofs: &[&str]) -> Response {
        let mut request = self.browser.http.get(self.browser.url(path));
        for proof in proofs {
            request = request.header("dpop", *proof);
        }
        let request = request.header("authorization", format!("DPoP {access}"));
        request.send().await.unwrap()
    }

    pub(crate) async fn redeem(&self, code: &str) -> Response {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", DESKTOP_CLIENT),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("code", code),
        ];
        self.post("/oauth2/token", &form).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Response {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", DESKTOP_CLIENT),
            ("refresh_token", token),
        ];
        self.post("/oauth2/token", &form).await
    }
}
