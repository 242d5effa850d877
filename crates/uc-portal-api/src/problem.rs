//! Errors on the wire (RFC 9457).

use serde::{Deserialize, Serialize};

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error as the portal tells it. No personal data in any member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:edinyi-klient:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short text in English, for developers.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What clients decide by.
    pub code: ProblemCode,
    /// The request's id in the portal's log.
    pub request_id: String,
    /// Fields at fault, for `invalid_answers` and `file_refused`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
}

/// A field of a form and the rule it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// The property.
    pub field: String,
    /// The schema's keyword that it breaks: `required`, `format`, `maxLength` …
    pub rule: String,
}

/// Reasons that clients tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request does not parse.
    BadRequest,
    /// No valid access token.
    Unauthorized,
    /// The session has a device's key, and it has not signed this: one signs in anew.
    DeviceNotProven,
    /// Not found, or not this person's.
    NotFound,
    /// The answers break the form's schema.
    InvalidAnswers,
    /// The form has another version by now.
    StaleForm,
    /// No application by this service is taken here.
    NotOffered,
    /// The public service is meant for others than this person, in all their roles.
    NotEntitled,
    /// The public service asks for an account of a higher level than the person has.
    AccountLevelTooLow,
    /// A write without an idempotency key.
    IdempotencyKeyMissing,
    /// The key was used with another body.
    IdempotencyMismatch,
    /// The same key is being worked on.
    InProgress,
    /// The submission does not follow the one that the portal holds.
    RevisionConflict,
    /// The application is decided or withdrawn.
    AlreadyDecided,
    /// The cursor belongs to an earlier life of the data: begin anew.
    CursorGone,
    /// The body, or the file that it is to become a part of, is too large.
    TooLarge,
    /// The file is of a kind that is not taken, damaged, or another than its name says. `fields` names the rule.
    FileRefused,
    /// The person keeps as many files, or has begun as many, as a person may.
    NoRoom,
    /// Too many requests; `Retry-After` says how long to wait.
    TooManyRequests,
    /// The portal's fault.
    Internal,
    /// The portal stops or starts; `Retry-After` says how long to wait.
    Unavailable,
    /// A code of a newer portal.
    #[serde(other)]
    Unknown,
}
