//! Codes on paper: each serves once, where the authenticator app is not at hand.

use std::collections::BTreeMap;

use data_encoding::BASE32_NOPAD;
use uc_model::SecretString;

use crate::{
    entropy::Entropy,
    passwords::{PasswordError, Passwords},
};

/// A person has so many at once.
pub const CODES: usize = 10;

/// Bytes of chance in a code.
const CODE_BYTES: usize = 10;
/// Letters of a code.
const LETTERS: usize = 16;
/// The first letters find a code among a person's; the other 60 bits are its secret.
const PLACE_LETTERS: usize = 4;

/// A code on paper.
#[derive(Debug, Clone)]
pub struct RecoveryCode(SecretString);

impl RecoveryCode {
    fn new(bytes: [u8; CODE_BYTES]) -> Self {
        Self(BASE32_NOPAD.encode(&bytes).into())
    }

    /// What a person typed, however it is spaced and written; `None` when it is no such code.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|char| !char.is_whitespace() && *char != '-')
            .map(|char| char.to_ascii_uppercase())
            .collect();
        let reads = plain.len() == LETTERS && BASE32_NOPAD.decode(plain.as_bytes()).is_ok();
        reads.then(|| Self(plain.into()))
    }

    /// What finds it among a person's codes.
    #[must_use]
    pub fn place(&self) -> String {
        self.0.expose().chars().take(PLACE_LETTERS).collect()
    }

    /// All its letters, to be compared.
    #[must_use]
    pub const fn letters(&self) -> &SecretString {
        &self.0
    }

    /// As it stands on paper.
    #[must_use]
    pub fn text(&self) -> String {
        let letters: Vec<char> = self.0.expose().chars().collect();
        let groups: Vec<String> = letters
            .chunks(PLACE_LETTERS)
            .map(|group| group.iter().collect())
            .collect();
        groups.join("-")
    }
}

/// What is kept of a code.
#[derive(Debug, Clone)]
pub struct StoredCode {
    /// What finds it.
    pub place: String,
    /// PHC string of the whole.
    pub hash: SecretString,
}

/// Fresh codes, and what is kept of them.
pub async fn make_recovery_codes(
    passwords: &Passwords,
    entropy: &Entropy,
) -> Result<(Vec<RecoveryCode>, Vec<StoredCode>), PasswordError> {
    let mut codes = BTreeMap::new();
    while codes.len() < CODES {
        let code = RecoveryCode::new(entropy.bytes());
        codes.insert(code.place(), code);
    }
    let mut stored = Vec::with_capacity(CODES);
    for (place, code) in &codes {
        stored.push(StoredCode {
            place: place.clone(),
            hash: passwords.hash(code.letters().clone(), entropy).await?,
        });
    }
    Ok((codes.into_values().collect(), stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_03_a_recovery_code_is_read_however_it_is_written() {
        let code = RecoveryCode::new(*b"0123456789");
        assert_eq!(code.text(), "GAYT-EMZU-GU3D-OOBZ");
        for (text, reads) in [
            ("GAYT-EMZU-GU3D-OOBZ", true),
            (" gayt emzu gu3d oobz ", true),
            ("GAYTEMZUGU3DOOB", false),
            ("GAYTEMZUGU3DOOB1", false),
            ("123456", false),
        ] {
            let read = RecoveryCode::typed(text).map(|code| code.text());
            assert_eq!(read, reads.then(|| code.text()), "{text}");
        }
        assert_eq!(format!("{code:?}"), "RecoveryCode(•••)");
    }
}
