//! Applications: taken once, whatever the network does; shown and withdrawn by their own person alone.

use uc_portal_api::{FieldProblem, ProblemCode};

use crate::http::ApiError;

mod admission;
mod deadline;
mod http;
mod in_flight;
pub mod rules;
#[cfg(test)]
mod tests;
mod working_days;

pub use admission::admit;
pub use deadline::{due_at, today};
pub use http::router;
pub use in_flight::InFlight;
pub use working_days::WorkingDays;

/// Why a write is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not there, or another person's.
    NotFound,
    /// The key was used with another body.
    KeyReused,
    /// No application by this service is taken.
    NotOffered,
    /// It is meant for others than this person, in all their roles.
    NotEntitled,
    /// It asks for an account of a higher level.
    LevelTooLow,
    /// The form has another version.
    StaleForm,
    /// The answers break the form's rules.
    InvalidAnswers(Vec<FieldProblem>),
    /// It does not follow what the portal holds.
    OutOfOrder,
    /// Decided or withdrawn.
    AlreadyDecided,
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::new(ProblemCode::NotFound),
            Refusal::KeyReused => Self::new(ProblemCode::IdempotencyMismatch),
            Refusal::NotOffered => Self::new(ProblemCode::NotOffered),
            Refusal::NotEntitled => Self::new(ProblemCode::NotEntitled),
            Refusal::LevelTooLow => Self::new(ProblemCode::AccountLevelTooLow),
            Refusal::StaleForm => Self::new(ProblemCode::StaleForm),
            Refusal::InvalidAnswers(fields) => {
                Self::new(ProblemCode::InvalidAnswers).with_fields(fields)
            }
            Refusal::OutOfOrder => Self::new(ProblemCode::RevisionConflict),
            Refusal::AlreadyDecided => Self::new(ProblemCode::AlreadyDecided),
        }
    }
}
