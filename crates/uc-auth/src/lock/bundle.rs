//! The key bundle: the one file that the passcode opens.

use std::fmt;

use rand::CryptoRng;
use sha2::{Digest as _, Sha256};
use uc_model::SecretBytes;
use zeroize::Zeroizing;

use super::{
    KdfParams, KeyEncryptionKey, SALT_BYTES, Slot, Unsealable,
    sealed::{open, seal},
};

const MAGIC: &[u8; 8] = b"uc-keys2";
const HEADER_BYTES: usize = MAGIC.len() + 8 + SALT_BYTES;
/// SHA-256 over all that comes before it. It tells damage from a wrong passcode, which costs a try; who holds the file could
/// tell the two apart anyway.
const DIGEST_BYTES: usize = 32;
/// The longest text inside: a subject, a given name.
const MAX_TEXT_BYTES: usize = 255;

/// The readable beginning of the bundle: what the passcode is to be stretched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BundleHeader {
    /// The costs.
    pub params: KdfParams,
    /// The salt.
    pub salt: [u8; SALT_BYTES],
}

impl BundleHeader {
    /// A header for a new passcode.
    pub fn generate(params: KdfParams, rng: &mut impl CryptoRng) -> Self {
        let mut salt = [0; SALT_BYTES];
        rng.fill_bytes(&mut salt);
        Self { params, salt }
    }

    /// Reads the beginning of a bundle. A damaged file has none.
    pub fn parse(file: &[u8]) -> Result<Self, Unsealable> {
        let (magic, rest) = undamaged(file)?
            .split_first_chunk::<8>()
            .ok_or(Unsealable)?;
        let (params, rest) = rest.split_first_chunk::<8>().ok_or(Unsealable)?;
        let salt = rest.first_chunk::<SALT_BYTES>().ok_or(Unsealable)?;
        if magic != MAGIC {
            return Err(Unsealable);
        }
        Ok(Self {
            params: KdfParams::from_bytes(*params).ok_or(Unsealable)?,
            salt: *salt,
        })
    }

    fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&self.params.to_bytes());
        bytes[16..].copy_from_slice(&self.salt);
        bytes
    }
}

/// What the passcode opens.
#[derive(Clone)]
pub struct KeyBundle {
    /// The vault's key.
    pub vault_key: SecretBytes<32>,
    /// The vault's salt.
    pub vault_salt: [u8; 16],
    /// Which life of the vault this is: another one in the file means that the file was exchanged.
    pub generation: [u8; 16],
    /// The greatest number that the outbox gave out: fewer in the vault means that rows were lost.
    pub outbox_mark: u64,
    /// Where the session lies.
    pub slot: Slot,
    /// Whose it is: the portal's subject.
    pub subject: String,
    /// Given name, for the greeting.
    pub first_name: String,
}

impl KeyBundle {
    /// Keys for a new vault of a person.
    pub fn generate(subject: String, first_name: &str, rng: &mut impl CryptoRng) -> Self {
        let mut bundle = Self {
            vault_key: SecretBytes::new([0; 32]),
            vault_salt: [0; 16],
            generation: [0; 16],
            outbox_mark: 0,
            slot: Slot::First,
            subject,
            first_name: shorten(first_name),
        };
        rng.fill_bytes(bundle.vault_key.expose_mut());
        rng.fill_bytes(&mut bundle.vault_salt);
        rng.fill_bytes(&mut bundle.generation);
        bundle
    }
}

impl fmt::Debug for KeyBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyBundle(•••)")
    }
}

/// Writes the bundle as a file.
pub fn seal_bundle(
    bundle: &KeyBundle,
    header: BundleHeader,
    kek: &KeyEncryptionKey,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let header = header.to_bytes();
    let mut file = header.to_vec();
    file.extend(seal(kek, &header, &encode(bundle), rng));
    let digest = Sha256::digest(&file);
    file.extend_from_slice(&digest);
    file
}

/// Reads a bundle's file.
pub fn open_bundle(file: &[u8], kek: &KeyEncryptionKey) -> Result<KeyBundle, Unsealable> {
    let (header, sealed) = undamaged(file)?
        .split_at_checked(HEADER_BYTES)
        .ok_or(Unsealable)?;
    decode(&open(kek, header, sealed)?).ok_or(Unsealable)
}

/// The file without its digest.
fn undamaged(file: &[u8]) -> Result<&[u8], Unsealable> {
    let (content, digest) = file.split_last_chunk::<DIGEST_BYTES>().ok_or(Unsealable)?;
    if Sha256::digest(content).as_slice() == digest {
        Ok(content)
    } else {
        Err(Unsealable)
    }
}

fn encode(bundle: &KeyBundle) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(2 * (MAX_TEXT_BYTES + 1) + 128));
    plain.extend_from_slice(bundle.vault_key.expose());
    plain.extend_from_slice(&bundle.vault_salt);
    plain.extend_from_slice(&bundle.generation);
    plain.extend_from_slice(&bundle.outbox_mark.to_le_bytes());
    plain.push(bundle.slot.to_byte());
    for text in [&bundle.subject, &bundle.first_name] {
        let text = &text.as_bytes()[..text.len().min(MAX_TEXT_BYTES)];
        plain.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        plain.extend_from_slice(text);
    }
    plain
}

fn decode(plain: &[u8]) -> Option<KeyBundle> {
    let (key, rest) = plain.split_first_chunk::<32>()?;
    let (salt, rest) = rest.split_first_chunk::<16>()?;
    let (generation, rest) = rest.split_first_chunk::<16>()?;
    let (mark, rest) = rest.split_first_chunk::<8>()?;
    let (slot, rest) = rest.split_first()?;
    let (subject, rest) = decode_text(rest)?;
    let (first_name, rest) = decode_text(rest)?;
    rest.is_empty().then_some(KeyBundle {
        vault_key: SecretBytes::copied(key)?,
        vault_salt: *salt,
        generation: *generation,
        outbox_mark: u64::from_le_bytes(*mark),
        slot: Slot::from_byte(*slot)?,
        subject,
        first_name,
    })
}

fn decode_text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((String::from_utf8(text.to_vec()).ok()?, rest))
}

/// The beginning of a text, as far as it fits.
fn shorten(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_TEXT_BYTES);
    text[..end].to_owned()
}
