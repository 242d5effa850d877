//! Codes that were sent.

use jiff::Timestamp;

use super::Reply;
use crate::{accounts::SendingSubject, entropy::TokenHash, senders::NewMessage};

/// A code to send.
#[derive(Debug)]
pub struct NewSentCode {
    /// What it opens.
    pub slot: TokenHash,
    /// The code; none where no code may open it.
    pub code: Option<TokenHash>,
    /// What it is counted for: each must allow it.
    pub subjects: Vec<SendingSubject>,
    /// What goes on its way in the same transaction.
    pub letter: NewMessage,
    /// When.
    pub sent_at: Timestamp,
    /// Until when it opens anything.
    pub expires_at: Timestamp,
}

/// Whether a code went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// It went, and no code of before opens the slot any more.
    Sent,
    /// Too many went: nothing changed.
    TooMany {
        /// When the next may go.
        until: Timestamp,
    },
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeTry {
    /// It is the code, and is used up.
    Right,
    /// It is not.
    Wrong,
    /// There is no code to compare with: it has ended, or too many tries were wrong.
    Ended,
}

/// Sent codes.
pub trait SentCodeStore {
    /// Puts a code in its slot and its letter on the way, if all its subjects allow one more.
    fn send_code(&self, code: NewSentCode) -> Reply<'_, Sending>;

    /// Counts a try at a slot, then compares; tries at the same time included.
    fn try_sent_code(&self, slot: TokenHash, code: TokenHash, now: Timestamp)
    -> Reply<'_, CodeTry>;
}
