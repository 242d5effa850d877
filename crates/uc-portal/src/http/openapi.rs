//! `GET /api/openapi.json`: each area documents its own endpoints, merged here.

use axum::{Json, Router, routing::get};
use utoipa::OpenApi;

use crate::{
    applications::ApplicationDocs, catalogue::CatalogueDocs, feed::FeedDocs, portal::AppState,
};

#[derive(OpenApi)]
#[openapi(info(
    title = "Edinyi Klient portal",
    description = "Reference portal: sign-in, catalogue, applications."
))]
struct PortalApi;

pub(super) fn router() -> Router<AppState> {
    Router::new().route("/api/openapi.json", get(|| async { Json(document()) }))
}

/// The whole document.
fn document() -> utoipa::openapi::OpenApi {
    let mut document = PortalApi::openapi();
    for area in areas() {
        document.merge(area);
    }
    document
}

fn areas() -> Vec<utoipa::openapi::OpenApi> {
    vec![
        CatalogueDocs::openapi(),
        ApplicationDocs::openapi(),
        FeedDocs::openapi(),
    ]
}
