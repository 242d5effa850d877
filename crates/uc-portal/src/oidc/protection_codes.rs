//! `/protection/codes`: recovery codes are made anew and shown once.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    OwnPage, PROTECTION,
    error::PageError,
    login::visit,
    own_page::Owner,
    params::Params,
    protection::{Fault, check_code, check_password, frame, scene},
};
use crate::{
    accounts::{Peer, RecoveryCode, Visit, make_recovery_codes},
    pages::{self, MakeCodesPage, ShownCodesPage},
    portal::{AppState, Portal},
};

pub(super) async fn form(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Protection).await?;
        Ok(if is_protected(&portal, &owner).await? {
            ask(&portal, &headers, &owner, None)
        } else {
            Redirect::to(PROTECTION).into_response()
        })
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn submit(
    State(portal): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let made = async {
        let params = Params::parse(&body)?;
        let owner = Owner::find_posted(&portal, &headers, &params, OwnPage::Protection).await?;
        if !is_protected(&portal, &owner).await? {
            return Ok(Redirect::to(PROTECTION).into_response());
        }
        make(&portal, &headers, &owner, &params, visit(peer, &headers)).await
    };
    made.await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// Whether there is a second factor that codes may stand in for.
async fn is_protected(portal: &Portal, owner: &Owner) -> Result<bool, PageError> {
    let factors = portal.store.find_factors(owner.person.clone()).await?;
    Ok(factors.are_asked())
}

async fn make(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    params: &Params,
    visit: Visit,
) -> Result<Response, PageError> {
    let fault = match check_password(portal, owner, params, visit).await? {
        Some(fault) => Some(fault),
        None => check_code(portal, owner, params, visit).await?,
    };
    if let Some(fault) = fault {
        return Ok(ask(portal, headers, owner, Some(fault)));
    }
    let (codes, stored) = make_recovery_codes(&portal.passwords, &portal.entropy).await?;
    let person = owner.person.clone();
    portal
        .store
        .replace_recovery_codes(person, stored, scene(portal, visit))
        .await?;
    let page = ShownCodesPage {
        frame: frame(portal, headers),
        codes: codes.iter().map(RecoveryCode::text).collect(),
    };
    Ok(pages::show(StatusCode::OK, &page))
}

fn ask(portal: &Portal, headers: &HeaderMap, owner: &Owner, fault: Option<Fault>) -> Response {
    let frame = frame(portal, headers);
    let text = fault.map(|fault| fault.text(frame));
    let page = MakeCodesPage {
        frame,
        csrf: &owner.csrf(),
        fault: text.as_deref(),
    };
    Fault::mark(fault, pages::show(StatusCode::OK, &page))
}
