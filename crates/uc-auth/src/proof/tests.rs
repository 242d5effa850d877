use proptest::prelude::*;
use rand::{SeedableRng as _, rngs::StdRng};

use super::*;

fn key() -> ProofKey {
    ProofKey::generate(&mut StdRng::seed_from_u64(7))
}

fn address() -> Url {
    "https://op.test/token?a=b#c".parse().expect("an address")
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
    values
        .iter()
        .map(|value| (name.clone(), value.parse().expect("a header")))
        .collect()
}

#[test]
fn rp_19_a_proof_names_the_request_the_token_and_the_nonce() {
    let access = SecretString::new("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU".to_owned());
    let proof = key().prove(&Proof {
        method: &Method::POST,
        address: &address(),
        access: Some(&access),
        nonce: Some("n-1"),
        at: Timestamp::from_second(1_562_262_616).expect("an instant"),
        id: "id-1",
        body: None,
    });
    let parts: Vec<&str> = proof.split('.').collect();
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("dpop+jwt"), &json!("ES256"))
    );
    let members: Vec<&String> = header["jwk"].as_object().expect("a key").keys().collect();
    assert_eq!(members, ["crv", "kty", "x", "y"], "nothing private");
    // The hash is of the example in RFC 9449 §7.1.
    let expected = json!({
        "jti": "id-1", "htm": "POST", "htu": "https://op.test/token", "iat": 1_562_262_616,
        "ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", "nonce": "n-1"
    });
    assert_eq!(claims, expected);
}

#[test]
fn rp_19_the_thumbprint_is_that_of_rfc_9449() {
    let jwk = json!({
        "kty": "EC", "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
    });
    assert_eq!(
        thumbprint(&jwk),
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    );
}

#[test]
fn rp_19_a_key_comes_back_from_its_scalar_and_nonsense_is_none() {
    let again = ProofKey::parse(&key().expose()).expect("a key");
    assert_eq!(again.thumbprint(), key().thumbprint());
    assert!(ProofKey::parse(&SecretBytes::new([0; 32])).is_err());
    assert!(ProofKey::parse(&SecretBytes::new([0xff; 32])).is_err());
    assert_eq!(format!("{:?}", key()), "ProofKey(•••)");
}

#[test]
fn rp_19_only_one_lawful_nonce_is_heard() {
    let nonces = Nonces::default();
    for senseless in [&[""][..], &["a b"], &["a", "b"], &["a\"b"], &[]] {
        assert!(
            !nonces.learn(&headers(&DPOP_NONCE, senseless)),
            "{senseless:?}"
        );
    }
    assert!(!nonces.learn(&headers(&DPOP_NONCE, &["x".repeat(513).as_str()])));
    assert_eq!(nonces.newest(), None);
    assert!(nonces.learn(&headers(&DPOP_NONCE, &["eyJ7S_zG.eyJH0-Z.HX4w-7v"])));
    assert_eq!(nonces.newest().as_deref(), Some("eyJ7S_zG.eyJH0-Z.HX4w-7v"));
}

#[test]
fn rp_19_a_demand_for_a_nonce_is_told_from_other_refusals() {
    let none = HeaderMap::new();
    let demand = br#"{"error":"use_dpop_nonce"}"#;
    let check = |status: u16, challenge: &[&str], body: &[u8], expected| {
        let status = StatusCode::from_u16(status).expect("a status");
        let headers = headers(&header::WWW_AUTHENTICATE, challenge);
        assert_eq!(
            wants_nonce(status, &headers, body),
            expected,
            "{status} {challenge:?}"
        );
    };
    check(400, &[], demand, true);
    check(401, &[], demand, true);
    check(401, &["DPoP error=\"use_dpop_nonce\""], b"", true);
    check(
        401,
        &["Bearer", "dpop realm=\"a\", error=\"use_dpop_nonce\""],
        b"",
        true,
    );
    check(401, &["Bearer error=\"use_dpop_nonce\""], b"", false);
    check(401, &["DPoP error=\"invalid_token\""], b"", false);
    check(400, &[], br#"{"error":"invalid_dpop_proof"}"#, false);
    check(200, &[], demand, false);
    assert!(!wants_nonce(StatusCode::UNAUTHORIZED, &none, b"<html>"));
}

proptest! {
    #[test]
    fn rp_19_every_scalar_that_is_a_key_signs(bytes in any::<[u8; 32]>()) {
        if let Ok(key) = ProofKey::parse(&SecretBytes::new(bytes)) {
            prop_assert_eq!(*key.expose().expose(), bytes);
            prop_assert_eq!(key.thumbprint().len(), 43);
        }
    }
}
