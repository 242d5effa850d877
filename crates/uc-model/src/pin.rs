//! What unlocks the client: six digits or a long password.

use crate::SecretString;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;
/// The shortest password that may stand in for a PIN, in characters.
const MIN_PASSWORD_CHARS: usize = 12;
/// The longest password, in bytes: it bounds the work of stretching it.
const MAX_PASSWORD_BYTES: usize = 256;
/// The share of six-digit PINs that people choose most, beyond what the other rules refuse.
const COMMON_PINS: [&str; 104] = include!("common_pins.in");

/// A PIN or a password that keeps the rules for new ones.
#[derive(Debug, Clone)]
pub struct Passcode(SecretString);

/// Why a new PIN or password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasscodeFault {
    /// Neither six digits nor at least twelve characters.
    #[error("neither six digits nor a long password")]
    Length,
    /// One digit six times.
    #[error("one digit repeated")]
    OneDigit,
    /// Digits that run up or down.
    #[error("digits in a row")]
    Run,
    /// Among the PINs that are guessed first.
    #[error("too common")]
    Common,
}

impl Passcode {
    /// Checks a new PIN (six digits, two or more different, no run, not a common one) or password (12 characters or
    /// more, at most 256 bytes).
    pub fn parse(text: SecretString) -> Result<Self, PasscodeFault> {
        if is_pin(text.expose()) {
            check_pin(text.expose().as_bytes())?;
        } else if text.expose().chars().count() < MIN_PASSWORD_CHARS
            || text.expose().len() > MAX_PASSWORD_BYTES
        {
            return Err(PasscodeFault::Length);
        }
        Ok(Self(text))
    }

    /// The text, to be stretched into a key.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The secret inside.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

fn is_pin(text: &str) -> bool {
    text.len() == PIN_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_pin(digits: &[u8]) -> Result<(), PasscodeFault> {
    let steps = || {
        digits
            .windows(2)
            .map(|pair| i16::from(pair[1]) - i16::from(pair[0]))
    };
    if steps().all(|step| step == 0) {
        Err(PasscodeFault::OneDigit)
    } else if steps().all(|step| step == 1) || steps().all(|step| step == -1) {
        Err(PasscodeFault::Run)
    } else if COMMON_PINS.iter().any(|common| common.as_bytes() == digits) {
        Err(PasscodeFault::Common)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plat_05_weak_pins_are_refused() {
        let fault = |text: &str| Passcode::parse(text.to_owned().into()).err();
        for (text, expected) in [
            ("480517", None),
            ("111111", Some(PasscodeFault::OneDigit)),
            ("123456", Some(PasscodeFault::Run)),
            ("987654", Some(PasscodeFault::Run)),
            ("121212", Some(PasscodeFault::Common)),
            ("48051", Some(PasscodeFault::Length)),
            ("4805178", Some(PasscodeFault::Length)),
            ("длинный пароль", None),
        ] {
            assert_eq!(fault(text), expected, "{text}");
        }
        assert_eq!(fault(&"a".repeat(257)), Some(PasscodeFault::Length));
    }
}
