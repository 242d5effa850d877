//! Messages to persons.

use jiff::Timestamp;
use uc_model::PersonId;
use uuid::Uuid;

use super::Reply;
use crate::senders::{CarryError, Delivery, MailboxLetter};

/// How a try to deliver a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryEnd {
    /// The other side has it.
    Sent,
    /// Another try follows.
    Again {
        /// When.
        at: Timestamp,
        /// Why.
        error: CarryError,
    },
    /// No try follows.
    Failed {
        /// Why.
        error: CarryError,
    },
    /// It would come too late.
    Expired {
        /// Why it did not come in time.
        error: CarryError,
    },
}

/// A line of the log: a message without address and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageLog {
    /// What it was for, as a word.
    pub purpose: String,
    /// How it stands, as a word.
    pub state: String,
    /// Tries so far.
    pub tries: u32,
    /// Why the last failed, as a word.
    pub fault: Option<String>,
}

/// Messages.
pub trait MessageStore {
    /// Messages whose next try is due; those that became worthless meanwhile are ended.
    fn list_due_messages(&self, now: Timestamp, limit: usize) -> Reply<'_, Vec<Delivery>>;

    /// When the next try is due.
    fn find_next_try(&self) -> Reply<'_, Option<Timestamp>>;

    /// Records a try.
    fn end_delivery(&self, id: Uuid, end: DeliveryEnd, now: Timestamp) -> Reply<'_, ()>;

    /// The log of a person's messages, or of nobody's, newest first.
    fn list_message_log(&self, person: Option<PersonId>) -> Reply<'_, Vec<MessageLog>>;

    /// A message arrived in the demo's mailbox.
    fn insert_mailbox_letter(&self, id: Uuid, letter: MailboxLetter) -> Reply<'_, ()>;

    /// The demo's mailbox, newest first.
    fn list_mailbox(&self, limit: usize) -> Reply<'_, Vec<MailboxLetter>>;
}
