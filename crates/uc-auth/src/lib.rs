//! The client's side of OpenID Connect, and the passcode lock. No I/O, no clock, no randomness of its own.

mod error;
mod exchange;
mod flow;
mod id_token;
mod json;
pub mod lock;
pub mod loopback;
mod provider;
mod tokens;

pub use error::{AuthError, Check, Refusal, TransportError};
pub use exchange::Transport;
pub use flow::{Code, Flow, Response};
pub use provider::{Client, Provider};
pub use tokens::{AccessToken, Renewed, SignedIn};
