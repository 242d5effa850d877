//! The client's side of OpenID Connect, and the passcode lock. No I/O, no clock, no randomness of its own.

mod error;
mod exchange;
mod flow;
mod id_token;
mod json;
pub mod lock;
pub mod loopback;
pub mod proof;
mod provider;
mod retry_after;
mod server_clock;
mod tokens;
mod userinfo;

pub use error::{AuthError, Check, Refusal, TransportError};
pub use exchange::{Channel, Transport};
pub use flow::{Code, Flow, Response};
pub use proof::{Nonces, Proof, ProofKey};
pub use provider::{Client, Provider};
pub use retry_after::retry_after;
pub use server_clock::ServerClock;
pub use tokens::{AccessToken, RefreshToken, Renewed, SignedIn};
