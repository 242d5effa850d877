//! An application's two lives: what the portal says of it, and how far the client got with sending it.

use serde::{Deserialize, Serialize};

/// The state of an application as the portal and the agency see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationStatus {
    /// The portal has it and gave it a number.
    Registered,
    /// The agency works on it.
    InProgress,
    /// The agency asks the applicant for a correction.
    NeedsCorrection,
    /// Decided in the applicant's favour.
    Approved,
    /// Decided against the applicant.
    Refused,
    /// Withdrawn by the applicant.
    Cancelled,
}

impl ApplicationStatus {
    /// Every status, in the order of an application's life.
    pub const ALL: [Self; 6] = [
        Self::Registered,
        Self::InProgress,
        Self::NeedsCorrection,
        Self::Approved,
        Self::Refused,
        Self::Cancelled,
    ];

    /// Nothing follows a final status.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Approved | Self::Refused | Self::Cancelled)
    }

    /// The applicant may withdraw while nothing is decided.
    #[must_use]
    pub const fn can_cancel(self) -> bool {
        !self.is_final()
    }

    /// The status after this one, if the life of an application allows it.
    pub fn advance(self, next: Self) -> Result<Self, InvalidTransition> {
        let allowed = match self {
            Self::Registered => !matches!(next, Self::Registered),
            Self::InProgress => !matches!(next, Self::Registered | Self::InProgress),
            Self::NeedsCorrection => {
                matches!(next, Self::InProgress | Self::Refused | Self::Cancelled)
            }
            Self::Approved | Self::Refused | Self::Cancelled => false,
        };
        if allowed {
            Ok(next)
        } else {
            Err(InvalidTransition)
        }
    }
}

/// A step that the life of an application or of its sending does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the state does not follow the one before")]
pub struct InvalidTransition;

/// How far the sending of one revision of an application got, on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Still being filled in.
    Draft,
    /// «Send» was pressed: content and idempotency key are fixed.
    Sealed,
    /// Everything it refers to is at the portal; it may be sent.
    Staged,
    /// A request with it is under way.
    Sending,
    /// A request was made and its answer did not arrive: the portal may or may not have it.
    Unknown,
    /// The portal has it.
    Registered,
    /// The portal refused it for a reason that the applicant can mend.
    NeedsYou,
    /// Withdrawn before the portal had it.
    Cancelled,
}

impl OutboxState {
    /// The state after this one, if sending may take that step.
    pub fn advance(self, next: Self) -> Result<Self, InvalidTransition> {
        let allowed = match self {
            Self::Draft => matches!(next, Self::Sealed | Self::Cancelled),
            Self::Sealed => matches!(next, Self::Staged | Self::NeedsYou | Self::Cancelled),
            Self::Staged => matches!(next, Self::Sending | Self::NeedsYou | Self::Cancelled),
            Self::Sending => {
                matches!(
                    next,
                    Self::Staged | Self::Unknown | Self::Registered | Self::NeedsYou
                )
            }
            Self::Unknown => matches!(next, Self::Sending | Self::Registered | Self::NeedsYou),
            Self::NeedsYou => matches!(next, Self::Draft | Self::Cancelled),
            Self::Registered | Self::Cancelled => false,
        };
        if allowed {
            Ok(next)
        } else {
            Err(InvalidTransition)
        }
    }

    /// Sending is still owed.
    #[must_use]
    pub const fn is_pending(self) -> bool {
        matches!(
            self,
            Self::Sealed | Self::Staged | Self::Sending | Self::Unknown
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn app_08_nothing_follows_a_decision() {
        for last in ApplicationStatus::ALL
            .into_iter()
            .filter(|status| status.is_final())
        {
            for next in ApplicationStatus::ALL {
                assert_eq!(last.advance(next), Err(InvalidTransition));
            }
        }
    }

    #[test]
    fn app_05_a_lost_answer_never_goes_back_to_a_draft() {
        use OutboxState::{Cancelled, Draft, Registered, Sending, Unknown};
        assert!(Sending.advance(Unknown).is_ok());
        assert!(Unknown.advance(Sending).is_ok());
        assert!(Unknown.advance(Draft).is_err());
        assert!(Unknown.advance(Cancelled).is_err());
        assert!(Registered.advance(Sending).is_err());
    }
}
