//! Session slots: two keyring items, so that a refresh may be cut anywhere.
//!
//! A new session goes into the free slot, then the bundle switches to it, then the old slot is emptied.

use rand::CryptoRng;
use uc_model::SecretString;
use zeroize::Zeroizing;

use super::{
    KeyEncryptionKey, Unsealable,
    sealed::{open, seal},
};

/// The longest item that every keyring takes, in bytes.
const MAX_SEALED_BYTES: usize = 1024;
/// A key for `DPoP` (RFC 9449): a P-256 scalar.
const PROOF_KEY_BYTES: usize = 32;

/// One of the two places for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// `session.0`
    First,
    /// `session.1`
    Second,
}

impl Slot {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    pub(super) const fn to_byte(self) -> u8 {
        match self {
            Self::First => 0,
            Self::Second => 1,
        }
    }

    pub(super) const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::First),
            1 => Some(Self::Second),
            _ => None,
        }
    }
}

/// What keeps a session alive.
#[derive(Debug, Clone)]
pub struct SessionSecrets {
    /// Buys access tokens.
    pub refresh_token: SecretString,
    /// The key that the refresh token is bound to, where it is.
    pub proof_key: Option<uc_model::SecretBytes<PROOF_KEY_BYTES>>,
}

/// Writes a session as a keyring item; fails when it does not fit into one.
pub fn seal_session(
    session: &SessionSecrets,
    slot: Slot,
    kek: &KeyEncryptionKey,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, Unsealable> {
    let mut plain = Zeroizing::new(Vec::with_capacity(MAX_SEALED_BYTES));
    match &session.proof_key {
        Some(key) => {
            plain.push(1);
            plain.extend_from_slice(key.expose());
        }
        None => plain.push(0),
    }
    plain.extend_from_slice(session.refresh_token.expose().as_bytes());
    let sealed = seal(kek, context(slot), &plain, rng);
    if sealed.len() > MAX_SEALED_BYTES {
        return Err(Unsealable);
    }
    Ok(sealed)
}

/// Reads a keyring item back.
pub fn open_session(
    item: &[u8],
    slot: Slot,
    kek: &KeyEncryptionKey,
) -> Result<SessionSecrets, Unsealable> {
    let plain = open(kek, context(slot), item)?;
    let (has_key, rest) = plain.split_first().ok_or(Unsealable)?;
    let (proof_key, token) = match has_key {
        0 => (None, rest),
        1 => {
            let (key, rest) = rest
                .split_first_chunk::<PROOF_KEY_BYTES>()
                .ok_or(Unsealable)?;
            (Some((*key).into()), rest)
        }
        _ => return Err(Unsealable),
    };
    let token = String::from_utf8(token.to_vec()).map_err(|_| Unsealable)?;
    Ok(SessionSecrets {
        refresh_token: token.into(),
        proof_key,
    })
}

/// An item moved into the other slot does not open there.
const fn context(slot: Slot) -> &'static [u8] {
    match slot {
        Slot::First => b"session.0",
        Slot::Second => b"session.1",
    }
}
