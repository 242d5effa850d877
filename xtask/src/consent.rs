//! Nothing is changed on the machine before its owner agrees.

use std::fmt;

use crate::report;

/// How changes of the machine are agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Given beforehand, by `--yes` or by `CI=true`.
    Given,
    /// Asked for at the terminal.
    Ask,
    /// There is nobody to ask.
    Impossible,
}

/// The machine was to be changed and nobody agreed.
#[derive(Debug)]
pub(crate) struct Needed {
    how_to_go_on: String,
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.how_to_go_on)
    }
}

impl std::error::Error for Needed {}

impl Needed {
    /// Stops the verb with exit code 2 and says how to go on.
    pub(crate) fn stop(how_to_go_on: impl Into<String>) -> anyhow::Error {
        Self {
            how_to_go_on: how_to_go_on.into(),
        }
        .into()
    }
}

impl Consent {
    /// Reads the flag, the environment and the terminal.
    pub(crate) fn from_flag(yes: bool) -> Self {
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
        if yes || in_ci {
            Self::Given
        } else if report::is_terminal() {
            Self::Ask
        } else {
            Self::Impossible
        }
    }

    /// Fails with [`Needed`] when the person does not agree to `deed`; `by_hand` is what they can do instead.
    pub(crate) fn require(self, deed: &str, by_hand: &str) -> anyhow::Result<()> {
        let agreed = match self {
            Self::Given => true,
            Self::Ask => report::ask(&format!("{deed}?"))?,
            Self::Impossible => false,
        };
        if agreed {
            return Ok(());
        }
        Err(Needed::stop(format!(
            "{deed}: not agreed. Say --yes, or do it yourself:\n  {by_hand}"
        )))
    }
}
