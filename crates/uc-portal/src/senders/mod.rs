//! Messages to persons, by SMS and e-mail.
//!
//! A message is written in the transaction of what it tells ([`NewMessage`]); a worker carries it, a bounded number of
//! times, until it is worthless. What stays is the log: for whom, what for, how it ended, without address and words.

mod carrier;
mod gateway;
mod letter;
mod mailbox;
mod page;
mod post;
mod run;
mod server;
mod smpp;
mod smtp;
#[cfg(test)]
mod tests;
mod wire;

pub use carrier::{Carrier, CarryError, Carrying, Route, RouteError};
pub use gateway::SmsGateway;
pub use letter::{Channel, Delivery, Letter, MailboxLetter, NewMessage, Purpose, Recipient};
pub use page::router;
pub use post::{Post, Routes};
pub use run::run;
pub use smpp::{SmppAddress, SmppCarrier};
pub use smtp::{SmtpAddress, SmtpCarrier};
