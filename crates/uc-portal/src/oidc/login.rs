//! `/login`: a person gives login and password.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp, ToSpan};
use uc_model::{PersonId, SecretString};

use super::{
    CONSENT,
    browser::{self, Browser},
    elsewhere::Astray,
    error::PageError,
    params::Params,
    second_step,
};
use crate::{
    accounts::{
        DeviceId, DeviceName, Factors, FirstStep, Means, Peer, Recognised, SeenDevice, Visit,
        of_new_device, recognise, system_of_browser,
    },
    entropy::TokenHash,
    journal::Scene,
    pages::{self, Frame, Language, ProviderWay, SignInPage},
    portal::{AppState, Portal},
    store::{BrowserSession, Flow, NewSession},
    upstream::Upstream,
};

/// A browser stays signed in that long, at most.
const SESSION_HOURS: i64 = 12;

/// A flow of the browser that asks.
pub(super) struct OwnFlow {
    pub(super) id: String,
    pub(super) browser: Browser,
    pub(super) flow: Flow,
}

impl OwnFlow {
    /// Finds the flow that the parameters name, if it belongs to the browser and is open.
    pub(super) async fn find(
        portal: &Portal,
        headers: &HeaderMap,
        params: &Params,
    ) -> Result<Self, PageError> {
        let browser = Browser::known(headers).ok_or(PageError::Expired)?;
        let id = params.owned("flow").ok_or(PageError::Expired)?;
        Self::of(portal, browser, id).await
    }

    /// The flow of this id, if it belongs to the browser and is open.
    pub(super) async fn of(
        portal: &Portal,
        browser: Browser,
        id: String,
    ) -> Result<Self, PageError> {
        let flow = portal
            .store
            .find_flow(TokenHash::of(&id), browser.hash(), portal.clock.now())
            .await?
            .ok_or(PageError::Expired)?;
        Ok(Self { id, browser, flow })
    }

    /// The same for a form, which proves by its CSRF token that we wrote it.
    pub(super) async fn find_posted(
        portal: &Portal,
        headers: &HeaderMap,
        params: &Params,
    ) -> Result<Self, PageError> {
        let own = Self::find(portal, headers, params).await?;
        let csrf = params.find("csrf").unwrap_or_default();
        if own.browser.sent(csrf, &own.id) {
            Ok(own)
        } else {
            Err(PageError::Expired)
        }
    }

    pub(super) fn hash(&self) -> TokenHash {
        TokenHash::of(&self.id)
    }

    pub(super) fn csrf(&self) -> String {
        self.browser.csrf(&self.id)
    }

    /// Whether a person who has shown one thing in a browser, where they are known or not, shows a second.
    pub(super) const fn asks_factor(&self, factors: &Factors, is_known: bool) -> bool {
        factors.are_asked_in(is_known && !self.flow.request.answer.needs_two_factors())
    }

    pub(super) fn language(&self, headers: &HeaderMap) -> Language {
        let asked = self.flow.request.language;
        asked.unwrap_or_else(|| Language::accepted(headers))
    }
}

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        let own = OwnFlow::find(&portal, &headers, &params).await?;
        let login = own.flow.request.login_hint.as_deref().unwrap_or_default();
        let astray = params.find("astray").and_then(Astray::read);
        let provider = params.find("provider");
        let asked = match astray.zip(provider.and_then(|id| portal.upstreams.find(id))) {
            Some((astray, provider)) => Asked::Astray { astray, provider },
            None if params.find("recovered").is_some() => Asked::Recovered,
            None => Asked::First(login),
        };
        Ok(ask(&portal, &headers, &own, asked))
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
    sign_in(&portal, peer, &headers, &body)
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

async fn sign_in(
    portal: &Portal,
    peer: Peer,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, PageError> {
    let params = Params::parse(body)?;
    let own = OwnFlow::find_posted(portal, headers, &params).await?;
    let login = params.find("login").unwrap_or_default();
    let password = params.owned("password").unwrap_or_default().into();
    match recognise(portal, login, password, visit(peer, headers)).await? {
        Recognised::Person { person, device } => {
            proceed(portal, headers, &own, (person, device.is_some()), peer).await
        }
        Recognised::Nobody => Ok(ask(portal, headers, &own, Asked::Again(login))),
        Recognised::TooMany { until } => {
            let wait = until.duration_since(portal.clock.now());
            Ok(ask(portal, headers, &own, Asked::Later { login, wait }))
        }
    }
}

/// Where these headers came from.
pub(super) fn visit(peer: Peer, headers: &HeaderMap) -> Visit {
    let secret = browser::device_secret(headers);
    Visit {
        peer,
        device: secret.map(|secret| TokenHash::of(secret.expose())),
    }
}

/// The password was right: a person with a second factor is asked for it, and one with a phone where they are new.
async fn proceed(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    (person, is_known): (PersonId, bool),
    peer: Peer,
) -> Result<Response, PageError> {
    let factors = portal.store.find_factors(person.clone()).await?;
    if own.asks_factor(&factors, is_known) {
        return second_step::begin(portal, own, person, FirstStep::Password).await;
    }
    let newcomer = Newcomer {
        person,
        means: Means::only(FirstStep::Password),
        signed_in_at: portal.clock.now(),
        peer,
    };
    admit(portal, headers, own, newcomer).await
}

/// A person who has shown all that they have to.
pub(super) struct Newcomer {
    pub(super) person: PersonId,
    /// All that they showed.
    pub(super) means: Means,
    /// When they showed the first of it.
    pub(super) signed_in_at: Timestamp,
    pub(super) peer: Peer,
}

/// A new session for every sign-in; the old one ends.
pub(super) async fn admit(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    newcomer: Newcomer,
) -> Result<Response, PageError> {
    let id = portal.entropy.token();
    // What the browser is known by.
    let secret = browser::device_secret(headers).unwrap_or_else(|| portal.entropy.token());
    let now = portal.clock.now();
    let ids = (TokenHash::of(id.expose()), &secret);
    let mut new = new_session(portal, headers, own, &newcomer, ids);
    if let Some(profile) = portal.store.find_profile(newcomer.person.clone()).await? {
        let language = own.language(headers);
        new.notice = of_new_device(portal, language, &profile, &new.device.name, now);
    }
    let opened = portal.store.insert_session(new).await?;
    if !opened {
        return Err(PageError::Expired);
    }
    portal.post.ring();
    if let Some(old) = browser::session_id(headers) {
        portal.store.delete_session(old, now).await?;
    }
    let mut response = Redirect::to(&format!("{CONSENT}?flow={}", own.id)).into_response();
    browser::add_cookie(response.headers_mut(), browser::session_cookie(&id));
    browser::add_cookie(response.headers_mut(), browser::device_cookie(&secret));
    Ok(response)
}

fn new_session(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    newcomer: &Newcomer,
    (id, secret): (TokenHash, &SecretString),
) -> NewSession {
    let now = portal.clock.now();
    NewSession {
        id,
        session: BrowserSession {
            person: newcomer.person.clone(),
            signed_in_at: newcomer.signed_in_at,
            means: newcomer.means,
            expires_at: now + SESSION_HOURS.hours(),
            device: None,
        },
        flow: own.hash(),
        browser: own.browser.hash(),
        device: SeenDevice {
            id: DeviceId(portal.entropy.uuid(now)),
            token: TokenHash::of(secret.expose()),
            name: DeviceName::of_browser(headers),
            system: system_of_browser(headers),
            known: true,
        },
        notice: None,
        scene: Scene {
            address: Some(newcomer.peer.coarse()),
            ..Scene::at(now)
        },
    }
}

/// How often the form was shown, and what stands in it.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    First(&'a str),
    /// With a new password in the place of a lost one.
    Recovered,
    Again(&'a str),
    /// After too many wrong codes.
    Anew,
    Later {
        login: &'a str,
        wait: SignedDuration,
    },
    /// A sign-in at this provider came to nothing.
    Astray {
        astray: Astray,
        provider: &'a Upstream,
    },
}

pub(super) fn ask(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    asked: Asked<'_>,
) -> Response {
    let frame = portal.pages.frame(own.language(headers));
    let (status, login, fault) = match asked {
        Asked::First(login) => (StatusCode::OK, login, None),
        Asked::Recovered => (StatusCode::OK, "", None),
        Asked::Again(login) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            login,
            Some(frame.t.sign_in_failed.clone()),
        ),
        Asked::Anew => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "",
            Some(frame.t.code_tries_over.clone()),
        ),
        Asked::Later { login, wait } => (
            StatusCode::TOO_MANY_REQUESTS,
            login,
            Some(frame.too_many(wait)),
        ),
        Asked::Astray { astray, provider } => (
            StatusCode::OK,
            "",
            Some(frame.with_provider(said(frame, astray), &provider.settings().name)),
        ),
    };
    let page = SignInPage {
        frame,
        flow: &own.id,
        csrf: &own.csrf(),
        lead: match asked {
            Asked::Recovered => &frame.t.recovered_lead,
            Asked::First(_)
            | Asked::Again(_)
            | Asked::Anew
            | Asked::Later { .. }
            | Asked::Astray { .. } => &frame.t.sign_in_lead,
        },
        login,
        fault: fault.as_deref(),
        wrong: status != StatusCode::OK,
        providers: ways(portal, frame),
        stranger: stranger(portal, frame, own),
    };
    let mut response = pages::show(status, &page);
    if let Asked::Later { wait, .. } = asked {
        retry_after(&mut response, wait);
    }
    response
}

fn said(frame: Frame<'_>, astray: Astray) -> &str {
    match astray {
        Astray::NoAnswer => &frame.t.provider_no_answer,
        Astray::Declined => &frame.t.provider_declined,
        Astray::Refused => &frame.t.provider_refused,
        Astray::Untrusted => &frame.t.provider_untrusted,
    }
}

/// A button for every provider.
fn ways<'a>(portal: &'a Portal, frame: Frame<'_>) -> Vec<ProviderWay<'a>> {
    let settings = portal.upstreams.iter().map(Upstream::settings);
    settings
        .map(|provider| ProviderWay {
            id: provider.id.as_str(),
            label: frame.with_provider(&frame.t.provider_button, &provider.name),
        })
        .collect()
}

/// What is said to somebody whose account is to be linked.
fn stranger(portal: &Portal, frame: Frame<'_>, own: &OwnFlow) -> Option<String> {
    let stranger = own.flow.stranger.as_ref()?;
    let provider = portal.upstreams.find(stranger.provider.as_str())?;
    let name = &provider.settings().name;
    Some(match &stranger.called {
        Some(called) => frame
            .with_provider(&frame.t.link_lead, name)
            .replace("{name}", called),
        None => frame.with_provider(&frame.t.link_lead_unnamed, name),
    })
}

/// Says when the next try may come.
pub(super) fn retry_after(response: &mut Response, wait: SignedDuration) {
    let seconds = HeaderValue::from(wait.as_secs().max(1));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
}
