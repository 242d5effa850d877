//! `/login`: a person gives login and password.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, ToSpan};
use uc_model::{PersonId, SecretString};

use super::{
    CONSENT,
    browser::{self, Browser},
    error::PageError,
    params::Params,
};
use crate::{
    accounts::{DeviceId, DeviceName, Peer, Recognised, SeenDevice, Visit, recognise},
    entropy::TokenHash,
    journal::Scene,
    pages::{self, Language, SignInPage},
    portal::{AppState, Portal},
    store::{BrowserSession, Flow, NewSession},
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
        Ok(ask(&portal, &headers, &own, Asked::First(login)))
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
    let secret = browser::device_secret(headers);
    let visit = Visit {
        peer,
        device: secret.as_ref().map(|secret| TokenHash::of(secret.expose())),
    };
    match recognise(portal, login, password, visit).await? {
        Recognised::Person { person, .. } => {
            let secret = secret.unwrap_or_else(|| portal.entropy.token());
            admit(
                portal,
                headers,
                &own,
                Newcomer {
                    person,
                    peer,
                    secret,
                },
            )
            .await
        }
        Recognised::Nobody => Ok(ask(portal, headers, &own, Asked::Again(login))),
        Recognised::TooMany { until } => {
            let wait = until.duration_since(portal.clock.now());
            Ok(ask(portal, headers, &own, Asked::Later { login, wait }))
        }
    }
}

/// A person whose password was right.
struct Newcomer {
    person: PersonId,
    peer: Peer,
    /// What the browser is known by.
    secret: SecretString,
}

/// A new session for every sign-in; the old one ends.
async fn admit(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    newcomer: Newcomer,
) -> Result<Response, PageError> {
    let id = portal.entropy.token();
    let now = portal.clock.now();
    let opened = portal
        .store
        .insert_session(new_session(
            portal,
            headers,
            own,
            &newcomer,
            TokenHash::of(id.expose()),
        ))
        .await?;
    if !opened {
        return Err(PageError::Expired);
    }
    if let Some(old) = browser::session_id(headers) {
        portal.store.delete_session(old, now).await?;
    }
    let mut response = Redirect::to(&format!("{CONSENT}?flow={}", own.id)).into_response();
    browser::add_cookie(response.headers_mut(), browser::session_cookie(&id));
    browser::add_cookie(
        response.headers_mut(),
        browser::device_cookie(&newcomer.secret),
    );
    Ok(response)
}

fn new_session(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
    newcomer: &Newcomer,
    id: TokenHash,
) -> NewSession {
    let now = portal.clock.now();
    NewSession {
        id,
        session: BrowserSession {
            person: newcomer.person.clone(),
            signed_in_at: now,
            expires_at: now + SESSION_HOURS.hours(),
        },
        flow: own.hash(),
        browser: own.browser.hash(),
        device: SeenDevice {
            id: DeviceId(portal.entropy.uuid(now)),
            token: TokenHash::of(newcomer.secret.expose()),
            name: DeviceName::of_browser(headers),
            known: true,
        },
        scene: Scene {
            address: Some(newcomer.peer.coarse()),
            ..Scene::at(now)
        },
    }
}

/// How often the form was shown, and what stands in it.
#[derive(Clone, Copy)]
enum Asked<'a> {
    First(&'a str),
    Again(&'a str),
    Later {
        login: &'a str,
        wait: SignedDuration,
    },
}

fn ask(portal: &Portal, headers: &HeaderMap, own: &OwnFlow, asked: Asked<'_>) -> Response {
    let frame = portal.pages.frame(own.language(headers));
    let (status, login, fault) = match asked {
        Asked::First(login) => (StatusCode::OK, login, None),
        Asked::Again(login) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            login,
            Some(frame.t.sign_in_failed.clone()),
        ),
        Asked::Later { login, wait } => (
            StatusCode::TOO_MANY_REQUESTS,
            login,
            Some(frame.too_many(wait)),
        ),
    };
    let page = SignInPage {
        frame,
        flow: &own.id,
        csrf: &own.csrf(),
        login,
        fault: fault.as_deref(),
    };
    let mut response = pages::show(status, &page);
    if let Asked::Later { wait, .. } = asked {
        let seconds = HeaderValue::from(wait.as_secs().max(1));
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}
