//! The one state that lists show, derived from the portal's copy, the outbox and the draft.

use serde::{Deserialize, Serialize};
use uc_model::{ApplicationStatus, OutboxState};

/// The state that lists show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListedState {
    /// Not sent.
    Draft,
    /// Waits to be sent.
    Queued,
    /// Being sent.
    Sending,
    /// Sent without an answer.
    Unknown,
    /// Given back by the portal.
    Returned,
    /// The portal has it.
    Registered,
    /// The agency works on it.
    InProgress,
    /// The agency asks for a correction.
    NeedsCorrection,
    /// Decided in the person's favour.
    Approved,
    /// Decided against the person.
    Refused,
    /// Withdrawn.
    Cancelled,
}

/// Groups of states that people ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationGroup {
    /// Not sent.
    Drafts,
    /// On their way, or at the agency.
    Active,
    /// Wait for the person.
    NeedsYou,
    /// Decided or withdrawn.
    Finished,
}

impl ListedState {
    /// What is on its way hides what the portal has; what the portal has hides an untouched draft.
    pub(super) fn derive(
        status: Option<ApplicationStatus>,
        outbox: Option<OutboxState>,
        draft_returned: Option<bool>,
    ) -> Option<Self> {
        match (outbox, draft_returned, status) {
            (Some(OutboxState::Sending), _, _) => Some(Self::Sending),
            (Some(OutboxState::Unknown), _, _) => Some(Self::Unknown),
            (Some(OutboxState::NeedsYou), _, _) | (_, Some(true), _) => Some(Self::Returned),
            (
                Some(
                    OutboxState::Draft
                    | OutboxState::Sealed
                    | OutboxState::Staged
                    | OutboxState::Registered
                    | OutboxState::Cancelled,
                ),
                _,
                _,
            ) => Some(Self::Queued),
            (None, _, Some(status)) => Some(status.into()),
            (None, Some(false), None) => Some(Self::Draft),
            (None, None, None) => None,
        }
    }

    /// The group that the state belongs to.
    #[must_use]
    pub const fn group(self) -> ApplicationGroup {
        match self {
            Self::Draft => ApplicationGroup::Drafts,
            Self::Queued | Self::Sending | Self::Unknown | Self::Registered | Self::InProgress => {
                ApplicationGroup::Active
            }
            Self::Returned | Self::NeedsCorrection => ApplicationGroup::NeedsYou,
            Self::Approved | Self::Refused | Self::Cancelled => ApplicationGroup::Finished,
        }
    }
}

impl From<ApplicationStatus> for ListedState {
    fn from(status: ApplicationStatus) -> Self {
        match status {
            ApplicationStatus::Registered => Self::Registered,
            ApplicationStatus::InProgress => Self::InProgress,
            ApplicationStatus::NeedsCorrection => Self::NeedsCorrection,
            ApplicationStatus::Approved => Self::Approved,
            ApplicationStatus::Refused => Self::Refused,
            ApplicationStatus::Cancelled => Self::Cancelled,
        }
    }
}
