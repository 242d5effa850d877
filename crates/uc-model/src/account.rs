//! How well an account is known to be its person's.

use serde::{Deserialize, Serialize};

/// How well an account is known to be its person's. Ordered: each level has all that those before it have.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AccountLevel {
    /// A phone that the person reads messages at, and what they say of themselves.
    #[default]
    Simplified,
    /// Documents, too, whose numbers keep the rules; nobody has looked at them.
    Standard,
    /// Documents that an operator has compared with their scans.
    Confirmed,
}

impl AccountLevel {
    /// What it is stored as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simplified => "simplified",
            Self::Standard => "standard",
            Self::Confirmed => "confirmed",
        }
    }

    /// Reads [`AccountLevel::as_str`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Simplified, Self::Standard, Self::Confirmed]
            .into_iter()
            .find(|level| level.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_01_levels_are_ordered_and_read_back() {
        let levels = [
            AccountLevel::Simplified,
            AccountLevel::Standard,
            AccountLevel::Confirmed,
        ];
        assert!(levels.is_sorted());
        for level in levels {
            assert_eq!(AccountLevel::read(level.as_str()), Some(level));
        }
        assert_eq!(AccountLevel::read("official"), None);
    }
}
