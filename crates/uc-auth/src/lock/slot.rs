//! Session slots: two keyring items, so that a refresh may be cut anywhere.
//!
//! A new session goes into the free slot, then the bundle switches to it, then the old slot is emptied.

use std::sync::Arc;

use jiff::Timestamp;
use rand::CryptoRng;
use uc_model::{SecretBytes, SecretString};
use zeroize::Zeroizing;

use crate::ProofKey;

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
    pub proof_key: Option<SecretBytes<PROOF_KEY_BYTES>>,
    /// When the token ends, by the provider's clock, if it says.
    pub ends_at: Option<Timestamp>,
}

impl SessionSecrets {
    /// The key, ready for use.
    pub fn proof_key(&self) -> Result<Option<Arc<ProofKey>>, Unsealable> {
        let Some(scalar) = &self.proof_key else {
            return Ok(None);
        };
        Ok(Some(Arc::new(ProofKey::parse(scalar)?)))
    }
}

/// Which members a written session has: the first byte. Sessions without an end were written before there was one.
const HAS_KEY: u8 = 1;
const HAS_END: u8 = 2;

/// Writes a session as a keyring item; fails when it does not fit into one.
pub fn seal_session(
    session: &SessionSecrets,
    slot: Slot,
    kek: &KeyEncryptionKey,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, Unsealable> {
    let mut plain = Zeroizing::new(Vec::with_capacity(MAX_SEALED_BYTES));
    let has = |member: bool, flag: u8| if member { flag } else { 0 };
    plain.push(has(session.proof_key.is_some(), HAS_KEY) | has(session.ends_at.is_some(), HAS_END));
    if let Some(key) = &session.proof_key {
        plain.extend_from_slice(key.expose());
    }
    if let Some(end) = session.ends_at {
        plain.extend_from_slice(&end.as_second().to_le_bytes());
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
    let (members, mut rest) = plain.split_first().ok_or(Unsealable)?;
    if members & !(HAS_KEY | HAS_END) != 0 {
        return Err(Unsealable);
    }
    let proof_key = if members & HAS_KEY == 0 {
        None
    } else {
        SecretBytes::copied(take::<PROOF_KEY_BYTES>(&mut rest)?)
    };
    let ends_at = if members & HAS_END == 0 {
        None
    } else {
        let second = i64::from_le_bytes(*take::<8>(&mut rest)?);
        Some(Timestamp::from_second(second).map_err(|_| Unsealable)?)
    };
    let token = String::from_utf8(rest.to_vec()).map_err(|_| Unsealable)?;
    Ok(SessionSecrets {
        refresh_token: token.into(),
        proof_key,
        ends_at,
    })
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Result<&'a [u8; N], Unsealable> {
    let (first, others) = rest.split_first_chunk::<N>().ok_or(Unsealable)?;
    *rest = others;
    Ok(first)
}

/// An item moved into the other slot does not open there.
const fn context(slot: Slot) -> &'static [u8] {
    match slot {
        Slot::First => b"session.0",
        Slot::Second => b"session.1",
    }
}
