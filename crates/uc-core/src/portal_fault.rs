//! What a refusal of the portal is to the person who asked for an act.

use uc_ipc::IpcError;
use uc_portal_api::ProblemCode;

use crate::{Core, portal::PortalError};

/// In the interface's terms. What the portal cannot do now counts as being offline.
pub(crate) fn portal_fault(core: &Core, error: &PortalError) -> IpcError {
    match error {
        PortalError::Offline | PortalError::Interrupted | PortalError::Untrusted => {
            IpcError::Offline
        }
        PortalError::SignInRequired => IpcError::SignInRequired,
        PortalError::Problem { problem, .. } => match problem.code {
            ProblemCode::NotFound => IpcError::NotFound,
            ProblemCode::TooManyRequests | ProblemCode::Unavailable | ProblemCode::Internal => {
                IpcError::Offline
            }
            // What this session may not do a new one may: it asks for all that the client knows today.
            ProblemCode::Unauthorized | ProblemCode::DeviceNotProven => {
                core.need_sign_in();
                IpcError::SignInRequired
            }
            ProblemCode::AlreadyDecided
            | ProblemCode::BadRequest
            | ProblemCode::InvalidAnswers
            | ProblemCode::StaleForm
            | ProblemCode::NotOffered
            | ProblemCode::NotEntitled
            | ProblemCode::AccountLevelTooLow
            | ProblemCode::IdempotencyKeyMissing
            | ProblemCode::IdempotencyMismatch
            | ProblemCode::InProgress
            | ProblemCode::RevisionConflict
            | ProblemCode::CursorGone
            | ProblemCode::TooLarge
            | ProblemCode::FileRefused
            | ProblemCode::NoRoom
            | ProblemCode::Unknown => IpcError::Conflict,
        },
        PortalError::Malformed => core.internal(error),
    }
}
