//! What may become of a submission, given what the portal holds. Decided inside the transaction that writes it.

use uc_model::{ApplicationStatus, PersonId, ServiceId};

use super::Refusal;
use crate::fingerprint::Fingerprint;

/// An application that the portal holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Whose.
    pub person: PersonId,
    /// For what.
    pub service: ServiceId,
    /// How it stands.
    pub status: ApplicationStatus,
    /// Number of its newest submission.
    pub submission: u32,
    /// Of that submission.
    pub fingerprint: Fingerprint,
}

/// A submission as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received<'a> {
    /// Who sent it.
    pub person: &'a PersonId,
    /// For what.
    pub service: &'a ServiceId,
    /// Its number.
    pub submission: u32,
    /// Of method, resource and body.
    pub fingerprint: Fingerprint,
}

/// What a submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first one of a new application.
    First,
    /// The correction that was asked for.
    Correction,
    /// The one that the portal holds already: sent again under another key, or after the key was forgotten.
    Repeated,
}

/// Finds a submission's place. An application of another person is not there.
pub fn place(held: Option<&Held>, received: Received<'_>) -> Result<Place, Refusal> {
    let Some(held) = held else {
        return match received.submission {
            1 => Ok(Place::First),
            _ => Err(Refusal::OutOfOrder),
        };
    };
    if held.person != *received.person {
        return Err(Refusal::NotFound);
    }
    if held.submission == received.submission && held.fingerprint == received.fingerprint {
        return Ok(Place::Repeated);
    }
    if held.status.is_final() {
        return Err(Refusal::AlreadyDecided);
    }
    let follows = held.service == *received.service
        && held.status == ApplicationStatus::NeedsCorrection
        && received.submission == held.submission.saturating_add(1);
    if follows {
        Ok(Place::Correction)
    } else {
        Err(Refusal::OutOfOrder)
    }
}

/// Whether a person may withdraw.
pub fn withdraw(held: Option<&Held>, person: &PersonId) -> Result<(), Refusal> {
    match held {
        Some(held) if held.person == *person => {
            if held.status.can_cancel() {
                Ok(())
            } else {
                Err(Refusal::AlreadyDecided)
            }
        }
        Some(_) | None => Err(Refusal::NotFound),
    }
}
