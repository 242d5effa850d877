//! `/protection/links/…`: who at another identity provider opens a person's account, and how that ends.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use super::{
    OwnPage, PROTECTION,
    error::PageError,
    login::visit,
    own_page::Owner,
    params::Params,
    protection::{Fault, check_password, frame, scene},
};
use crate::{
    accounts::Peer,
    pages::{self, Frame, LinkRow, RemoveLinkPage},
    portal::{AppState, Portal},
    store::IdentityLink,
};

/// The rows of the overview.
pub(super) async fn rows(
    portal: &Portal,
    frame: Frame<'_>,
    owner: &Owner,
) -> Result<Vec<LinkRow>, PageError> {
    let links = portal.store.list_links(owner.person.clone()).await?;
    let row = |link: &IdentityLink| LinkRow {
        id: link.id(),
        text: text(portal, frame, link),
    };
    Ok(links.iter().map(row).collect())
}

/// The provider by its name, and what it calls the person. One that is configured no longer goes by its host.
fn text(portal: &Portal, frame: Frame<'_>, link: &IdentityLink) -> String {
    let provider = portal.upstreams.find_issuer(&link.issuer);
    let name = provider.map(|provider| provider.settings().name.of(frame.language).to_owned());
    let host = || Some(Url::parse(&link.issuer).ok()?.host_str()?.to_owned());
    let name = name.or_else(host).unwrap_or_default();
    match &link.called {
        Some(called) => format!("{name} — {called}"),
        None => name,
    }
}

pub(super) async fn form(
    State(portal): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Protection).await?;
        Ok(match find(&portal, &owner, &id).await? {
            Some(link) => ask(&portal, &headers, &owner, &link, None),
            None => Redirect::to(PROTECTION).into_response(),
        })
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn submit(
    State(portal): State<AppState>,
    Path(id): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let removed = async {
        let params = Params::parse(&body)?;
        let owner = Owner::find_posted(&portal, &headers, &params, OwnPage::Protection).await?;
        let visit = visit(peer, &headers);
        let Some(link) = find(&portal, &owner, &id).await? else {
            return Ok(Redirect::to(PROTECTION).into_response());
        };
        if let Some(fault) = check_password(&portal, &owner, &params, visit).await? {
            return Ok(ask(&portal, &headers, &owner, &link, Some(fault)));
        }
        let provider = portal.upstreams.find_issuer(&link.issuer);
        let provider = provider.map(|provider| provider.settings().id.clone());
        let scene = scene(&portal, visit);
        portal
            .store
            .delete_link(owner.person, link, provider, scene)
            .await?;
        Ok(Redirect::to(PROTECTION).into_response())
    };
    removed
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// A link of the owner's own.
async fn find(portal: &Portal, owner: &Owner, id: &str) -> Result<Option<IdentityLink>, PageError> {
    let links = portal.store.list_links(owner.person.clone()).await?;
    Ok(links.into_iter().find(|link| link.id() == id))
}

fn ask(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    link: &IdentityLink,
    fault: Option<Fault>,
) -> Response {
    let frame = frame(portal, headers);
    let said = fault.map(|fault| fault.text(frame));
    let page = RemoveLinkPage {
        frame,
        csrf: &owner.csrf(),
        id: &link.id(),
        link: &text(portal, frame, link),
        fault: said.as_deref(),
    };
    Fault::mark(fault, pages::show(StatusCode::OK, &page))
}
