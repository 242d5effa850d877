//! An authenticator of software: one P-256 key for each account, and a counter (`WebAuthn` Level 3 §6.1, §6.5).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::proof_key::{ProofKey, b64};

/// User present and verified.
const VERIFIED: u8 = 0b0000_0101;
/// The key's data follow.
const ATTESTED: u8 = 0b0100_0000;

pub(crate) struct Authenticator {
    key: ProofKey,
    id: [u8; 16],
    origin: String,
    pub(crate) counter: u32,
    /// What it says of whoever holds it.
    pub(crate) flags: u8,
}

impl Authenticator {
    /// In a browser at this origin.
    pub(crate) fn new(origin: &str) -> Self {
        Self {
            key: ProofKey::new(),
            id: uuid::Uuid::now_v7().into_bytes(),
            origin: origin.to_owned(),
            counter: 0,
            flags: VERIFIED,
        }
    }

    /// Answers `navigator.credentials.create` with these options.
    pub(crate) fn create(&mut self, options: &Value) -> String {
        let client = self.client("webauthn.create", options);
        let mut data = self.data(&options["rp"]["id"], ATTESTED);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        data.extend(self.cose_key());
        // {"fmt": "none", "attStmt": {}, "authData": …} (RFC 8949).
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(data);
        let response = json!({
            "attestationObject": b64(&attestation),
            "clientDataJSON": b64(client.as_bytes()),
        });
        self.credential(&response)
    }

    /// Answers `navigator.credentials.get` with these options.
    pub(crate) fn get(&mut self, options: &Value) -> String {
        self.counter += 1;
        let client = self.client("webauthn.get", options);
        let data = self.data(&options["rpId"], 0);
        let signed = [&data[..], &Sha256::digest(client.as_bytes())].concat();
        let response = json!({
            "authenticatorData": b64(&data),
            "clientDataJSON": b64(client.as_bytes()),
            "signature": b64(&self.key.sign_der(&signed)),
        });
        self.credential(&response)
    }

    fn credential(&self, response: &Value) -> String {
        let id = b64(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {},
        })
        .to_string()
    }

    fn client(&self, kind: &str, options: &Value) -> String {
        json!({"type": kind, "challenge": options["challenge"], "origin": self.origin}).to_string()
    }

    fn data(&self, rp: &Value, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(rp.as_str().unwrap().as_bytes()).to_vec();
        data.push(self.flags | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053 §7.1).
    fn cose_key(&self) -> Vec<u8> {
        let mut cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        let (x, y) = self.key.point();
        cose.extend(x);
        cose.extend(b"\x22\x58\x20");
        cose.extend(y);
        cose
    }
}
