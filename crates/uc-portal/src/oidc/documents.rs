//! `/documents`: how far the confirmation of an account is, and its way to the operators.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use uc_model::AccountLevel;

use super::{
    DOCUMENTS, OwnPage, PAPERS, SCANS,
    error::PageError,
    login::visit,
    own_page::Owner,
    params::Params,
    protection::{frame, scene},
};
use crate::{
    accounts::Peer,
    pages::{self, DocumentsPage, Language, Step, Texts},
    portal::{AppState, Portal},
    proofing::{ProofState, Proofing},
};

pub(super) async fn overview(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Documents).await?;
        show(&portal, &headers, &owner).await
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn send(
    State(portal): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sent = async {
        let params = Params::parse(&body)?;
        let owner = Owner::find_posted(&portal, &headers, &params, OwnPage::Documents).await?;
        let scene = scene(&portal, visit(peer, &headers));
        // What was not ready, or sent before, the overview says.
        portal
            .store
            .send_proofing(owner.person, Language::accepted(&headers), scene)
            .await?;
        Ok(Redirect::to(DOCUMENTS).into_response())
    };
    sent.await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

async fn show(portal: &Portal, headers: &HeaderMap, owner: &Owner) -> Result<Response, PageError> {
    let profile = portal.store.find_profile(owner.person.clone()).await?;
    let level = profile
        .ok_or(PageError::SignedOut(OwnPage::Documents))?
        .level;
    let proofing = portal.store.find_proofing(owner.person.clone()).await?;
    let found = proofing.as_ref();
    let frame = frame(portal, headers);
    let page = DocumentsPage {
        frame,
        csrf: &owner.csrf(),
        level: level_name(frame.t, level),
        said: said(frame.t, level, found),
        reason: found.and_then(|proofing| proofing.reason.as_deref()),
        steps: steps(frame.t, level, found),
        is_ready: found.is_some_and(Proofing::is_ready),
    };
    Ok(pages::show(StatusCode::OK, &page))
}

fn steps<'a>(t: &'a Texts, level: AccountLevel, proofing: Option<&Proofing>) -> Vec<Step<'a>> {
    let is_open = proofing.is_none_or(|proofing| proofing.state.is_open());
    if level == AccountLevel::Confirmed || !is_open {
        return Vec::new();
    }
    vec![
        Step {
            label: &t.papers_title,
            href: Some(PAPERS),
            is_done: proofing.is_some(),
        },
        Step {
            label: &t.scans_title,
            href: proofing.map(|_| SCANS),
            is_done: proofing.is_some_and(Proofing::has_all_scans),
        },
    ]
}

const fn level_name(t: &Texts, level: AccountLevel) -> &str {
    match level {
        AccountLevel::Simplified => t.level_simplified.as_str(),
        AccountLevel::Standard => t.level_standard.as_str(),
        AccountLevel::Confirmed => t.level_confirmed.as_str(),
    }
}

fn said<'a>(t: &'a Texts, level: AccountLevel, proofing: Option<&Proofing>) -> &'a str {
    if level == AccountLevel::Confirmed {
        return &t.documents_confirmed;
    }
    match proofing.map(|proofing| (proofing.state, proofing.is_ready())) {
        None => &t.documents_begin,
        Some((ProofState::Waiting, _)) => &t.documents_waiting,
        Some((ProofState::Returned, _)) => &t.documents_returned,
        Some((ProofState::Filling | ProofState::Confirmed, true)) => &t.documents_ready,
        Some((ProofState::Filling | ProofState::Confirmed, false)) => &t.documents_go_on,
    }
}
