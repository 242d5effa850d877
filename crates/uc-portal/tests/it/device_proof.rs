//! Acts that the device signs: with the key that the portal has certified for the session, once, and about this body.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uc_portal_api::{CertifyDevice, DEVICE_PROOF, DeviceCertificate, Endpoint as _};

use crate::{
    citizen::{Citizen, submission, uuid},
    harness::{Fixture, problem},
    proof_key::{Draft, ProofKey, Prover, b64},
};

/// A citizen whose client has a device's key.
struct Signer<'a> {
    citizen: &'a Citizen,
    prover: Prover<'a>,
}

impl<'a> Signer<'a> {
    async fn new(fixture: &'a Fixture, citizen: &'a Citizen) -> Self {
        let prover = Prover::new(fixture, &citizen.browser).await;
        Self { citizen, prover }
    }

    fn draft(&self, method: &str, path: &str, body: &[u8]) -> Draft {
        let access = self.citizen.access_token();
        let mut draft = self.prover.draft(method, path, Some(access));
        draft.header["typ"] = "device-proof+jwt".into();
        draft.claims["body"] = b64(&Sha256::digest(body)).into();
        draft
    }

    fn proof(&self, method: &str, path: &str, body: &[u8]) -> String {
        self.draft(method, path, body).sign(&self.prover.key)
    }

    async fn certify(&self) -> Response {
        let proof = self.proof("PUT", CertifyDevice::PATH, b"");
        let request = self.citizen.request(Method::PUT, CertifyDevice::PATH);
        request.header(DEVICE_PROOF, proof).send().await.unwrap()
    }

    /// Submits with these headers in the place of a proof.
    async fn submit_with(&self, number: u8, body: &Value, proofs: &[&str]) -> Response {
        let key = uuid(number.wrapping_add(128));
        let mut request = self.citizen.put(uuid(number), key, body);
        for proof in proofs {
            request = request.header(DEVICE_PROOF, *proof);
        }
        request.send().await.unwrap()
    }

    fn submission_proof(&self, number: u8, body: &Value) -> Draft {
        let body = serde_json::to_vec(body).unwrap();
        self.draft("PUT", &submission_path(number), &body)
    }
}

fn submission_path(number: u8) -> String {
    format!("/v1/applications/{}", uuid(number))
}

#[tokio::test]
async fn auth_09_a_session_with_a_devices_key_sends_nothing_that_the_key_has_not_signed() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let signer = Signer::new(&fixture, &citizen).await;
    citizen.submit_new(1).await;
    let certified = signer.certify().await;
    assert_eq!(certified.status(), StatusCode::OK);
    let first: DeviceCertificate = certified.json().await.unwrap();
    // A repeat, whose answer was lost, gives the same certificate.
    let again: DeviceCertificate = signer.certify().await.json().await.unwrap();
    assert_eq!(again, first);
    let body = submission();
    let bare = signer.submit_with(2, &body, &[]).await;
    assert_eq!(bare.status(), StatusCode::FORBIDDEN);
    assert_eq!(problem(bare).await, "device_not_proven");
    let proof = signer.submission_proof(2, &body).sign(&signer.prover.key);
    let sent = signer.submit_with(2, &body, &[&proof]).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    // Reading needs no signature.
    citizen.application(uuid(2)).await;
    let cancel = format!("/v1/applications/{}/cancel", uuid(2));
    let unsigned = citizen.cancel(uuid(2), uuid(9)).await;
    assert_eq!(problem(unsigned).await, "device_not_proven");
    let request = citizen.request(Method::POST, &cancel);
    let request = request.header("idempotency-key", uuid(9).to_string());
    let proof = signer.proof("POST", &cancel, b"");
    let cancelled = request.header(DEVICE_PROOF, proof).send().await.unwrap();
    assert_eq!(cancelled.status(), StatusCode::OK);
}

#[tokio::test]
async fn auth_09_a_devices_proof_is_refused_when_anything_in_it_is_another() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let signer = Signer::new(&fixture, &citizen).await;
    assert_eq!(signer.certify().await.status(), StatusCode::OK);
    let body = submission();
    let good = signer.submission_proof(1, &body);
    let changed = |member: &str, value: Value| {
        let mut draft = good.clone();
        draft.claims[member] = value;
        draft.sign(&signer.prover.key)
    };
    let mut of_session = good.clone();
    of_session.header["typ"] = "dpop+jwt".into();
    let own = &signer.prover.key;
    let stranger = ProofKey::new();
    let mut by_stranger = good.clone();
    by_stranger.header["jwk"] = stranger.jwk.clone();
    let proof = good.sign(own);
    for (case, proofs) in [
        ("another body", vec![changed("body", json!(b64(&[0; 32])))]),
        ("no body", vec![changed("body", Value::Null)]),
        ("another method", vec![changed("htm", json!("POST"))]),
        (
            "another place",
            vec![changed(
                "htu",
                json!(citizen.browser.url("/v1/feed").as_str()),
            )],
        ),
        ("another token", vec![changed("ath", json!(b64(&[0; 32])))]),
        ("another time", vec![changed("iat", json!(1_000_000_000))]),
        ("another type", vec![of_session.sign(own)]),
        ("another key", vec![by_stranger.sign(&stranger)]),
        ("another signature", vec![good.sign(&stranger)]),
        ("two proofs", vec![proof.clone(), proof.clone()]),
        ("no proof", vec!["nonsense".to_owned()]),
    ] {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let refused = signer.submit_with(1, &body, &proofs).await;
        assert_eq!(problem(refused).await, "device_not_proven", "{case}");
    }
    let sent = signer.submit_with(1, &body, &[&proof]).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let repeated = signer.submit_with(1, &body, &[&proof]).await;
    assert_eq!(problem(repeated).await, "device_not_proven");
}

#[tokio::test]
async fn auth_09_the_first_key_of_a_session_stays_and_another_session_has_its_own() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let unproven = citizen.request(Method::PUT, CertifyDevice::PATH);
    let unproven = unproven.send().await.unwrap();
    assert_eq!(problem(unproven).await, "device_not_proven");
    let mut signer = Signer::new(&fixture, &citizen).await;
    assert_eq!(signer.certify().await.status(), StatusCode::OK);
    // Who has come by the session's token later puts no key of their own in its place.
    for other in [ProofKey::new(), ProofKey::ed25519()] {
        let own = std::mem::replace(&mut signer.prover.key, other);
        let refused = signer.certify().await;
        assert_eq!(problem(refused).await, "device_not_proven");
        signer.prover.key = own;
    }
    let other = Citizen::second(fixture.browser()).await;
    let others_signer = Signer::new(&fixture, &other).await;
    assert_eq!(others_signer.certify().await.status(), StatusCode::OK);
}
