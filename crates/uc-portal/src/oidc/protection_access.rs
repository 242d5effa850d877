//! `/protection/access`: what a person has allowed clients, and the end of that.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use uc_model::SessionId;

use super::{
    ACCESS, OwnPage, Scope,
    error::PageError,
    login::visit,
    own_page::Owner,
    params::Params,
    protection::{frame, scene},
};
use crate::{
    accounts::Peer,
    clock::moscow,
    pages::{self, AccessPage, AccessRow, Frame},
    portal::{AppState, Portal},
    store::{OpenSession, Signed},
};

pub(super) async fn list(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Protection).await?;
        let now = portal.clock.now();
        let sessions = portal
            .store
            .list_sessions(owner.person.clone(), now)
            .await?;
        let frame = frame(&portal, &headers);
        let rows = sessions
            .iter()
            .filter_map(|session| row(&portal, frame, session))
            .collect();
        let page = AccessPage {
            frame,
            csrf: &owner.csrf(),
            rows,
        };
        Ok(pages::show(StatusCode::OK, &page))
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// Browsers are allowed nothing: they are the person.
fn row<'a>(portal: &'a Portal, frame: Frame<'a>, session: &OpenSession) -> Option<AccessRow<'a>> {
    let Signed::Client { id, scope } = &session.signed else {
        return None;
    };
    let client = portal.clients.find(id);
    let name = match client {
        Some(client) => client.name.clone(),
        None => Some(id.clone()),
    };
    let since = moscow(session.signed_in_at);
    let since = format!("{since} {}", frame.t.moscow_time);
    let device = session.device.as_ref();
    let device = device.map(|device| device.name.as_str().to_owned());
    let about: Vec<String> = device.into_iter().chain([since]).collect();
    Some(AccessRow {
        id: session.id.to_string(),
        name: name.unwrap_or_else(|| frame.t.product.clone()),
        about: about.join(", "),
        scopes: allowed(frame, scope),
    })
}

fn allowed<'a>(frame: Frame<'a>, scope: &Scope) -> Vec<&'a str> {
    let words = scope.iter().map(|token| frame.t.scopes.of(token));
    words.collect()
}

pub(super) async fn end(
    State(portal): State<AppState>,
    Path(id): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let ended = async {
        let params = Params::parse(&body)?;
        let page = OwnPage::Protection;
        let owner = Owner::find_posted(&portal, &headers, &params, page).await?;
        let id: SessionId = id.parse().map_err(|_| PageError::Expired)?;
        let scene = scene(&portal, visit(peer, &headers));
        if !portal.store.end_access(owner.person, id, scene).await? {
            return Err(PageError::Expired);
        }
        Ok(Redirect::to(ACCESS).into_response())
    };
    ended
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}
