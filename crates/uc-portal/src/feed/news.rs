//! `PUT /v1/notify-token` and `GET /v1/news`: what a locked client may know.

use axum::{
    Json, Router,
    extract::{Query, State, rejection::JsonRejection},
    http::request::Parts,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uc_portal_api::{
    FetchNews, KeepNotifyToken, News, NotifyTokenHash, NotifyTokenKept, ProblemCode,
};

use crate::{
    entropy::TokenHash,
    http::{ApiError, Person, access, route},
    oidc::ScopeToken,
    portal::AppState,
};

pub(super) fn router() -> Router<AppState> {
    route::<KeepNotifyToken, _, _>(keep).merge(route::<FetchNews, _, _>(news))
}

async fn keep(
    State(portal): State<AppState>,
    person: Person,
    body: Result<Json<NotifyTokenHash>, JsonRejection>,
) -> Result<Json<NotifyTokenKept>, ApiError> {
    person.require(ScopeToken::Notify)?;
    let bad = || ApiError::new(ProblemCode::BadRequest);
    let Json(NotifyTokenHash { sha256 }) = body.map_err(|_| bad())?;
    let hash = URL_SAFE_NO_PAD.decode(sha256).map_err(|_| bad())?;
    let hash = TokenHash(hash.try_into().map_err(|_| bad())?);
    let kept = portal.store.keep_notify_token(person.grant, hash).await?;
    let ends_at = kept.ok_or_else(bad)?;
    Ok(Json(NotifyTokenKept { ends_at }))
}

async fn news(
    State(portal): State<AppState>,
    Query(query): Query<FetchNews>,
    parts: Parts,
) -> Result<Json<News>, ApiError> {
    let token = access::bearer(&parts)?;
    let now = portal.clock.now();
    let person = portal
        .store
        .find_notified(TokenHash::of(token), now)
        .await?;
    let person = person.ok_or_else(access::unknown_bearer)?;
    let epoch = portal.desk.epoch.of_person(&person);
    let last = portal.store.find_feed_end(person.clone()).await?;
    let after = epoch.read(query.after.as_deref(), last)?;
    let count = portal.store.count_news(person, after).await?;
    Ok(Json(News { count }))
}
