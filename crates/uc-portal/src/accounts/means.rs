//! How a person signed in.

use serde::Deserialize;

/// How far a sign-in at another identity provider is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// As far as a password: who has a second factor here is asked for it.
    OneFactor,
    /// As far as a password and a second factor.
    TwoFactors,
}
