//! The journal of authentication: what happened to which person, entry after entry, none ever changed.
//!
//! Each entry carries the hash of the one before it ([`Chain`]), so that one that was removed, altered or moved is
//! found. Whoever can write the whole database can write a whole new chain: against that, keep a [`ChainHead`]
//! elsewhere and hand it to `journal verify`.

mod chain;
mod event;
#[cfg(test)]
mod tests;

pub use chain::{Chain, ChainBreak, ChainHead, InvalidHead, RawEntry};
pub use event::{AuthEvent, GrantEnd, JournalEntry, NewEntry, Refusal, Scene, Word};
