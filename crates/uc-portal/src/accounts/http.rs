//! `/v1/sessions` and `/v1/sign-ins`: where a person is signed in, and what happened to their account.

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::JsonRejection},
    http::HeaderMap,
};
use uc_model::PersonId;
use uc_portal_api::{
    DeviceInfo, EndOtherSessions, EndSession, FetchSessions, FetchSignIns, NewDeviceName,
    ProblemCode, RenameDevice, SIGN_INS_PAGE, Session, SessionKind, Sessions, SignInEntry,
    SignInEvent, SignIns,
};
use uuid::Uuid;

use super::{DeviceName, NamedDevice, Peer, of_ended_sessions};
use crate::{
    device_proof::{Acted, NoBody},
    http::{ApiError, Person, route},
    journal::{AuthEvent, GrantEnd},
    oidc::ScopeToken,
    pages::Language,
    portal::{AppState, Portal},
    store::{HistoryEntry, OpenSession, SessionEnder, Signed},
};

/// The endpoints of the account.
pub(crate) fn router() -> Router<AppState> {
    route::<FetchSessions, _, _>(sessions)
        .merge(route::<EndSession, _, _>(end))
        .merge(route::<EndOtherSessions, _, _>(end_others))
        .merge(route::<RenameDevice, _, _>(rename))
        .merge(route::<FetchSignIns, _, _>(sign_ins))
}

async fn sessions(
    State(portal): State<AppState>,
    person: Person,
) -> Result<Json<Sessions>, ApiError> {
    person.require(ScopeToken::Sessions)?;
    list(&portal, person.id, person.grant).await
}

async fn end(
    State(portal): State<AppState>,
    person: Person,
    peer: Peer,
    headers: HeaderMap,
    Path(id): Path<String>,
    _: Acted<NoBody>,
) -> Result<Json<Sessions>, ApiError> {
    person.require(ScopeToken::Sessions)?;
    let not_found = || ApiError::new(ProblemCode::NotFound);
    let id = id.parse().map_err(|_| not_found())?;
    let ender = ender(&portal, &person, peer, &headers).await?;
    if !portal.store.end_session(ender, id).await? {
        return Err(not_found());
    }
    portal.post.ring();
    list(&portal, person.id, person.grant).await
}

async fn rename(
    State(portal): State<AppState>,
    person: Person,
    Path(id): Path<String>,
    body: Result<Json<NewDeviceName>, JsonRejection>,
) -> Result<Json<Sessions>, ApiError> {
    person.require(ScopeToken::Sessions)?;
    let not_found = || ApiError::new(ProblemCode::NotFound);
    let id = id.parse().map_err(|_| not_found())?;
    let bad = || ApiError::new(ProblemCode::BadRequest);
    let Json(NewDeviceName { name }) = body.map_err(|_| bad())?;
    let name = DeviceName::typed(&name).ok_or_else(bad)?;
    let renamed = portal.store.rename_device(person.id.clone(), id, name);
    if !renamed.await? {
        return Err(not_found());
    }
    list(&portal, person.id, person.grant).await
}

async fn end_others(
    State(portal): State<AppState>,
    person: Person,
    peer: Peer,
    headers: HeaderMap,
    _: Acted<NoBody>,
) -> Result<Json<Sessions>, ApiError> {
    person.require(ScopeToken::Sessions)?;
    let ender = ender(&portal, &person, peer, &headers).await?;
    portal.store.end_other_sessions(ender).await?;
    portal.post.ring();
    list(&portal, person.id, person.grant).await
}

async fn ender(
    portal: &Portal,
    person: &Person,
    peer: Peer,
    headers: &HeaderMap,
) -> Result<SessionEnder, ApiError> {
    let at = portal.clock.now();
    let profile = portal.store.find_profile(person.id.clone()).await?;
    let language = Language::accepted(headers);
    Ok(SessionEnder {
        person: person.id.clone(),
        grant: person.grant,
        address: peer.coarse(),
        at,
        notice: profile.and_then(|profile| of_ended_sessions(portal, language, &profile, at)),
    })
}

async fn list(portal: &Portal, person: PersonId, grant: Uuid) -> Result<Json<Sessions>, ApiError> {
    let now = portal.clock.now();
    let open = portal.store.list_sessions(person, now).await?;
    let mut sessions: Vec<Session> = open
        .into_iter()
        .map(|session| shown(portal, session, grant))
        .collect();
    sessions.sort_by_key(|session| !session.is_current);
    Ok(Json(Sessions { sessions }))
}

fn shown(portal: &Portal, session: OpenSession, grant: Uuid) -> Session {
    Session {
        is_current: session.id.as_uuid() == grant,
        id: session.id,
        kind: match session.signed {
            Signed::Browser => SessionKind::Browser,
            Signed::Client { id, .. } => site(portal, &id).map_or(SessionKind::App, |name| {
                SessionKind::Site { name: name.into() }
            }),
        },
        device: session.device.as_ref().map(info),
        signed_in_at: session.signed_in_at,
        last_used_at: session.last_used_at,
    }
}

/// A site as people know it, by its id if it is no client any more; none for this product's client.
fn site<'a>(portal: &'a Portal, id: &'a str) -> Option<&'a str> {
    match portal.clients.find(id) {
        Some(client) => client.name.as_deref(),
        None => Some(id),
    }
}

fn info(device: &NamedDevice) -> DeviceInfo {
    DeviceInfo {
        name: device.name.as_str().to_owned(),
        system: device.system,
    }
}

async fn sign_ins(
    State(portal): State<AppState>,
    person: Person,
    Query(query): Query<FetchSignIns>,
) -> Result<Json<SignIns>, ApiError> {
    person.require(ScopeToken::Sessions)?;
    let epoch = portal.desk.epoch.of_person(&person.id);
    let before = match query.before {
        Some(text) => epoch.read(Some(&text), u64::MAX)?,
        None => u64::MAX,
    };
    let found = portal.store.list_history(person.id, before, SIGN_INS_PAGE);
    let found = found.await?;
    let next = (found.len() == SIGN_INS_PAGE)
        .then(|| found.last())
        .flatten()
        .map(|last| epoch.at(last.entry.seq).to_string());
    let entries = found.iter().map(|entry| told(&portal, entry));
    Ok(Json(SignIns {
        entries: entries.collect(),
        next,
    }))
}

fn told(portal: &Portal, kept: &HistoryEntry) -> SignInEntry {
    let (event, succeeded) = event(&kept.entry.event);
    let site = if let AuthEvent::GrantAllowed {
        client: Some(client),
        ..
    } = &kept.entry.event
    {
        site(portal, client.as_str()).map(str::to_owned)
    } else {
        None
    };
    SignInEntry {
        at: kept.entry.at,
        event,
        succeeded,
        address: kept.entry.address.map(|address| address.to_string()),
        device: kept.device.as_ref().map(info),
        site,
    }
}

/// What a person is told, and whether it was they who could do it.
const fn event(event: &AuthEvent) -> (SignInEvent, bool) {
    match event {
        AuthEvent::Registered => (SignInEvent::Registered, true),
        AuthEvent::PasswordRecovered => (SignInEvent::PasswordRecovered, true),
        AuthEvent::EmailReplaced => (SignInEvent::EmailReplaced, true),
        AuthEvent::SignedIn => (SignInEvent::SignedIn, true),
        AuthEvent::SignedOut => (SignInEvent::SignedOut, true),
        AuthEvent::PasswordRefused { .. } => (SignInEvent::PasswordRefused, false),
        AuthEvent::FactorRefused => (SignInEvent::FactorRefused, false),
        AuthEvent::FactorShown { .. } => (SignInEvent::FactorShown, true),
        AuthEvent::FactorAdded { .. } => (SignInEvent::FactorAdded, true),
        AuthEvent::FactorRemoved { .. } => (SignInEvent::FactorRemoved, true),
        AuthEvent::CameFrom { .. } => (SignInEvent::ProviderNamed, true),
        AuthEvent::ProviderRefused { .. } => (SignInEvent::ProviderRefused, false),
        AuthEvent::IdentityLinked { .. } => (SignInEvent::IdentityLinked, true),
        AuthEvent::IdentityUnlinked { .. } => (SignInEvent::IdentityUnlinked, true),
        AuthEvent::PapersGiven => (SignInEvent::PapersGiven, true),
        AuthEvent::DocumentsSent => (SignInEvent::DocumentsSent, true),
        AuthEvent::DocumentsOpened { .. } => (SignInEvent::DocumentsOpened, true),
        AuthEvent::DocumentsConfirmed { .. } => (SignInEvent::DocumentsConfirmed, true),
        AuthEvent::DocumentsReturned { .. } => (SignInEvent::DocumentsReturned, true),
        AuthEvent::TurnedAway => (SignInEvent::TurnedAway, false),
        AuthEvent::Locked => (SignInEvent::Locked, false),
        AuthEvent::NewDevice { .. } => (SignInEvent::NewDevice, true),
        AuthEvent::GrantAllowed { .. } => (SignInEvent::AccessAllowed, true),
        AuthEvent::GrantEnded { end, .. } => match end {
            GrantEnd::GivenBack => (SignInEvent::AccessGivenBack, true),
            GrantEnd::ByPerson => (SignInEvent::AccessEnded, true),
            GrantEnd::CodeReplayed | GrantEnd::TokenReused => (SignInEvent::AccessCopied, false),
        },
        AuthEvent::RoleGiven { .. } => (SignInEvent::RoleGiven, true),
        AuthEvent::RoleTaken { .. } => (SignInEvent::RoleTaken, true),
        AuthEvent::BrowserEnded { .. } => (SignInEvent::BrowserEnded, true),
    }
}
