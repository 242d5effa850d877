//! What a person may be asked (OpenID Connect Core §3.1.2.1, `prompt`).

use serde::{Deserialize, Serialize};

/// What the client wants the person to be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// What is needed.
    #[default]
    Usual,
    /// The password, in any case.
    SignIn,
    /// Consent, in any case.
    Consent,
    /// Both, in any case.
    SignInAndConsent,
    /// Nothing.
    Nothing,
}

/// `none` came with something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the person is to be asked something and nothing")]
pub(super) struct Contradiction;

impl Prompt {
    /// Reads the parameter; words that are not known are left out.
    pub(super) fn parse(text: &str) -> Result<Self, Contradiction> {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        let has = |word| words.contains(&word);
        if has("none") {
            return if words.len() == 1 {
                Ok(Self::Nothing)
            } else {
                Err(Contradiction)
            };
        }
        // One account is signed in in a browser: another is chosen by signing in as it.
        let sign_in = has("login") || has("select_account");
        Ok(match (sign_in, has("consent")) {
            (false, false) => Self::Usual,
            (true, false) => Self::SignIn,
            (false, true) => Self::Consent,
            (true, true) => Self::SignInAndConsent,
        })
    }

    /// Whether the password is asked for although a session would do.
    pub(super) const fn asks_sign_in(self) -> bool {
        match self {
            Self::SignIn | Self::SignInAndConsent => true,
            Self::Usual | Self::Consent | Self::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_read_word_by_word() {
        for (text, expected) in [
            ("", Ok(Prompt::Usual)),
            ("unknown", Ok(Prompt::Usual)),
            ("login", Ok(Prompt::SignIn)),
            ("select_account", Ok(Prompt::SignIn)),
            ("consent", Ok(Prompt::Consent)),
            ("consent  login", Ok(Prompt::SignInAndConsent)),
            ("none", Ok(Prompt::Nothing)),
            ("none login", Err(Contradiction)),
            ("none unknown", Err(Contradiction)),
        ] {
            assert_eq!(Prompt::parse(text), expected, "{text}");
        }
    }
}
