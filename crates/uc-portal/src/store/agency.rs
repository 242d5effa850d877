//! What agencies have to do, and what they did.

use jiff::Timestamp;
use uc_model::{ApplicationId, MessageId};
use uc_portal_api::Dialog;

use super::Reply;
use crate::agency::Act;

/// What an agency did, to be written if the application still stands where it stood.
#[derive(Debug, Clone)]
pub struct AgencyStep {
    /// The application.
    pub application: ApplicationId,
    /// The revision that the agency saw.
    pub seen: u64,
    /// What it did; `None` ends its work without a trace.
    pub act: Option<Act>,
    /// Id of the message, if the act brings one.
    pub message: MessageId,
    /// When the next step is due by the agencies' clock; `None` to wait for a correction, or for good.
    pub next_due_at: Option<Timestamp>,
    /// When.
    pub now: Timestamp,
}

/// An application whose agency's next step is due.
#[derive(Debug, Clone)]
pub struct DueJob {
    /// As it stands.
    pub dialog: Dialog,
    /// The place of the step in the script.
    pub step: u16,
}

/// The agencies' work.
pub trait AgencyStore {
    /// Jobs that are due, `limit` at most, the longest due first.
    fn list_due_jobs(&self, agency_now: Timestamp, limit: u32) -> Reply<'_, Vec<DueJob>>;

    /// When the next job is due by the agencies' clock.
    fn find_next_due(&self) -> Reply<'_, Option<Timestamp>>;

    /// Writes what an agency did; `false`, and nothing changes, when the application has changed meanwhile.
    fn apply_agency_step(&self, step: AgencyStep) -> Reply<'_, bool>;
}
