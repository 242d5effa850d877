//! `GET /v1/profile`.

use axum::{Json, Router, extract::State};
use uc_portal_api::{FetchProfile, PersonProfile, ProblemCode};

use super::{ApiError, Person, route};
use crate::{oidc::ScopeToken, portal::AppState};

pub(super) fn router() -> Router<AppState> {
    route::<FetchProfile, _, _>(profile)
}

async fn profile(
    State(portal): State<AppState>,
    person: Person,
) -> Result<Json<PersonProfile>, ApiError> {
    person.require(ScopeToken::Profile)?;
    let profile = portal.store.find_whole_profile(person.id).await?;
    profile
        .map(Json)
        .ok_or_else(|| ApiError::new(ProblemCode::NotFound))
}
