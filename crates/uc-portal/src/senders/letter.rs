//! What is sent, and what is kept of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::{PersonId, Phone};
use uuid::Uuid;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// To a phone.
    Sms,
    /// To an e-mail address.
    Email,
}

impl Channel {
    /// The word it is stored by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }
}

/// Where a message goes.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// To a phone.
    Sms(Phone),
    /// To an e-mail address.
    Email(String),
}

impl Recipient {
    /// How.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Sms(_) => Channel::Sms,
            Self::Email(_) => Channel::Email,
        }
    }

    /// The address as it is written.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Sms(phone) => phone.as_str(),
            Self::Email(address) => address,
        }
    }

    /// Reads what the store kept.
    #[must_use]
    pub fn read(channel: Channel, address: String) -> Option<Self> {
        match channel {
            Channel::Sms => address.parse().ok().map(Self::Sms),
            Channel::Email => Some(Self::Email(address)),
        }
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recipient({:?}, •••)", self.channel())
    }
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Tells a person of a sign-in in a new browser.
    NewDevice,
    /// Brings a code, or says in its place why there is none.
    Code,
    /// Tells a person that their password was replaced.
    PasswordRecovered,
    /// Tells a person that another e-mail address became their account's.
    EmailReplaced,
    /// Tells a person that sessions of theirs were ended.
    SessionsEnded,
    /// Tells a person what was decided on their documents.
    DocumentsChecked,
}

/// A message to send.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its id.
    pub id: Uuid,
    /// Whom it is about, where that is a person.
    pub person: Option<PersonId>,
    /// What for.
    pub purpose: Purpose,
    /// What is sent.
    pub letter: Letter,
    /// Since when.
    pub created_at: Timestamp,
    /// From when on it is worthless.
    pub expires_at: Timestamp,
}

/// The message itself.
#[derive(Clone)]
pub struct Letter {
    /// Where to.
    pub to: Recipient,
    /// For channels that have subjects.
    pub subject: String,
    /// The words.
    pub body: String,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Letter").field(&self.to).finish()
    }
}

/// A try that is due.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The message's id.
    pub id: Uuid,
    /// What is sent.
    pub letter: Letter,
    /// How many tries there were.
    pub tries: u32,
    /// From when on it is worthless.
    pub expires_at: Timestamp,
}

/// A message that arrived in the demo's mailbox.
#[derive(Debug, Clone)]
pub struct MailboxLetter {
    /// What it was.
    pub letter: Letter,
    /// When it came.
    pub received_at: Timestamp,
}
