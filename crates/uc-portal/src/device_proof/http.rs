//! `PUT /v1/device-certificate`.

use axum::{Json, Router, extract::State, http::request::Parts};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use uc_portal_api::{CertifyDevice, DeviceCertificate, ProblemCode};

use super::acted::prove;
use crate::{
    http::{ApiError, Person, route},
    portal::AppState,
};

pub(crate) fn router() -> Router<AppState> {
    route::<CertifyDevice, _, _>(certify)
}

async fn certify(
    State(portal): State<AppState>,
    person: Person,
    parts: Parts,
) -> Result<Json<DeviceCertificate>, ApiError> {
    let key = prove(&portal, &parts, b"").await?;
    let refused = || ApiError::new(ProblemCode::DeviceNotProven);
    let ends_at = portal.store.find_grant_end(person.grant).await?;
    let ends_at = ends_at.ok_or_else(refused)?;
    let now = portal.clock.now();
    let issued = portal
        .device_authority
        .issue(person.grant, &key, (now, ends_at));
    let issued = issued.map_err(|error| {
        tracing::error!(%error, "no certificate was made");
        ApiError::new(ProblemCode::Internal)
    })?;
    let issued = issued.ok_or_else(refused)?;
    // The first key stays: whoever has come by the session's tokens later cannot put one of their own in its place.
    let kept = portal
        .store
        .keep_device_certificate(person.grant, issued)
        .await?;
    let certified = portal.device_authority.check(&kept, now);
    if certified.is_none_or(|certified| certified.key != key) {
        return Err(refused());
    }
    Ok(Json(DeviceCertificate {
        certificate: STANDARD.encode(kept),
        ends_at,
    }))
}
