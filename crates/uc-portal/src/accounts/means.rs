//! How a person signed in.

use serde::Deserialize;

use super::Factor;

/// How far a sign-in at another identity provider is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// As far as a password: who has a second factor here is asked for it.
    OneFactor,
    /// As far as a password and a second factor.
    TwoFactors,
}

impl Trust {
    /// What it is stored as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneFactor => "one_factor",
            Self::TwoFactors => "two_factors",
        }
    }

    /// Reads [`Trust::as_str`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::OneFactor, Self::TwoFactors]
            .into_iter()
            .find(|trust| trust.as_str() == text)
    }
}

/// What a person showed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstStep {
    /// Their password.
    Password,
    /// A sign-in at another identity provider.
    Elsewhere(Trust),
}

/// All that a person showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Means {
    /// First.
    pub first: FirstStep,
    /// After that.
    pub factor: Option<Factor>,
}

impl Means {
    /// What a person showed first, and nothing after it.
    #[must_use]
    pub const fn only(first: FirstStep) -> Self {
        Self {
            first,
            factor: None,
        }
    }

    /// Whether they were two factors.
    #[must_use]
    pub const fn are_two(&self) -> bool {
        self.factor.is_some() || matches!(self.first, FirstStep::Elsewhere(Trust::TwoFactors))
    }
}
