//! Applications, and the replies to those who sent them.

use std::sync::Arc;

use jiff::Timestamp;
use uc_model::{
    AccountLevel, AgencyId, ApplicationId, Audience, ContentHash, IdempotencyKey, PersonId,
};
use uc_portal_api::{Dialog, SubmittedApplication};

use super::Reply;
use crate::{agency::Script, applications::Refusal, fingerprint::Fingerprint};

/// A write under an idempotency key.
#[derive(Debug, Clone)]
pub struct KeyedWrite {
    /// Who writes.
    pub person: PersonId,
    /// What they gave it.
    pub key: IdempotencyKey,
    /// Of method, resource and body.
    pub fingerprint: Fingerprint,
    /// The application.
    pub application: ApplicationId,
    /// When it came.
    pub now: Timestamp,
}

/// A submission on its way in.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Who, which, and under what key.
    pub write: KeyedWrite,
    /// What was sent.
    pub body: SubmittedApplication,
    /// What the portal's rules say of it. Heard only when the submission is a new one: a repeated one has its reply.
    pub admission: Result<Terms, Refusal>,
    /// The agencies' time.
    pub agency_now: Timestamp,
}

/// On what terms an application is taken.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The agency.
    pub agency: AgencyId,
    /// The public service's name.
    pub title: String,
    /// Whom it is meant for.
    pub audience: Vec<Audience>,
    /// What an account must be.
    pub account_level: AccountLevel,
    /// By when it must be decided, if the term is known.
    pub due_at: Option<Timestamp>,
    /// What the agency will do.
    pub script: Arc<Script>,
    /// What is the matter when it is registered.
    pub registered: String,
    /// What is the matter when the agency has it back.
    pub in_progress: String,
    /// Before the year and the number of its number for people.
    pub number_prefix: String,
    /// The year of its number.
    pub year: i16,
    /// Files that the answers name, with the properties that ask for them: the person must have sent them before.
    pub files: Vec<(String, ContentHash)>,
}

/// A withdrawal on its way in.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// Who, which, and under what key.
    pub write: KeyedWrite,
    /// What is the matter then.
    pub summary: String,
}

/// What was answered: stored with the key, given again for the same write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReply {
    /// The HTTP status.
    pub status: u16,
    /// [`Dialog`] as JSON.
    pub body: String,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ApplicationCount {
    /// Applications.
    pub applications: u64,
    /// Forms sent for them, first and corrected.
    pub submissions: u64,
}

/// Applications.
pub trait ApplicationStore {
    /// Takes a submission: application, submission, reply under the key, feed entry and the agency's job, all or none.
    fn submit(&self, submission: Submission) -> Reply<'_, Result<StoredReply, Refusal>>;

    /// Withdraws, and ends the agency's job.
    fn withdraw(&self, withdrawal: Withdrawal) -> Reply<'_, Result<StoredReply, Refusal>>;

    /// A person's application.
    fn find_application(&self, person: PersonId, id: ApplicationId) -> Reply<'_, Option<Dialog>>;
}
