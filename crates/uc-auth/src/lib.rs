//! The client's side of OpenID Connect, and the passcode lock. No I/O, no clock, no randomness of its own.

pub mod lock;
pub mod loopback;
