//! What can happen, and to whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::PersonId;
use uuid::Uuid;

use crate::{
    accounts::{CoarseAddress, DeviceId, Factor},
    registry::RoleKind,
    upstream::Check,
};

/// A technical word in an entry: 1 to 64 of ASCII letters, digits and `-._`. No line break and no control character
/// enters the journal by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Word(Box<str>);

/// The text is no [`Word`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a technical word")]
pub struct InvalidWord;

const MAX_WORD_BYTES: usize = 64;

impl Word {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Word {
    type Error = InvalidWord;

    fn try_from(text: String) -> Result<Self, InvalidWord> {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if plain && (1..=MAX_WORD_BYTES).contains(&text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidWord)
        }
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        word.0.into()
    }
}

/// Why a password was not even compared, or did not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such account.
    UnknownAccount,
    /// Another password.
    WrongPassword,
}

/// How an access that was allowed ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantEnd {
    /// The client gave it back.
    GivenBack,
    /// The person ended it.
    ByPerson,
    /// A code came twice (RFC 9700 §4.5).
    CodeReplayed,
    /// A refresh token came after its successor was used.
    TokenReused,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuthEvent {
    /// A person made an account.
    Registered,
    /// A person took a new password in the place of a lost one, and all sign-ins ended.
    PasswordRecovered,
    /// An e-mail address became the account's: a code that was sent there came back.
    EmailReplaced,
    /// A person signed in in a browser.
    SignedIn,
    /// A person signed out of a browser.
    SignedOut,
    /// A password was given and refused.
    PasswordRefused {
        /// Why.
        refusal: Refusal,
    },
    /// A second factor was shown and refused.
    FactorRefused,
    /// A second factor was shown, and a sign-in follows.
    FactorShown {
        /// Which.
        factor: Factor,
    },
    /// A person added a second factor.
    FactorAdded {
        /// Which.
        factor: Factor,
    },
    /// A person removed a second factor.
    FactorRemoved {
        /// Which.
        factor: Factor,
    },
    /// Another identity provider named a person, and what else is asked follows.
    CameFrom {
        /// Which.
        provider: Word,
    },
    /// An answer of an identity provider failed a check.
    ProviderRefused {
        /// Which.
        provider: Word,
        /// Which check.
        check: Check,
    },
    /// A person linked somebody at an identity provider to their account.
    IdentityLinked {
        /// Which.
        provider: Word,
    },
    /// A person ended such a link.
    IdentityUnlinked {
        /// Which; absent when it is configured no longer.
        provider: Option<Word>,
    },
    /// A person got a role, or another term for it.
    RoleGiven {
        /// Which.
        role: RoleKind,
    },
    /// A person lost a role.
    RoleTaken {
        /// Which.
        role: RoleKind,
    },
    /// A person said what is in their documents.
    PapersGiven,
    /// A person sent their documents to the operators.
    DocumentsSent,
    /// An operator looked at a person's documents.
    DocumentsOpened {
        /// Who.
        by: PersonId,
    },
    /// An operator confirmed a person's documents.
    DocumentsConfirmed {
        /// Who.
        by: PersonId,
    },
    /// An operator wants something changed in a person's documents.
    DocumentsReturned {
        /// Who.
        by: PersonId,
    },
    /// More guesses came for an account, or from an address, than are compared.
    TurnedAway,
    /// So many were wrong that the account is locked: for strangers, or for one browser where its person is known.
    Locked,
    /// A person signed in in a browser for the first time.
    NewDevice {
        /// Whether they said that it is theirs.
        known: bool,
    },
    /// A client was allowed what it asked for.
    GrantAllowed {
        /// The grant.
        grant: Uuid,
        /// The client; absent when its id is no [`Word`].
        client: Option<Word>,
    },
    /// What a client was allowed ended.
    GrantEnded {
        /// The grant.
        grant: Uuid,
        /// How.
        end: GrantEnd,
    },
    /// A person signed a browser out from elsewhere.
    BrowserEnded {
        /// The browser.
        browser: DeviceId,
    },
}

/// When and where something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene {
    /// When.
    pub at: Timestamp,
    /// Where from, where a person's own request did it.
    pub address: Option<CoarseAddress>,
    /// In which browser, where it is known.
    pub device: Option<DeviceId>,
}

impl Scene {
    /// Somewhere, at this instant.
    #[must_use]
    pub const fn at(at: Timestamp) -> Self {
        Self {
            at,
            address: None,
            device: None,
        }
    }
}

/// An entry to write. It takes its place when it is written.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// What happened.
    pub event: AuthEvent,
    /// To whom; absent where there is no account.
    pub person: Option<PersonId>,
    /// When and where.
    pub scene: Scene,
}

/// An entry as an administrator reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalEntry {
    /// Its place, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub person: Option<PersonId>,
    /// Where from.
    pub address: Option<CoarseAddress>,
    /// In which browser.
    pub device: Option<DeviceId>,
    /// What.
    pub event: AuthEvent,
}
