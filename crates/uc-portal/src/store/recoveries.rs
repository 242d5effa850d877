//! People on the way back to their accounts.

use jiff::Timestamp;
use uc_model::{PersonId, SecretString};

use super::Reply;
use crate::{entropy::TokenHash, journal::Scene, senders::NewMessage};

/// A recovery, from the name of the account on.
#[derive(Debug, Clone)]
pub struct NewRecovery {
    /// Of the id of the flow that it began in.
    pub flow: TokenHash,
    /// Of the secret of the flow's browser.
    pub browser: TokenHash,
    /// Whose account it is; nobody's where no code can come.
    pub person: Option<PersonId>,
    /// Until when it may be completed.
    pub expires_at: Timestamp,
}

/// How far a recovery is.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// Whose account it is.
    pub person: Option<PersonId>,
    /// Whether they have shown the code that was sent to them.
    pub is_confirmed: bool,
}

/// A new password in the place of a lost one.
#[derive(Debug)]
pub struct Recovered {
    /// The recovery that it completes.
    pub flow: TokenHash,
    /// The browser that it is bound to.
    pub browser: TokenHash,
    /// PHC string.
    pub password_hash: SecretString,
    /// What the person is told of it, wherever they can be reached.
    pub notices: Vec<NewMessage>,
    /// When and where.
    pub scene: Scene,
}

/// Recoveries.
pub trait RecoveryStore {
    /// Begins one in an open flow of the browser, or begins it anew; `false` when there is no such flow.
    fn begin_recovery(&self, new: NewRecovery, now: Timestamp) -> Reply<'_, bool>;

    /// The recovery of this flow and browser, while it holds.
    fn find_recovery(
        &self,
        flow: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Recovery>>;

    /// The code has been shown. The flow, if it is still open, stays so until `flow_until` at least.
    fn confirm_recovery(
        &self,
        flow: TokenHash,
        now: Timestamp,
        flow_until: Timestamp,
    ) -> Reply<'_, ()>;

    /// Takes the new password, ends all that was signed in, and the recovery; `false` when it is not confirmed or has
    /// ended.
    fn recover(&self, recovered: Recovered) -> Reply<'_, bool>;
}
