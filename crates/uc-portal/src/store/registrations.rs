//! People on the way to an account of their own.

use jiff::Timestamp;
use uc_model::Phone;

use super::{NewPerson, Reply};
use crate::{accounts::Agreement, entropy::TokenHash, journal::Scene};

/// A registration, from its phone on.
#[derive(Debug, Clone)]
pub struct NewRegistration {
    /// Of the id of the flow that it began in.
    pub flow: TokenHash,
    /// Of the secret of the flow's browser.
    pub browser: TokenHash,
    /// The phone.
    pub phone: Phone,
    /// Until when it may be completed.
    pub expires_at: Timestamp,
}

/// How far a registration is.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The phone.
    pub phone: Phone,
    /// Whether it is known to be the person's.
    pub is_confirmed: bool,
}

/// All that makes an account.
#[derive(Debug)]
pub struct Registered {
    /// The registration that it completes.
    pub flow: TokenHash,
    /// The browser that it is bound to.
    pub browser: TokenHash,
    /// The person; their phone is the registration's.
    pub person: NewPerson,
    /// What they agreed to.
    pub agreed: Vec<Agreement>,
    /// When and where.
    pub scene: Scene,
}

/// Registrations.
pub trait RegistrationStore {
    /// Begins one in an open flow of the browser, or begins it anew; `false` when there is no such flow.
    fn begin_registration(&self, new: NewRegistration, now: Timestamp) -> Reply<'_, bool>;

    /// The registration of this flow and browser, while it holds.
    fn find_registration(
        &self,
        flow: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Registration>>;

    /// The phone is the person's. The flow, if it is still open, stays so until `flow_until` at least.
    fn confirm_registration(
        &self,
        flow: TokenHash,
        now: Timestamp,
        flow_until: Timestamp,
    ) -> Reply<'_, ()>;

    /// Makes the account and ends the registration; `false` when it is not confirmed or has ended, or when the phone
    /// became somebody's meanwhile.
    fn register(&self, registered: Registered) -> Reply<'_, bool>;
}
