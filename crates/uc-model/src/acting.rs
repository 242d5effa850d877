//! In whose name a person acts.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{InvalidText, Ogrn, Ogrnip};

/// Whom a person acts for beside themselves, written as the number in the register: ОГРН of a legal entity, thirteen
/// digits, or ОГРНИП of their own business, fifteen.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ActingFor {
    /// A legal entity that they represent.
    Organisation(Ogrn),
    /// Themselves as a sole proprietor.
    Entrepreneur(Ogrnip),
}

impl ActingFor {
    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Organisation(number) => number.as_str(),
            Self::Entrepreneur(number) => number.as_str(),
        }
    }
}

impl FromStr for ActingFor {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        match text.parse() {
            Ok(number) => Ok(Self::Organisation(number)),
            Err(InvalidText::CheckDigits) => Err(InvalidText::CheckDigits),
            Err(InvalidText::Shape) => text.parse().map(Self::Entrepreneur),
        }
    }
}

impl TryFrom<String> for ActingFor {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        text.parse()
    }
}

impl From<ActingFor> for String {
    fn from(acting_for: ActingFor) -> Self {
        acting_for.as_str().to_owned()
    }
}

impl fmt::Debug for ActingFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActingFor(•••)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_12_the_number_tells_whom_somebody_acts_for() {
        let read = |text: &str| text.parse::<ActingFor>();
        assert!(matches!(
            read("1027700132195"),
            Ok(ActingFor::Organisation(_))
        ));
        assert!(matches!(
            read("304500116000157"),
            Ok(ActingFor::Entrepreneur(_))
        ));
        assert_eq!(read("1027700132196"), Err(InvalidText::CheckDigits));
        assert_eq!(read("304500116000158"), Err(InvalidText::CheckDigits));
        assert_eq!(read("7830002293"), Err(InvalidText::Shape));
    }
}
