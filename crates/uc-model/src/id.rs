//! Identifiers. Each is a type of its own, so that none stands where another belongs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct InvalidId {
    /// The kind, as the type's name.
    pub kind: &'static str,
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made elsewhere: version 7, so that ids sort by the time they were made.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId { kind: stringify!($name) })
            }
        }
    )+};
}

uuid_id! {
    /// An application (заявление). Made by the client when a draft begins, and the resource's name at the portal.
    ApplicationId;
    /// One wish to send one revision of an application; repeats of the sending carry the same key.
    IdempotencyKey;
    /// A message of the inbox.
    MessageId;
    /// A place where a person is signed in: an app that may stay so, or a browser.
    SessionId;
}

/// The longest slug, in bytes.
const MAX_SLUG_BYTES: usize = 64;

fn is_slug(text: &str) -> bool {
    (1..=MAX_SLUG_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

macro_rules! slug_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The text of the identifier: 1 to 64 of `a-z`, `0-9` and inner `-`.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_slug(text) { Ok(Self(text.into())) } else { Err(InvalidId { kind: stringify!($name) }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }
    )+};
}

slug_id! {
    /// A public service of the catalogue (услуга).
    ServiceId;
    /// An agency (ведомство).
    AgencyId;
    /// A region or a municipality.
    RegionId;
    /// A life situation (жизненная ситуация).
    LifeSituationId;
    /// A person at the portal: the subject of its tokens. Opaque, never shown.
    PersonId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_parsed_once() {
        for (text, good) in [
            ("passport-replacement", true),
            ("77", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("Пас", false),
            ("a b", false),
        ] {
            assert_eq!(text.parse::<ServiceId>().is_ok(), good, "{text}");
        }
        assert!(ServiceId::try_from("x".repeat(65)).is_err());
    }
}
