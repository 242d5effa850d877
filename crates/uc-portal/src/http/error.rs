//! Errors of the API. The body is made by [`super::finish`], which knows the request's id.

use std::any::Any;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use uc_portal_api::{FieldProblem, ProblemCode};

use super::access::Scheme;
use crate::store::StoreError;

/// Seconds after which an unavailable portal may be asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// A refusal, on its way to become a [`uc_portal_api::Problem`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    code: ProblemCode,
    fields: Vec<FieldProblem>,
    challenge: Option<HeaderValue>,
    status: StatusCode,
}

impl ApiError {
    /// A refusal for this reason, with the reason's status.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
            challenge: None,
            status: status(code),
        }
    }

    /// Names the fields at fault.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldProblem>) -> Self {
        self.fields = fields;
        self
    }

    /// No access token, or none that holds (RFC 6750 §3).
    #[must_use]
    pub fn unauthorized(challenge: &'static str) -> Self {
        Self {
            challenge: Some(HeaderValue::from_static(challenge)),
            ..Self::new(ProblemCode::Unauthorized)
        }
    }

    /// The access token does not cover this (RFC 6750 §3.1).
    #[must_use]
    pub fn insufficient_scope(scheme: Scheme) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            ..Self::unauthorized(match scheme {
                Scheme::Bearer => "Bearer error=\"insufficient_scope\"",
                Scheme::Dpop => "DPoP error=\"insufficient_scope\"",
            })
        }
    }

    /// The reason.
    #[must_use]
    pub const fn code(&self) -> ProblemCode {
        self.code
    }

    /// The fields at fault.
    #[must_use]
    pub fn fields(&self) -> &[FieldProblem] {
        &self.fields
    }
}

/// The status that goes with a reason.
const fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::BadRequest | ProblemCode::IdempotencyKeyMissing => StatusCode::BAD_REQUEST,
        ProblemCode::Unauthorized => StatusCode::UNAUTHORIZED,
        ProblemCode::NotFound => StatusCode::NOT_FOUND,
        ProblemCode::NotEntitled
        | ProblemCode::AccountLevelTooLow
        | ProblemCode::DeviceNotProven => StatusCode::FORBIDDEN,
        ProblemCode::InvalidAnswers
        | ProblemCode::FileRefused
        | ProblemCode::IdempotencyMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemCode::StaleForm
        | ProblemCode::NotOffered
        | ProblemCode::InProgress
        | ProblemCode::RevisionConflict
        | ProblemCode::AlreadyDecided
        | ProblemCode::NoRoom => StatusCode::CONFLICT,
        ProblemCode::CursorGone => StatusCode::GONE,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::Internal | ProblemCode::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(challenge) = self.challenge.clone() {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        if matches!(
            self.code,
            ProblemCode::Unavailable | ProblemCode::TooManyRequests
        ) {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
        match error {
            StoreError::Full | StoreError::Stopped | StoreError::NotCommitted => {
                Self::new(ProblemCode::Unavailable)
            }
            StoreError::Database(_) | StoreError::Malformed(_) => Self::new(ProblemCode::Internal),
        }
    }
}

/// The answer to a handler's panic; the panic's text stays in the log.
pub(super) fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    ApiError::new(ProblemCode::Internal).into_response()
}
