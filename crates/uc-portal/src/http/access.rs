//! The access token of a request, and the proof that it needs (RFC 6750, RFC 9449 §7).

use axum::http::{header, request::Parts};

use uc_portal_api::ProblemCode;

use super::ApiError;
use crate::{
    entropy::TokenHash,
    oidc::{DpopError, Thumbprint, dpop::Shown},
    portal::Portal,
    store::AccessGrant,
};

/// How a token is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// By whoever holds it.
    Bearer,
    /// With a proof of its key.
    Dpop,
}

const NO_TOKEN: &str = "Bearer, DPoP algs=\"ES256 EdDSA\"";
const INVALID_PROOF: &str = "DPoP error=\"invalid_dpop_proof\", algs=\"ES256 EdDSA\"";
const NONCE_WANTED: &str = "DPoP error=\"use_dpop_nonce\", algs=\"ES256 EdDSA\"";

impl Scheme {
    /// The token does not hold, or not for who shows it.
    fn refuse(self) -> ApiError {
        ApiError::unauthorized(match self {
            Self::Bearer => "Bearer error=\"invalid_token\"",
            Self::Dpop => "DPoP error=\"invalid_token\", algs=\"ES256 EdDSA\"",
        })
    }
}

/// What the request's access token gives, and how it was shown.
pub(crate) async fn grant(
    parts: &Parts,
    portal: &Portal,
) -> Result<(AccessGrant, Scheme), ApiError> {
    let (scheme, token) = credentials(parts).ok_or_else(|| ApiError::unauthorized(NO_TOKEN))?;
    let access = find(portal, token).await?.ok_or_else(|| scheme.refuse())?;
    let shown = match scheme {
        Scheme::Bearer => None,
        Scheme::Dpop => Some(proven_key(parts, portal, token).await?),
    };
    // A bound token is no bearer token, and a key that it is not bound to adds nothing to one.
    if shown == access.key {
        Ok((access, scheme))
    } else {
        Err(scheme.refuse())
    }
}

/// The request's bearer token, whatever it may give.
pub(crate) fn bearer(parts: &Parts) -> Result<&str, ApiError> {
    match credentials(parts) {
        Some((Scheme::Bearer, token)) => Ok(token),
        Some((Scheme::Dpop, _)) | None => Err(ApiError::unauthorized(NO_TOKEN)),
    }
}

/// The token of a request, by whichever scheme it is shown.
pub(crate) fn shown_token(parts: &Parts) -> Option<&str> {
    credentials(parts).map(|(_, token)| token)
}

/// A bearer token that gives nothing here.
pub(crate) fn unknown_bearer() -> ApiError {
    Scheme::Bearer.refuse()
}

/// What a bearer token that came in a form gives (RFC 6750 §2.2).
pub(crate) async fn bearer_grant(portal: &Portal, token: &str) -> Result<AccessGrant, ApiError> {
    let access = find(portal, token).await?;
    access
        .filter(|access| access.key.is_none())
        .ok_or_else(|| Scheme::Bearer.refuse())
}

async fn find(portal: &Portal, token: &str) -> Result<Option<AccessGrant>, ApiError> {
    let now = portal.clock.now();
    Ok(portal
        .store
        .find_access(TokenHash::dated(token), now)
        .await?)
}

async fn proven_key(parts: &Parts, portal: &Portal, token: &str) -> Result<Thumbprint, ApiError> {
    let shown = Shown {
        method: &parts.method,
        path: parts.uri.path(),
        headers: &parts.headers,
        access_token: Some(token),
    };
    let key = shown.proven_key(portal).await.map_err(refusal)?;
    key.ok_or_else(|| ApiError::unauthorized(INVALID_PROOF))
}

fn refusal(error: DpopError) -> ApiError {
    match error {
        DpopError::Proof(reason) => {
            tracing::info!(%reason, "a proof was refused");
            ApiError::unauthorized(INVALID_PROOF)
        }
        DpopError::NonceWanted => ApiError::unauthorized(NONCE_WANTED),
        DpopError::Crowded => ApiError::new(ProblemCode::TooManyRequests),
        DpopError::Store(error) => error.into(),
    }
}

/// The one token of the request; two headers are none.
fn credentials(parts: &Parts) -> Option<(Scheme, &str)> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let scheme = if scheme.eq_ignore_ascii_case("bearer") {
        Scheme::Bearer
    } else if scheme.eq_ignore_ascii_case("dpop") {
        Scheme::Dpop
    } else {
        return None;
    };
    Some((scheme, token.trim()))
}
