//! What a person shows beside the password.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A code on paper.
    RecoveryCode,
}

impl Factor {
    /// All of them.
    const ALL: [Self; 2] = [Self::Totp, Self::RecoveryCode];

    /// What it is stored as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }

    /// Reads [`Factor::as_str`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == text)
    }
}

/// The second factors of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Factors {
    /// Since when an authenticator app is asked.
    pub totp: Option<Timestamp>,
    /// Codes on paper that are left. They stand in for another factor and are none alone.
    pub recovery_codes: u32,
}

impl Factors {
    /// Whether one is asked after the password.
    #[must_use]
    pub const fn are_asked(&self) -> bool {
        self.totp.is_some()
    }
}
