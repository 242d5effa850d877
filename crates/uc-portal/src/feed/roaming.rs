//! `PUT` and `GET /v1/roaming/{id}`.

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
};
use uc_portal_api::{
    FetchRoaming, MAX_ROAMING_BYTES, ProblemCode, RoamingId, RoamingRecord, RoamingVersion,
    WriteRoaming,
};

use crate::{
    http::{ApiError, Person, route},
    oidc::ScopeToken,
    portal::AppState,
    store::RoamingRefusal,
};

/// The endpoints of what follows a person.
pub(super) fn router() -> Router<AppState> {
    route::<WriteRoaming, _, _>(write).merge(route::<FetchRoaming, _, _>(fetch))
}

async fn write(
    State(portal): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    body: Result<Json<RoamingVersion>, JsonRejection>,
) -> Result<Json<RoamingRecord>, ApiError> {
    person.require(ScopeToken::Applications)?;
    let id = parse_id(&id)?;
    let Json(version) = body.map_err(|_| ApiError::new(ProblemCode::BadRequest))?;
    let size = serde_json::to_vec(&version.fields).map_or(usize::MAX, |bytes| bytes.len());
    if size > MAX_ROAMING_BYTES {
        return Err(ApiError::new(ProblemCode::TooLarge));
    }
    let now = portal.clock.now();
    let written = portal
        .store
        .write_roaming(person.id.clone(), id, version, now)
        .await?;
    let record = written.map_err(|refusal| {
        ApiError::new(match refusal {
            RoamingRefusal::Outdated => ProblemCode::RevisionConflict,
            RoamingRefusal::Full => ProblemCode::NoRoom,
        })
    })?;
    portal.desk.hints.feed_changed(&person.id);
    Ok(Json(record))
}

async fn fetch(
    State(portal): State<AppState>,
    person: Person,
    Path(id): Path<String>,
) -> Result<Json<RoamingRecord>, ApiError> {
    person.require(ScopeToken::Applications)?;
    let found = portal.store.find_roaming(person.id, parse_id(&id)?).await?;
    found
        .map(Json)
        .ok_or_else(|| ApiError::new(ProblemCode::NotFound))
}

/// A name that is none names nothing.
fn parse_id(text: &str) -> Result<RoamingId, ApiError> {
    text.parse()
        .map_err(|_| ApiError::new(ProblemCode::NotFound))
}
