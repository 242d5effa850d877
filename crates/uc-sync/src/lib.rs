//! What to send and what to write, as plans: nothing here does I/O or asks the time.
//!
//! [`outbox`] plans the sending of submissions, [`feed`] decides which of the portal's changes are news, [`merge`] joins what two
//! devices changed, [`upkeep`] what is asked
//! for without a reason.

pub mod feed;
pub mod merge;
pub mod outbox;
pub mod upkeep;

#[cfg(test)]
mod protocol;
#[cfg(test)]
mod tests;
