//! `/agreements/…`: what a person agrees to when they register.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

use crate::{
    accounts::Agreement,
    pages::{self, DocumentPage, Language},
    portal::AppState,
};

pub(super) async fn show(
    State(portal): State<AppState>,
    Path(word): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(document) = Agreement::read(&word) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let frame = portal.pages.frame(Language::accepted(&headers));
    let (title, text) = match document {
        Agreement::Terms => (&frame.t.terms_title, &frame.t.terms_text),
        Agreement::Privacy => (&frame.t.privacy_title, &frame.t.privacy_text),
    };
    let version = document.version().to_string();
    let page = DocumentPage {
        frame,
        title,
        edition: frame.t.agreement_edition.replace("{version}", &version),
        paragraphs: text.split("\n\n").collect(),
    };
    pages::show(StatusCode::OK, &page)
}
