//! What to send and what to write, as plans: nothing here does I/O or asks the time.
//!
//! [`outbox`] plans the sending of submissions, [`feed`] decides which of the portal's changes are news.

pub mod feed;
pub mod outbox;

#[cfg(test)]
mod protocol;
#[cfg(test)]
mod tests;
