use jsonwebtoken::{Algorithm, EncodingKey};
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData as _};
use serde_json::json;

use super::*;

const ISSUER: &str = "https://id.example";
const CLIENT: &str = "portal";
const NOW: i64 = 1_800_000_000;
const RSA: &[u8] = include_bytes!("../../../tests/it/other_algorithm.pem");

/// A provider's keys, and the set that it publishes.
struct Signer {
    ec: KeyPair,
    stranger: KeyPair,
    edwards: KeyPair,
}

impl Signer {
    fn new() -> Self {
        Self {
            ec: KeyPair::generate().unwrap(),
            stranger: KeyPair::generate().unwrap(),
            edwards: KeyPair::generate_for(&PKCS_ED25519).unwrap(),
        }
    }

    fn published(&self) -> Value {
        let point = self.ec.der_bytes();
        let jwk = |key: &EncodingKey| {
            let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(key, Algorithm::RS256).unwrap();
            serde_json::to_value(jwk).unwrap()
        };
        let mut rsa = jwk(&EncodingKey::from_rsa_pem(RSA).unwrap());
        rsa["kid"] = json!("rsa");
        json!({ "keys": [
            { "kty": "EC", "crv": "P-256", "use": "sig", "kid": "ec",
              "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]) },
            { "kty": "OKP", "crv": "Ed25519", "kid": "ed",
              "x": URL_SAFE_NO_PAD.encode(self.edwards.der_bytes()) },
            { "kty": "oct", "kid": "shared", "k": URL_SAFE_NO_PAD.encode("shared") },
            { "kty": "new kind" },
            rsa,
        ] })
    }

    fn keys(&self) -> KeySet {
        KeySet::read(self.published().to_string().as_bytes()).unwrap()
    }

    fn key(&self, name: &str) -> (EncodingKey, Algorithm) {
        match name {
            "ec" => (ec(&self.ec), Algorithm::ES256),
            "stranger" => (ec(&self.stranger), Algorithm::ES256),
            "ed" => {
                let key = EncodingKey::from_ed_der(&self.edwards.serialize_der());
                (key, Algorithm::EdDSA)
            }
            "rsa" => (EncodingKey::from_rsa_pem(RSA).unwrap(), Algorithm::RS256),
            // What a verifier that mixes kinds up would take for a shared secret.
            "public" => {
                let key = EncodingKey::from_secret(self.ec.der_bytes());
                (key, Algorithm::HS256)
            }
            other => (EncodingKey::from_secret(other.as_bytes()), Algorithm::HS256),
        }
    }

    fn sign(&self, by: &str, header: &Value, claims: &str) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", encode(&header.to_string()), encode(claims));
        let (key, algorithm) = self.key(by);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
        format!("{message}.{signature}")
    }
}

fn ec(pair: &KeyPair) -> EncodingKey {
    EncodingKey::from_ec_der(&pair.serialize_der())
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "person-1", "aud": CLIENT, "iat": NOW, "exp": NOW + 300,
        "nonce": "nonce-1", "name": "Анна\nКраснова"
    })
}

fn merged(mut base: Value, patch: &Value) -> Value {
    for (name, value) in patch.as_object().unwrap() {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(name);
        } else {
            base[name] = value.clone();
        }
    }
    base
}

fn check_since(token: &str, keys: &KeySet, since: Option<i64>) -> Result<Identity, UpstreamError> {
    let nonce = "nonce-1".to_owned().into();
    let expected = Expected {
        issuer: ISSUER,
        client: CLIENT,
        nonce: Some(&nonce),
        since: since.map(|second| Timestamp::from_second(second).unwrap()),
        now: Timestamp::from_second(NOW).unwrap(),
    };
    check(token, keys, &expected)
}

#[track_caller]
fn refused(token: &str, keys: &KeySet, check: Check) {
    let outcome = check_since(token, keys, None).map(|_| "taken");
    assert_eq!(outcome, Err(UpstreamError::Untrusted(check)));
}

#[test]
fn auth_11_a_token_of_each_algorithm_is_taken() {
    let signer = Signer::new();
    for (by, header) in [
        ("ec", json!({ "alg": "ES256", "kid": "ec" })),
        ("ec", json!({ "alg": "ES256" })),
        ("ed", json!({ "alg": "EdDSA", "kid": "ed" })),
        ("rsa", json!({ "alg": "RS256", "kid": "rsa" })),
    ] {
        let token = signer.sign(by, &header, &claims().to_string());
        let identity = check_since(&token, &signer.keys(), None).unwrap();
        assert_eq!(identity.subject, "person-1", "{header}");
        assert_eq!(identity.issuer, ISSUER);
        assert_eq!(identity.called.as_deref(), Some("АннаКраснова"));
    }
}

#[test]
fn auth_11_other_algorithms_keys_and_signatures_are_refused() {
    let signer = Signer::new();
    for (by, header, fault) in [
        ("ec", json!({ "alg": "none" }), Check::Algorithm),
        ("portal", json!({ "alg": "HS256" }), Check::Algorithm),
        (
            "public",
            json!({ "alg": "HS256", "kid": "ec" }),
            Check::Algorithm,
        ),
        (
            "shared",
            json!({ "alg": "HS256", "kid": "shared" }),
            Check::Algorithm,
        ),
        ("ec", json!({ "alg": "ES384" }), Check::Algorithm),
        ("ec", json!({ "alg": "es256" }), Check::Algorithm),
        (
            "stranger",
            json!({ "alg": "ES256", "kid": "ec" }),
            Check::Signature,
        ),
        ("stranger", json!({ "alg": "ES256" }), Check::Signature),
        (
            "stranger",
            json!({ "alg": "ES256", "kid": "new" }),
            Check::UnknownKey,
        ),
        (
            "ec",
            json!({ "alg": "ES256", "kid": "rsa" }),
            Check::UnknownKey,
        ),
        (
            "ec",
            json!({ "alg": "ES256", "crit": ["exp"] }),
            Check::Header,
        ),
    ] {
        let token = signer.sign(by, &header, &claims().to_string());
        refused(&token, &signer.keys(), fault);
    }
    let own = json!({ "alg": "ES256", "jwk": signer.published()["keys"][0], "jku": "https://evil.example" });
    let strange = signer.sign("stranger", &own, &claims().to_string());
    refused(&strange, &signer.keys(), Check::Signature);
}

#[test]
fn auth_11_a_token_that_was_touched_is_refused() {
    let signer = Signer::new();
    let header = json!({ "alg": "ES256", "kid": "ec" });
    let token = signer.sign("ec", &header, &claims().to_string());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        let touched = format!("{message}.{}", URL_SAFE_NO_PAD.encode(flipped));
        refused(&touched, &signer.keys(), Check::Signature);
    }
    let (head, _) = message.split_once('.').unwrap();
    let other = merged(claims(), &json!({ "sub": "person-2" })).to_string();
    let swapped = format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(other));
    refused(&swapped, &signer.keys(), Check::Signature);
    for torn in ["", "..", head, message] {
        let outcome = check_since(torn, &signer.keys(), None);
        assert!(outcome.is_err(), "{torn}");
    }
}

#[test]
fn auth_11_claims_of_another_sign_in_are_refused() {
    let signer = Signer::new();
    let header = json!({ "alg": "ES256", "kid": "ec" });
    for (patch, fault) in [
        (json!({ "iss": "https://id.example/" }), Check::Issuer),
        (json!({ "iss": "https://evil.example" }), Check::Issuer),
        (json!({ "iss": null }), Check::IdToken),
        (json!({ "aud": "other" }), Check::Audience),
        (json!({ "aud": null }), Check::IdToken),
        (json!({ "aud": [] }), Check::Audience),
        (
            json!({ "aud": [CLIENT, "other"], "azp": CLIENT }),
            Check::Audience,
        ),
        (json!({ "azp": "other" }), Check::Audience),
        (json!({ "nonce": "nonce-2" }), Check::Nonce),
        (json!({ "nonce": null }), Check::Nonce),
        (json!({ "sub": "" }), Check::Subject),
        (json!({ "sub": "x".repeat(256) }), Check::Subject),
        (json!({ "sub": null }), Check::IdToken),
        (json!({ "exp": NOW - 60 }), Check::Times),
        (json!({ "exp": null }), Check::IdToken),
        (json!({ "exp": "1800000300" }), Check::IdToken),
        (json!({ "exp": 1e308 }), Check::IdToken),
        (json!({ "iat": NOW + 61, "exp": NOW + 300 }), Check::Times),
        (json!({ "iat": NOW - 601 }), Check::Times),
        (json!({ "iat": null }), Check::IdToken),
        (json!({ "iat": NOW, "exp": NOW }), Check::Times),
    ] {
        let token = signer.sign("ec", &header, &merged(claims(), &patch).to_string());
        let outcome = check_since(&token, &signer.keys(), None).map(|_| "taken");
        assert_eq!(outcome, Err(UpstreamError::Untrusted(fault)), "{patch}");
    }
    let twice = claims().to_string().replace('{', r#"{"sub":"person-2","#);
    let token = signer.sign("ec", &header, &twice);
    refused(&token, &signer.keys(), Check::IdToken);
    let alone = merged(claims(), &json!({ "aud": [CLIENT], "azp": CLIENT }));
    let token = signer.sign("ec", &header, &alone.to_string());
    assert!(check_since(&token, &signer.keys(), None).is_ok());
}

#[test]
fn auth_11_a_sign_in_that_must_be_recent_says_when_it_was() {
    let signer = Signer::new();
    let header = json!({ "alg": "ES256", "kid": "ec" });
    let age = Err(UpstreamError::Untrusted(Check::Age));
    for (told, expected) in [
        (json!({ "auth_time": NOW }), Ok("taken")),
        (json!({ "auth_time": NOW - 59 }), Ok("taken")),
        (json!({ "auth_time": NOW - 61 }), age),
        (json!({}), age),
    ] {
        let token = signer.sign("ec", &header, &merged(claims(), &told).to_string());
        let outcome = check_since(&token, &signer.keys(), Some(NOW)).map(|_| "taken");
        assert_eq!(outcome, expected, "{told}");
    }
}

#[test]
fn auth_11_a_weak_key_verifies_nothing() {
    let weak = json!({ "keys": [
        { "kty": "RSA", "kid": "rsa", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode([0xff; 128]) }
    ] });
    let keys = KeySet::read(weak.to_string().as_bytes()).unwrap();
    let signer = Signer::new();
    let header = json!({ "alg": "RS256", "kid": "rsa" });
    let token = signer.sign("rsa", &header, &claims().to_string());
    refused(&token, &keys, Check::UnknownKey);
}
