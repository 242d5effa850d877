//! `/protection/passkeys`: keys of authenticators are added and removed.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::Offset;
use uuid::Uuid;

use super::{
    OwnPage, PASSKEYS,
    error::PageError,
    login::visit,
    own_page::Owner,
    params::Params,
    protection::{Fault, check_password, frame, scene},
};
use crate::{
    accounts::Peer,
    entropy::TokenHash,
    pages::{self, PasskeyRow, PasskeysPage},
    portal::{AppState, Portal},
    store::KeptPasskey,
};

/// Keys of one person, at most.
const MOST: usize = 10;
/// Characters of a key's name, at most.
const MAX_NAME: usize = 60;

pub(super) async fn form(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Protection).await?;
        ask(&portal, &headers, &owner, None).await
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
    let changed = async {
        let params = Params::parse(&body)?;
        let owner = Owner::find_posted(&portal, &headers, &params, OwnPage::Protection).await?;
        let visit = visit(peer, &headers);
        if let Some(fault) = check_password(&portal, &owner, &params, visit).await? {
            return ask(&portal, &headers, &owner, Some(fault)).await;
        }
        let scene = scene(&portal, visit);
        let done = match params.find("remove").map(str::parse::<Uuid>) {
            None => add(&portal, &owner, &params, scene).await?,
            Some(Ok(id)) => {
                let person = owner.person.clone();
                portal.store.delete_passkey(person, id, scene).await?;
                true
            }
            Some(Err(_)) => return Err(PageError::Request),
        };
        if done {
            Ok(Redirect::to(PASSKEYS).into_response())
        } else {
            ask(&portal, &headers, &owner, Some(Fault::Passkey)).await
        }
    };
    changed
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// Of this browser and person: an answer to another's question is none.
fn slot(owner: &Owner) -> TokenHash {
    TokenHash::of(&format!("passkey\0{}\0{}", owner.person, owner.csrf()))
}

async fn add(
    portal: &Portal,
    owner: &Owner,
    params: &Params,
    scene: crate::journal::Scene,
) -> Result<bool, PageError> {
    let answer = params.find("credential").unwrap_or_default();
    let Some(passkey) = portal.passkeys.take_new(slot(owner), answer, scene.at) else {
        return Ok(false);
    };
    let kept = portal.store.list_passkeys(owner.person.clone()).await?;
    if kept.len() >= MOST {
        return Ok(false);
    }
    let key = KeptPasskey {
        id: portal.entropy.uuid(scene.at),
        name: name(params.find("name").unwrap_or_default(), kept.len()),
        passkey,
        added_at: scene.at,
        used_at: None,
    };
    let person = owner.person.clone();
    Ok(portal.store.insert_passkey(person, key, scene).await?)
}

/// What the person calls it, or a number.
fn name(typed: &str, kept: usize) -> String {
    let plain: String = typed
        .trim()
        .chars()
        .filter(|char| !char.is_control())
        .take(MAX_NAME)
        .collect();
    if plain.is_empty() {
        format!("№ {}", kept + 1)
    } else {
        plain
    }
}

async fn ask(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    fault: Option<Fault>,
) -> Result<Response, PageError> {
    let kept = portal.store.list_passkeys(owner.person.clone()).await?;
    let profile = portal.store.find_profile(owner.person.clone()).await?;
    let profile = profile.ok_or(PageError::SignedOut(OwnPage::Protection))?;
    let person = (owner.person.as_str(), profile.first_name.as_str());
    let options = (kept.len() < MOST)
        .then(|| {
            portal
                .passkeys
                .ask_new(slot(owner), person, &kept, portal.clock.now())
        })
        .flatten();
    let frame = frame(portal, headers);
    let text = fault.map(|fault| fault.text(frame));
    let page = PasskeysPage {
        frame,
        csrf: &owner.csrf(),
        options: options.as_deref(),
        are_possible: portal.passkeys.are_possible(),
        keys: kept.iter().map(row).collect(),
        fault: text.as_deref(),
    };
    Ok(Fault::mark(
        fault,
        pages::show_with_script(StatusCode::OK, &page),
    ))
}

fn row(key: &KeptPasskey) -> PasskeyRow<'_> {
    PasskeyRow {
        id: key.id,
        name: &key.name,
        added: Offset::UTC
            .to_datetime(key.added_at)
            .strftime("%d.%m.%Y")
            .to_string(),
    }
}
