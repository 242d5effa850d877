//! Errors that pages and OAuth endpoints have in common.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{DpopError, KeyError, OwnPage, params::Repeated};
use crate::{
    accounts::RecogniseError,
    pages::{self, Language, NoticePage, SignedOutPage, TooLong},
    passwords::PasswordError,
    portal::Portal,
    store::StoreError,
};

/// An error of the endpoints that clients call themselves (RFC 6749 §5.2).
#[derive(Debug, thiserror::Error)]
pub(super) enum OauthError {
    #[error("malformed request")]
    InvalidRequest,
    #[error("unknown client, or a client that may not do this")]
    InvalidClient,
    #[error("the code or token does not hold")]
    InvalidGrant,
    /// An authorization request that was pushed.
    #[error("the authorization request is refused: {0}")]
    Authorization(&'static str),
    /// What a device that waits is told (RFC 8628 §3.5).
    #[error("the device is answered: {0}")]
    Device(&'static str),
    #[error("the client may not do this")]
    UnauthorizedClient,
    #[error(transparent)]
    Dpop(#[from] DpopError),
    #[error("too many assertions")]
    Crowded,
    #[error("unknown grant type")]
    UnsupportedGrantType,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Key(#[from] KeyError),
}

#[derive(Serialize)]
struct OauthErrorBody {
    error: &'static str,
}

impl OauthError {
    const fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidRequest => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::InvalidGrant => (StatusCode::BAD_REQUEST, "invalid_grant"),
            Self::Authorization(code) | Self::Device(code) => (StatusCode::BAD_REQUEST, code),
            Self::UnauthorizedClient => (StatusCode::BAD_REQUEST, "unauthorized_client"),
            Self::Dpop(DpopError::Proof(_)) => (StatusCode::BAD_REQUEST, "invalid_dpop_proof"),
            Self::Dpop(DpopError::NonceWanted) => (StatusCode::BAD_REQUEST, "use_dpop_nonce"),
            Self::Dpop(DpopError::Crowded | DpopError::Store(_))
            | Self::Store(_)
            | Self::Crowded => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::Key(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let (status, error) = self.code();
        if status.is_server_error() {
            tracing::error!(
                error = &self as &dyn std::error::Error,
                "an OAuth endpoint failed"
            );
        }
        let mut response = (status, Json(OauthErrorBody { error })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 6749 §5.2 asks for it where the client tried the header.
            let challenge = HeaderValue::from_static("Basic");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<Repeated> for OauthError {
    fn from(_: Repeated) -> Self {
        Self::InvalidRequest
    }
}

/// Why a page cannot go on. Shown as a page: there is nobody safe to redirect to.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    #[error("the flow has ended, belongs to another browser, or the form is not ours")]
    Expired,
    #[error("the client's request is not acceptable")]
    Request,
    #[error("nobody is signed in in this browser")]
    SignedOut(OwnPage),
    #[error("the sign-in was with one factor, and the page asks for two")]
    OneFactor(OwnPage),
    #[error("the form did not come whole, or is too large")]
    Unread,
    #[error("the person may not see the page")]
    NotEmpowered,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Recognise(#[from] RecogniseError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Qr(#[from] TooLong),
}

impl PageError {
    /// The page that says so.
    pub(super) fn show(&self, portal: &Portal, headers: &HeaderMap) -> Response {
        let frame = portal.pages.frame(Language::accepted(headers));
        let (status, text) = match self {
            Self::SignedOut(page) | Self::OneFactor(page) => {
                let page = SignedOutPage {
                    frame,
                    way: page.way_in(),
                    asks_factor: matches!(self, Self::OneFactor(_)),
                };
                return pages::show(StatusCode::FORBIDDEN, &page);
            }
            Self::NotEmpowered => (StatusCode::FORBIDDEN, &frame.t.problem_not_empowered),
            Self::Unread => (StatusCode::BAD_REQUEST, &frame.t.problem_unread),
            Self::Expired => (StatusCode::BAD_REQUEST, &frame.t.problem_expired),
            Self::Request => (StatusCode::BAD_REQUEST, &frame.t.problem_request),
            Self::Store(_) | Self::Recognise(_) | Self::Password(_) | Self::Qr(_) => {
                tracing::error!(error = self as &dyn std::error::Error, "a page failed");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    &frame.t.problem_unavailable,
                )
            }
        };
        let page = NoticePage {
            frame,
            title: &frame.t.problem_title,
            text,
        };
        pages::show(status, &page)
    }
}

impl From<Repeated> for PageError {
    fn from(_: Repeated) -> Self {
        Self::Request
    }
}
