//! AES-256-GCM around small secrets.

use aes_gcm::{
    AeadInOut as _, Aes256Gcm, KeyInit as _, Nonce, Tag,
    aead::consts::{U12, U16},
};
use rand::CryptoRng;
use zeroize::Zeroizing;

use super::{KeyEncryptionKey, stack::leaving_nothing};

const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// It does not open: a wrong key, or damage. Nobody can tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("does not open")]
pub struct Unsealable;

/// Nonce, ciphertext, tag. `context` is bound in, and must be the same to open it.
pub(super) fn seal(
    kek: &KeyEncryptionKey,
    context: &[u8],
    plain: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let mut nonce = [0; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);
    let mut sealed = Vec::with_capacity(NONCE_BYTES + plain.len() + TAG_BYTES);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let tag: Tag<U16> = leaving_nothing(|| {
        cipher(kek)
            .encrypt_inout_detached(
                &Nonce::<U12>::from(nonce),
                context,
                (&mut sealed[NONCE_BYTES..]).into(),
            )
            .expect("a small secret is within AES-GCM's bounds")
    });
    sealed.extend_from_slice(&tag);
    sealed
}

pub(super) fn open(
    kek: &KeyEncryptionKey,
    context: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
    let (nonce, rest) = sealed
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(Unsealable)?;
    let (text, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(Unsealable)?;
    let mut plain = Zeroizing::new(text.to_vec());
    leaving_nothing(|| {
        cipher(kek).decrypt_inout_detached(
            &Nonce::<U12>::from(*nonce),
            context,
            plain.as_mut_slice().into(),
            &Tag::<U16>::from(*tag),
        )
    })
    .map_err(|_| Unsealable)?;
    Ok(plain)
}

fn cipher(kek: &KeyEncryptionKey) -> Aes256Gcm {
    Aes256Gcm::new(kek.expose().into())
}
