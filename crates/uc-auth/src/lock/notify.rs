//! The one credential that is usable while the client is locked: it asks how much is new, and nothing else.

use rand::CryptoRng;
use sha2::{Digest as _, Sha256};
use uc_model::SecretString;
use zeroize::Zeroizing;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    DeviceKey, Unsealable,
    sealed::{open, seal},
};

const TOKEN_BYTES: usize = 32;
/// The longest item that every keyring takes, in bytes.
const MAX_SEALED_BYTES: usize = 1024;
const CONTEXT: &[u8] = b"notify";

/// A token that counts news, and from where it counts.
#[derive(Debug, Clone)]
pub struct NotifySecrets {
    /// Shown to the portal: 256 bits in base64url.
    pub token: SecretString,
    /// The place in the feed up to which everything is known; none before the first page.
    pub after: Option<String>,
}

impl NotifySecrets {
    /// A new token.
    #[must_use]
    pub fn generate(after: Option<String>, rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
        rng.fill_bytes(&mut *bytes);
        Self {
            token: URL_SAFE_NO_PAD.encode(*bytes).into(),
            after,
        }
    }

    /// The token's SHA-256 in base64url: what the portal knows it by.
    #[must_use]
    pub fn sha256(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.token.expose()))
    }
}

/// Writes it as a keyring item, under a key that hangs on the device alone; fails when it does not fit into one.
pub fn seal_notify(
    secrets: &NotifySecrets,
    device: &DeviceKey,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, Unsealable> {
    let after = secrets.after.as_deref().unwrap_or_default();
    let plain = Zeroizing::new(format!("{}\n{after}", secrets.token.expose()));
    let sealed = seal(&device.notify_key(), CONTEXT, plain.as_bytes(), rng);
    if sealed.len() > MAX_SEALED_BYTES {
        return Err(Unsealable);
    }
    Ok(sealed)
}

/// Reads the keyring item back.
pub fn open_notify(item: &[u8], device: &DeviceKey) -> Result<NotifySecrets, Unsealable> {
    let plain = open(&device.notify_key(), CONTEXT, item)?;
    let text = std::str::from_utf8(&plain).map_err(|_| Unsealable)?;
    let (token, after) = text.split_once('\n').ok_or(Unsealable)?;
    Ok(NotifySecrets {
        token: token.to_owned().into(),
        after: Some(after.to_owned()).filter(|after| !after.is_empty()),
    })
}
