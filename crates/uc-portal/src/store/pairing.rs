//! Devices without a browser that wait for consent (RFC 8628).

use jiff::Timestamp;

use super::{ClientGrant, IssuedTokens, NewTokens, Reply};
use crate::{entropy::TokenHash, oidc::Scope};

/// A device that begins to wait.
#[derive(Debug, Clone)]
pub struct NewPairing {
    /// What the device asks by.
    pub code: TokenHash,
    /// What the person types.
    pub user_code: TokenHash,
    /// The client that runs on it.
    pub client: String,
    /// What it asks for.
    pub scope: Scope,
    /// Seconds that it is to let pass between two questions.
    pub pause_seconds: i64,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// A device that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// What it asks by.
    pub code: TokenHash,
    /// The client that runs on it.
    pub client: String,
    /// What it asks for.
    pub scope: Scope,
}

/// A device asks whether it may.
#[derive(Debug, Clone)]
pub struct Question {
    /// What it asks by.
    pub code: TokenHash,
    /// The client that asks.
    pub client: String,
    /// What to issue if it may.
    pub tokens: NewTokens,
    /// Seconds by which its pause grows when it asks too soon (RFC 8628 §3.5).
    pub longer_by: i64,
}

/// Whether a device may.
#[derive(Debug, Clone)]
pub enum PairingAnswer {
    /// Nobody has decided.
    Waiting,
    /// Nobody has decided, and it asked too soon.
    TooSoon,
    /// The person refused; told once.
    Refused,
    /// Nobody decided in time.
    Expired,
    /// No such code, or of another client, or its answer was given already.
    Unknown,
    /// It may; told once.
    Allowed {
        /// What was allowed.
        grant: ClientGrant,
        /// Which of the tokens were issued.
        tokens: IssuedTokens,
    },
}

/// Devices that wait for consent.
pub trait PairingStore {
    /// Begins to wait; forgets those that ended.
    fn insert_pairing(&self, pairing: NewPairing, now: Timestamp) -> Reply<'_, ()>;

    /// The device that shows this code and waits.
    fn find_pairing(&self, user_code: TokenHash, now: Timestamp) -> Reply<'_, Option<Pairing>>;

    /// Allows what it asks for and ends the flow; false when the flow or the waiting has ended.
    fn allow_pairing(
        &self,
        flow: TokenHash,
        code: TokenHash,
        grant: ClientGrant,
    ) -> Reply<'_, bool>;

    /// Refuses it and ends the flow.
    fn refuse_pairing(&self, flow: TokenHash, code: TokenHash) -> Reply<'_, ()>;

    /// Answers a device.
    fn ask_pairing(&self, question: Question, now: Timestamp) -> Reply<'_, PairingAnswer>;
}
