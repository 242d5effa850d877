//! `GET /v1/feed`.

use axum::{
    Json, Router,
    extract::{Query, State},
    routing::get,
};
use uc_portal_api::{EVENTS_PATH, FEED_PAGE, Feed, FetchFeed};

use super::events::events;
use crate::{
    http::{ApiError, Person, route},
    oidc::ScopeToken,
    portal::AppState,
};

/// The feed's endpoints.
pub fn router() -> Router<AppState> {
    route::<FetchFeed, _, _>(feed)
        .route(EVENTS_PATH, get(events))
        .merge(super::news::router())
        .merge(super::roaming::router())
}

async fn feed(
    State(portal): State<AppState>,
    person: Person,
    Query(query): Query<FetchFeed>,
) -> Result<Json<Feed>, ApiError> {
    person.require(ScopeToken::Applications)?;
    let epoch = portal.desk.epoch.of_person(&person.id);
    let last = portal.store.find_feed_end(person.id.clone()).await?;
    let after = epoch.read(query.after.as_deref(), last)?;
    let slice = portal.store.list_feed(person.id, after, FEED_PAGE).await?;
    Ok(Json(Feed {
        changes: slice.changes,
        next: epoch.at(slice.last).to_string(),
        has_more: slice.has_more,
    }))
}
