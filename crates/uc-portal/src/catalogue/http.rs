//! `GET /v1/catalogue`.

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::value::RawValue;
use tower_http::compression::CompressionLayer;
use uc_portal_api::{CATALOGUE_PAGE, FetchCatalogue, ProblemCode};

use crate::{
    http::{ApiError, route},
    portal::AppState,
    store::{CatalogueSlice, StoreError},
};

/// Anybody may keep it, but must ask whether it still holds.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The catalogue's endpoint. Public and free of secrets, so its answers may be compressed.
pub fn router() -> Router<AppState> {
    route::<FetchCatalogue, _, _>(catalogue).layer(CompressionLayer::new())
}

async fn catalogue(
    State(portal): State<AppState>,
    headers: HeaderMap,
    Query(query): Query<FetchCatalogue>,
) -> Result<Response, ApiError> {
    let desk = &portal.desk;
    let after = desk.epoch.read(query.after.as_deref(), desk.published)?;
    let tag = format!("W/\"{}\"", desk.epoch.at(desk.published));
    let mut response = if holds(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let slice = portal.store.list_catalogue(after, CATALOGUE_PAGE).await?;
        let next = desk.epoch.at(slice.last).to_string();
        Json(page(&slice, next)?).into_response()
    };
    let tag = HeaderValue::from_str(&tag).map_err(|_| ApiError::new(ProblemCode::Internal))?;
    response.headers_mut().insert(header::ETAG, tag);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, CACHE_CONTROL);
    Ok(response)
}

/// Whether the client's copy is this one (RFC 9110 §13.1.2, weak comparison).
fn holds(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|held| held.trim() == "*" || opaque(held) == opaque(tag))
}

/// [`uc_portal_api::CataloguePage`], around changes that are JSON already.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    changes: Vec<&'a RawValue>,
    next: String,
    has_more: bool,
    remaining: u64,
}

fn page(slice: &CatalogueSlice, next: String) -> Result<Page<'_>, StoreError> {
    Ok(Page {
        changes: slice
            .changes
            .iter()
            .map(|text| serde_json::from_str(text))
            .collect::<Result<_, _>>()
            .map_err(|_| StoreError::Malformed("catalogue entry"))?,
        next,
        has_more: slice.remaining > slice.changes.len() as u64,
        remaining: slice.remaining,
    })
}
