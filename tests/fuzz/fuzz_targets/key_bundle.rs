//! The file of keys: its head as anybody may write it, its inside as only the holder of the key could have.

#![no_main]

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};
use uc_auth::lock::{BundleHeader, KeyEncryptionKey, open_bundle};

const KEY: [u8; 32] = [7; 32];
const HEAD: usize = 32;

fuzz_target!(|bytes: &[u8]| {
    let key = KeyEncryptionKey::parse(&KEY).expect("a key");
    let _ = BundleHeader::parse(bytes);
    let _ = open_bundle(bytes, &key);
    let _ = open_bundle(&with_digest(bytes.to_vec()), &key);
    let head = [b"uc-keys2".as_slice(), &[0; HEAD - 8]].concat();
    let _ = open_bundle(&with_digest(sealed(head, bytes)), &key);
});

fn sealed(mut head: Vec<u8>, plain: &[u8]) -> Vec<u8> {
    let nonce = [1; 12];
    let payload = Payload {
        msg: plain,
        aad: &head,
    };
    let cipher = Aes256Gcm::new(&KEY.into());
    let sealed = cipher
        .encrypt(&nonce.into(), payload)
        .expect("small enough");
    head.extend(nonce);
    head.extend(sealed);
    head
}

fn with_digest(mut file: Vec<u8>) -> Vec<u8> {
    let digest = Sha256::digest(&file);
    file.extend_from_slice(&digest);
    file
}
