//! `/oauth2/authorize`: begins a flow (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp, ToSpan};
use url::Url;

use super::{
    AuthorizationRequest, CONSENT, Client, Issuer, LOGIN, Scope, ScopeToken,
    browser::{self, Browser},
    error::PageError,
    params::Params,
};
use crate::{
    entropy::TokenHash,
    pages::Language,
    portal::{AppState, Portal},
    store::{BrowserSession, NewFlow, SignedIn, StoreError},
};

const FLOW_MINUTES: i64 = 10;
/// Longest `state`, `nonce` or `login_hint`.
const MAX_PARAM_BYTES: usize = 2048;

/// Why no flow begins.
#[derive(Debug, thiserror::Error)]
enum AuthorizeError {
    /// Told to the person: the client or its redirect URI cannot be trusted with an answer.
    #[error(transparent)]
    Page(#[from] PageError),
    /// Told to the client.
    #[error("the client is refused: {}", .0.code)]
    Refusal(Refusal),
}

impl From<StoreError> for AuthorizeError {
    fn from(error: StoreError) -> Self {
        Self::Page(error.into())
    }
}

/// An error that goes back to the client's redirect URI (RFC 6749 §4.1.2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) code: &'static str,
}

impl Refusal {
    pub(super) fn redirect(&self, issuer: &Issuer) -> Result<Response, PageError> {
        let answer = [("error", self.code)];
        respond(&self.redirect_uri, self.state.as_deref(), issuer, answer)
    }
}

/// The answer to the client, by the browser: with `state` as it came and with `iss` (RFC 9207).
pub(super) fn respond<const N: usize>(
    redirect_uri: &str,
    state: Option<&str>,
    issuer: &Issuer,
    answer: [(&str, &str); N],
) -> Result<Response, PageError> {
    let mut url = Url::parse(redirect_uri).map_err(|_| PageError::Request)?;
    url.query_pairs_mut()
        .extend_pairs(answer)
        .extend_pairs(state.map(|state| ("state", state)))
        .append_pair("iss", issuer.as_str());
    Ok(Redirect::to(url.as_str()).into_response())
}

pub(super) async fn get(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    authorize(&portal, &headers, query.unwrap_or_default().as_bytes()).await
}

pub(super) async fn post(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    authorize(&portal, &headers, &body).await
}

async fn authorize(portal: &Portal, headers: &HeaderMap, params: &[u8]) -> Response {
    let answer = match begin(portal, headers, params).await {
        Ok(response) => Ok(response),
        Err(AuthorizeError::Refusal(refusal)) => refusal.redirect(&portal.issuer),
        Err(AuthorizeError::Page(error)) => Err(error),
    };
    answer.unwrap_or_else(|error| error.show(portal, headers))
}

async fn begin(
    portal: &Portal,
    headers: &HeaderMap,
    params: &[u8],
) -> Result<Response, AuthorizeError> {
    let params = Params::parse(params).map_err(PageError::from)?;
    let (client, redirect_uri) = addressee(portal, &params)?;
    let refuse = |code| {
        AuthorizeError::Refusal(Refusal {
            redirect_uri: redirect_uri.to_owned(),
            state: params.owned("state"),
            code,
        })
    };
    let request = check(client, redirect_uri, &params).map_err(refuse)?;
    let prompt = Prompt::parse(&params).map_err(refuse)?;
    let now = portal.clock.now();
    let session = browser::session(portal, headers, now).await?;
    match (prompt, session) {
        // A program that only looks like the client must not get a code behind the person's back (RFC 8252 §8.6).
        (Prompt::Nothing, Some(_)) => Err(refuse("consent_required")),
        (Prompt::Nothing, None) => Err(refuse("login_required")),
        (Prompt::SignIn, _) | (Prompt::Usual, None) => {
            open(portal, headers, request, None, now).await
        }
        (Prompt::Usual, Some(session)) => {
            let session = fresh_enough(session, &params, now).map_err(refuse)?;
            open(portal, headers, request, session, now).await
        }
    }
}

/// Whom an answer may go to: settled before anything else, so that no error leaves for a stranger.
fn addressee<'a>(
    portal: &'a Portal,
    params: &'a Params,
) -> Result<(&'a Client, &'a str), PageError> {
    let client = params
        .find("client_id")
        .and_then(|id| portal.clients.find(id))
        .ok_or(PageError::Request)?;
    let redirect_uri = params.find("redirect_uri").ok_or(PageError::Request)?;
    if client.redirects_to(redirect_uri) {
        Ok((client, redirect_uri))
    } else {
        Err(PageError::Request)
    }
}

fn check(
    client: &Client,
    redirect_uri: &str,
    params: &Params,
) -> Result<AuthorizationRequest, &'static str> {
    refuse_unsupported(params)?;
    let scope = Scope::parse(params.find("scope").unwrap_or_default());
    if !scope.contains(ScopeToken::Openid) {
        return Err("invalid_scope");
    }
    Ok(AuthorizationRequest {
        client: client.id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scope,
        state: short(params, "state")?,
        nonce: short(params, "nonce")?,
        challenge: challenge(params)?,
        login_hint: short(params, "login_hint")?,
        language: params
            .find("ui_locales")
            .and_then(|tags| Language::first_of(tags.split(' '))),
    })
}

fn refuse_unsupported(params: &Params) -> Result<(), &'static str> {
    for (name, error) in [
        ("request", "request_not_supported"),
        ("request_uri", "request_uri_not_supported"),
        ("registration", "registration_not_supported"),
    ] {
        if params.find(name).is_some() {
            return Err(error);
        }
    }
    match params.find("response_type") {
        Some("code") => {}
        Some(_) => return Err("unsupported_response_type"),
        None => return Err("invalid_request"),
    }
    match params.find("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err("invalid_request"),
    }
}

/// PKCE is required, and S256 alone is taken.
fn challenge(params: &Params) -> Result<String, &'static str> {
    let challenge = params.find("code_challenge").ok_or("invalid_request")?;
    let well_formed = challenge.len() == 43
        && challenge
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match params.find("code_challenge_method") {
        Some("S256") if well_formed => Ok(challenge.to_owned()),
        Some(_) | None => Err("invalid_request"),
    }
}

fn short(params: &Params, name: &str) -> Result<Option<String>, &'static str> {
    match params.owned(name) {
        Some(text) if text.len() > MAX_PARAM_BYTES => Err("invalid_request"),
        other => Ok(other),
    }
}

/// What the person may be asked. Consent is asked for always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prompt {
    /// What is needed.
    Usual,
    /// The password, in any case.
    SignIn,
    /// Nothing.
    Nothing,
}

impl Prompt {
    fn parse(params: &Params) -> Result<Self, &'static str> {
        let words: Vec<&str> = params
            .find("prompt")
            .unwrap_or_default()
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect();
        if words.contains(&"none") {
            return if words.len() == 1 {
                Ok(Self::Nothing)
            } else {
                Err("invalid_request")
            };
        }
        let asks = words.contains(&"login") || words.contains(&"select_account");
        Ok(if asks { Self::SignIn } else { Self::Usual })
    }
}

/// The session, unless `max_age` asks for a later sign-in.
fn fresh_enough(
    session: BrowserSession,
    params: &Params,
    now: Timestamp,
) -> Result<Option<SignedIn>, &'static str> {
    let signed_in = SignedIn {
        person: session.person,
        at: session.signed_in_at,
    };
    let Some(max_age) = params.find("max_age") else {
        return Ok(Some(signed_in));
    };
    let max_age: u32 = max_age.parse().map_err(|_| "invalid_request")?;
    let age = now.duration_since(signed_in.at);
    Ok((age < SignedDuration::from_secs(max_age.into())).then_some(signed_in))
}

async fn open(
    portal: &Portal,
    headers: &HeaderMap,
    request: AuthorizationRequest,
    signed_in: Option<SignedIn>,
    now: Timestamp,
) -> Result<Response, AuthorizeError> {
    let id = portal.entropy.token();
    let known = Browser::known(headers);
    let cookie = known.is_none();
    let browser = known.unwrap_or_else(|| Browser::new(&portal.entropy));
    let path = if signed_in.is_some() { CONSENT } else { LOGIN };
    let flow = NewFlow {
        id: TokenHash::of(id.expose()),
        browser: browser.hash(),
        request,
        signed_in,
        expires_at: now + FLOW_MINUTES.minutes(),
    };
    portal.store.insert_flow(flow, now).await?;
    let mut response = Redirect::to(&format!("{path}?flow={}", id.expose())).into_response();
    if cookie {
        browser::add_cookie(response.headers_mut(), browser.cookie());
    }
    Ok(response)
}
