//! `/login/to/…`, `/login/from/…`: a person signs in at another identity provider.
//!
//! Each provider has a redirect URI of its own, so that an answer that comes by another's is noticed (RFC 9700 §4.4).
//! Whom nobody linked goes on to the password page: the account is linked by who signs in there, never by an address.

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;

use super::{
    LOGIN,
    browser::Browser,
    error::PageError,
    login::{self, Newcomer, OwnFlow},
    params::Params,
    second_step,
};
use crate::{
    accounts::{FirstStep, Means, Peer, Trust, known_device},
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry, Scene, Word},
    portal::{AppState, Portal},
    store::{EndedTrip, NewTrip},
    upstream::{Answer, Check, Identity, Upstream, UpstreamError, Wish},
};

/// Why a person is back on the password page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Astray {
    NoAnswer,
    Declined,
    Refused,
    Untrusted,
}

impl Astray {
    const ALL: [Self; 4] = [
        Self::NoAnswer,
        Self::Declined,
        Self::Refused,
        Self::Untrusted,
    ];

    const fn of(error: UpstreamError) -> Self {
        match error {
            UpstreamError::NoAnswer | UpstreamError::Failed => Self::NoAnswer,
            UpstreamError::Declined => Self::Declined,
            UpstreamError::Refused => Self::Refused,
            UpstreamError::Untrusted(_) => Self::Untrusted,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::Declined => "declined",
            Self::Refused => "refused",
            Self::Untrusted => "untrusted",
        }
    }

    /// Reads what an address of the password page says.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|astray| astray.as_str() == text)
    }
}

fn redirect_uri(portal: &Portal, provider: &str) -> String {
    portal.issuer.url(&format!("{LOGIN}/from/{provider}"))
}

/// A browser leaves. A link, not a form: Chromium holds `form-action` against redirects, and the flow's id is known to
/// the browser's own pages alone.
pub(super) async fn leave(
    State(portal): State<AppState>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let left = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        let own = OwnFlow::find(&portal, &headers, &params).await?;
        let upstream = portal.upstreams.find(&provider).ok_or(PageError::Expired)?;
        depart(&portal, &own, upstream).await
    };
    left.await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

async fn depart(
    portal: &Portal,
    own: &OwnFlow,
    upstream: &Upstream,
) -> Result<Response, PageError> {
    let provider = &upstream.settings().id;
    let now = portal.clock.now();
    let wish = Wish {
        anew: own.flow.request.prompt.asks_sign_in(),
        max_age: own.flow.request.max_age,
    };
    let uri = redirect_uri(portal, provider.as_str());
    let departure = match upstream.begin(&uri, wish, &portal.entropy, now).await {
        Ok(departure) => departure,
        Err(error) => return Ok(astray(&own.id, provider, error)),
    };
    let trip = NewTrip {
        state: TokenHash::of(departure.state.expose()),
        flow: own.id.clone(),
        browser: own.browser.hash(),
        provider: provider.clone(),
        trip: departure.trip,
    };
    if portal.store.insert_trip(trip, now).await? {
        Ok(Redirect::to(departure.address.as_str()).into_response())
    } else {
        Err(PageError::Expired)
    }
}

/// A browser comes back.
pub(super) async fn come(
    State(portal): State<AppState>,
    Path(provider): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    arrive(&portal, &headers, peer, &provider, query.as_deref())
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

async fn arrive(
    portal: &Portal,
    headers: &HeaderMap,
    peer: Peer,
    provider: &str,
    query: Option<&str>,
) -> Result<Response, PageError> {
    let params = Params::parse(query.unwrap_or_default().as_bytes())?;
    let browser = Browser::known(headers).ok_or(PageError::Expired)?;
    let state = TokenHash::of(params.find("state").ok_or(PageError::Expired)?);
    let now = portal.clock.now();
    let taken = portal.store.take_trip(state, browser.hash(), now).await?;
    let ended = taken.ok_or(PageError::Expired)?;
    let upstream = portal
        .upstreams
        .find(ended.provider.as_str())
        .ok_or(PageError::Expired)?;
    let named = if provider == ended.provider.as_str() {
        finish(portal, upstream, &ended, &params, now).await
    } else {
        Err(UpstreamError::Untrusted(Check::ResponseIssuer))
    };
    let scene = Scene {
        address: Some(peer.coarse()),
        ..Scene::at(now)
    };
    match named {
        Ok(identity) => {
            let own = OwnFlow::of(portal, browser, ended.flow).await?;
            let trust = upstream.settings().trust;
            let arrival = Arrival {
                identity,
                provider: ended.provider,
                trust,
                peer,
            };
            welcome(portal, headers, &own, arrival, scene).await
        }
        Err(error) => {
            tell(portal, &ended.provider, error, scene).await?;
            Ok(astray(&ended.flow, &ended.provider, error))
        }
    }
}

async fn finish(
    portal: &Portal,
    upstream: &Upstream,
    ended: &EndedTrip,
    params: &Params,
    now: Timestamp,
) -> Result<Identity, UpstreamError> {
    let answer = Answer {
        code: params.find("code"),
        error: params.find("error"),
        issuer: params.find("iss"),
    };
    let uri = redirect_uri(portal, ended.provider.as_str());
    upstream.finish(answer, &ended.trip, &uri, now).await
}

/// Somebody whom a provider named.
struct Arrival {
    identity: Identity,
    provider: Word,
    trust: Trust,
    peer: Peer,
}

/// Whose account is linked signs in; who has a second factor here shows it, unless the provider is trusted with that.
/// Whose is not goes on to the password page.
async fn welcome(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    arrival: Arrival,
    scene: Scene,
) -> Result<Response, PageError> {
    let Arrival {
        identity,
        provider,
        trust,
        peer,
    } = arrival;
    let signed_in_at = identity.signed_in_at.unwrap_or(scene.at).min(scene.at);
    let known = portal
        .store
        .recognise_identity(identity.clone(), provider.clone(), scene)
        .await?;
    let Some(person) = known else {
        portal
            .store
            .insert_stranger(own.hash(), identity, provider)
            .await?;
        return Ok(Redirect::to(&format!("{LOGIN}?flow={}", own.id)).into_response());
    };
    let means = Means::only(FirstStep::Elsewhere(trust));
    let factors = portal.store.find_factors(person.clone()).await?;
    let is_known = known_device(portal, Some(&person), login::visit(peer, headers)).await?;
    if own.asks_factor(&factors, is_known.is_some()) && !means.are_two() {
        return second_step::begin(portal, own, person, means.first).await;
    }
    let newcomer = Newcomer {
        person,
        means,
        signed_in_at,
        peer,
    };
    login::admit(portal, headers, own, newcomer).await
}

/// A check that failed may be an attack: the journal has it.
async fn tell(
    portal: &Portal,
    provider: &Word,
    error: UpstreamError,
    scene: Scene,
) -> Result<(), PageError> {
    tracing::warn!(
        provider = provider.as_str(),
        error = &error as &dyn std::error::Error,
        "a sign-in at an identity provider came to nothing"
    );
    let UpstreamError::Untrusted(check) = error else {
        return Ok(());
    };
    let event = AuthEvent::ProviderRefused {
        provider: provider.clone(),
        check,
    };
    let entry = NewEntry {
        event,
        person: None,
        scene,
    };
    Ok(portal.store.append_journal(entry).await?)
}

/// Back to the password page, which says why.
fn astray(flow: &str, provider: &Word, error: UpstreamError) -> Response {
    let why = Astray::of(error).as_str();
    let provider = provider.as_str();
    Redirect::to(&format!(
        "{LOGIN}?flow={flow}&provider={provider}&astray={why}"
    ))
    .into_response()
}

/// The person does not want to link anything.
pub(super) async fn forget(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let forgotten = async {
        let params = Params::parse(&body)?;
        let own = OwnFlow::find_posted(&portal, &headers, &params).await?;
        portal.store.delete_stranger(own.hash()).await?;
        Ok(Redirect::to(&format!("{LOGIN}?flow={}", own.id)).into_response())
    };
    forgotten
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}
