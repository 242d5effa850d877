//! Sums of money.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A sum in kopecks, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money {
    kopecks: u64,
}

impl Money {
    /// A sum of so many kopecks.
    #[must_use]
    pub const fn from_kopecks(kopecks: u64) -> Self {
        Self { kopecks }
    }

    /// The sum in kopecks.
    #[must_use]
    pub const fn as_kopecks(self) -> u64 {
        self.kopecks
    }
}

impl fmt::Display for Money {
    /// Roubles with thin spaces between thousands, kopecks only where there are any: `1 500 ₽`, `0,50 ₽`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.kopecks / 100).to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str("\u{202f}")?;
            }
            write!(f, "{digit}")?;
        }
        match self.kopecks % 100 {
            0 => {}
            rest => write!(f, ",{rest:02}")?,
        }
        f.write_str("\u{a0}₽")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_read_as_people_write_them() {
        for (kopecks, text) in [
            (0, "0\u{a0}₽"),
            (30_000, "300\u{a0}₽"),
            (150_050, "1\u{202f}500,50\u{a0}₽"),
            (100_000_000, "1\u{202f}000\u{202f}000\u{a0}₽"),
        ] {
            assert_eq!(Money::from_kopecks(kopecks).to_string(), text);
        }
    }
}
