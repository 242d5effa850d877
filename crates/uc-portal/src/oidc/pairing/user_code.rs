//! The code that a device shows and a person types (RFC 8628 §6.1).

use std::fmt;

use crate::entropy::{Entropy, TokenHash};

/// Consonants alone: no word comes of them, and none is taken for a digit.
const LETTERS: [char; 20] = [
    'B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X',
    'Z',
];
const LENGTH: usize = 8;

/// Eight letters, 34 bits: enough for the minutes that it lives and the few guesses that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UserCode(String);

impl UserCode {
    pub(super) fn draw(entropy: &Entropy) -> Self {
        let mut letters = String::with_capacity(LENGTH);
        while letters.len() < LENGTH {
            let [byte] = entropy.bytes();
            // 240 is the greatest multiple of 20 in a byte: each letter is as likely as any other.
            if let Some(letter) = LETTERS.get(usize::from(byte) % 20).filter(|_| byte < 240) {
                letters.push(*letter);
            }
        }
        Self(letters)
    }

    /// Reads what a person typed, in whatever case and with whatever between.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let letters: String = text
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .take(LENGTH + 1)
            .collect();
        let whole =
            letters.len() == LENGTH && letters.chars().all(|letter| LETTERS.contains(&letter));
        whole.then_some(Self(letters))
    }

    pub(super) fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = UserCode("WDJBMJHT".to_owned());
        for text in ["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "W.D.J.B.M.J.H.T"] {
            assert_eq!(UserCode::parse(text), Some(code.clone()), "{text}");
        }
        for text in [
            "",
            "WDJB-MJH",
            "WDJB-MJHTT",
            "WDJA-MJHT",
            "ЫDJB-MJHT",
            "WDJB-MJH1",
        ] {
            assert_eq!(UserCode::parse(text), None, "{text}");
        }
        assert_eq!(code.to_string(), "WDJB-MJHT");
    }

    #[test]
    fn drawn_codes_differ_and_read() {
        let entropy = Entropy::system();
        let (one, other) = (UserCode::draw(&entropy), UserCode::draw(&entropy));
        assert_ne!(one, other);
        assert_eq!(UserCode::parse(&one.to_string()), Some(one));
    }
}
