//! What a person shows beside the password.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::Phone;

/// A second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// A code on paper.
    RecoveryCode,
    /// A code that was sent to the person's phone.
    Sms,
    /// A key of an authenticator that also checked who holds it (`WebAuthn`).
    Passkey,
}

impl Factor {
    /// All of them.
    const ALL: [Self; 4] = [Self::Totp, Self::RecoveryCode, Self::Sms, Self::Passkey];

    /// What it is stored as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Sms => "sms",
            Self::Passkey => "passkey",
        }
    }

    /// Reads [`Factor::as_str`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.as_str() == text)
    }
}

/// The second factors of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Factors {
    /// Since when an authenticator app is asked.
    pub totp: Option<Timestamp>,
    /// Keys of authenticators.
    pub passkeys: u32,
    /// Codes on paper that are left. They stand in for another factor and are none alone.
    pub recovery_codes: u32,
    /// Where the person is known to read messages.
    pub phone: Option<Phone>,
}

impl Factors {
    /// Whether one is asked at every sign-in.
    #[must_use]
    pub const fn are_asked(&self) -> bool {
        self.totp.is_some() || self.passkeys > 0
    }

    /// Whether one is asked of somebody who has shown the password in a browser, where the person is known or not.
    #[must_use]
    pub const fn are_asked_in(&self, is_known: bool) -> bool {
        self.are_asked() || (!is_known && self.phone.is_some())
    }

    /// The phone that a code is sent to: none while an authenticator is asked, which a message must not stand in for.
    #[must_use]
    pub fn messaged(&self) -> Option<&Phone> {
        self.phone.as_ref().filter(|_| !self.are_asked())
    }
}
