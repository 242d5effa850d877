//! The extractor of acts that the device signs.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::request::Parts,
};
use uc_portal_api::ProblemCode;

use crate::{
    http::{ApiError, Person, access},
    oidc::DeviceProof,
    portal::{AppState, Portal},
};

/// The body of a request whose session's device has signed it, where the session has a device. Comes after [`Person`].
#[derive(Debug)]
pub(crate) struct Acted<T>(pub(crate) T);

/// What an act without a body says.
#[derive(Debug)]
pub(crate) struct NoBody;

impl<S: Sync> FromRequest<S> for NoBody {
    type Rejection = Infallible;

    async fn from_request(_: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl<T> FromRequest<AppState> for Acted<T>
where
    T: FromRequest<AppState, Rejection = Infallible>,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, portal: &AppState) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let body = Bytes::from_request(Request::new(body), portal).await;
        let body = body.map_err(|_| ApiError::new(ProblemCode::TooLarge))?;
        let person = parts.extensions.get::<Person>();
        let person = person.ok_or_else(|| ApiError::new(ProblemCode::Internal))?;
        check(portal, person, &parts, &body).await?;
        let request = Request::from_parts(parts, Body::from(body));
        let Ok(inner) = T::from_request(request, portal).await;
        Ok(Self(inner))
    }
}

/// A session without a device's key signs nothing: another's client, or ours before its first time.
async fn check(
    portal: &Portal,
    person: &Person,
    parts: &Parts,
    body: &[u8],
) -> Result<(), ApiError> {
    let kept = portal.store.find_device_certificate(person.grant).await?;
    let Some(certificate) = kept else {
        return Ok(());
    };
    let now = portal.clock.now();
    let certified = portal.device_authority.check(&certificate, now);
    let certified = certified.filter(|certified| certified.session == person.grant);
    let key = prove(portal, parts, body).await?;
    match certified {
        Some(certified) if certified.key == key => Ok(()),
        Some(_) | None => Err(ApiError::new(ProblemCode::DeviceNotProven)),
    }
}

/// The key that has signed the request.
pub(super) async fn prove(
    portal: &Portal,
    parts: &Parts,
    body: &[u8],
) -> Result<crate::oidc::PublicKey, ApiError> {
    let token = access::shown_token(parts).unwrap_or_default();
    let proof = DeviceProof {
        method: &parts.method,
        path: parts.uri.path(),
        headers: &parts.headers,
        access_token: token,
        body,
    };
    proof.key(portal).await.map_err(|error| {
        tracing::info!(%error, "a device's proof was refused");
        ApiError::new(ProblemCode::DeviceNotProven)
    })
}
