//! Keys, in the form that SQLCipher takes them.

use std::fmt::Write as _;

use uc_model::{SecretBytes, SecretString};

/// Bytes of salt at the head of a database file.
pub(crate) const SALT_BYTES: usize = 16;

/// The vault's key and salt, as the key bundle holds them.
#[derive(Debug, Clone)]
pub struct VaultKey {
    /// The key of the pages.
    pub key: SecretBytes<32>,
    /// The salt, which is also the head of the file.
    pub salt: [u8; SALT_BYTES],
}

/// A raw key: SQLCipher stretches nothing, so that opening takes half a millisecond.
pub(crate) enum RawKey<'k> {
    /// The salt is read from the file.
    SaltInFile(&'k SecretBytes<32>),
    /// The salt is given.
    WithSalt(&'k VaultKey),
    /// None: the file is plain. To measure what the cipher costs.
    #[cfg(feature = "unkeyed")]
    Absent,
}

/// Pages are checked by HMAC-SHA-256, which today's processors compute by themselves; of SQLCipher's own choice, SHA-512,
/// few do.
const CHECKS: &str = "PRAGMA cipher_hmac_algorithm = HMAC_SHA256;";

impl RawKey<'_> {
    /// The statements that must come first on a connection.
    pub(crate) fn pragma(&self) -> SecretString {
        #[cfg(feature = "unkeyed")]
        if matches!(self, Self::Absent) {
            return SecretString::new(String::new());
        }
        let mut sql = SecretString::new(String::with_capacity(192));
        let text = sql.expose_mut();
        text.push_str("PRAGMA key = \"x'");
        match self {
            Self::SaltInFile(key) => push_hex(text, key.expose()),
            Self::WithSalt(vault) => {
                push_hex(text, vault.key.expose());
                push_hex(text, &vault.salt);
            }
            #[cfg(feature = "unkeyed")]
            Self::Absent => {}
        }
        text.push_str("'\";");
        text.push_str(CHECKS);
        sql
    }
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a `String` cannot fail, and the capacity is enough: no copy of the key is left behind.
        let _ = write!(text, "{byte:02x}");
    }
}
