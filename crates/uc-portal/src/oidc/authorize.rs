//! `/oauth2/authorize`: begins a flow (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{Timestamp, ToSpan};
use url::Url;

use super::{
    Answer, AuthorizationRequest, CONSENT, Client, CodeAnswer, Issuer, LOGIN, Policy, Prompt,
    browser::{self, Browser},
    error::PageError,
    par,
    params::Params,
    read_request::{self, Checks},
};
use crate::{
    entropy::TokenHash,
    portal::{AppState, Portal},
    store::{BrowserSession, NewFlow, SignedIn, StoreError},
};

const FLOW_MINUTES: i64 = 10;

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
    /// The request is refused with this code.
    pub(super) fn of(answer: CodeAnswer, code: &'static str) -> Self {
        Self {
            redirect_uri: answer.redirect_uri,
            state: answer.state,
            code,
        }
    }

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
    let client = params
        .find("client_id")
        .and_then(|id| portal.clients.find(id))
        .ok_or(PageError::Request)?;
    let now = portal.clock.now();
    let request = match params.find("request_uri").and_then(par::request_id) {
        Some(id) => pushed(portal, client, id, now).await?,
        None => plain(portal, client, &params)?,
    };
    let session = browser::session(portal, headers, now).await?;
    let serving = session.filter(|session| request.is_served_by(session, now));
    if request.prompt == Prompt::Nothing {
        // A program that only looks like the client must not get a code behind the person's back (RFC 8252 §8.6).
        let code = match serving {
            Some(_) => "consent_required",
            None => "login_required",
        };
        return Err(match request.answer {
            Answer::Code(answer) => AuthorizeError::Refusal(Refusal::of(answer, code)),
            Answer::Device { .. } | Answer::Page { .. } => PageError::Request.into(),
        });
    }
    Ok(begin_flow(portal, headers, request, serving).await?)
}

/// The request that was pushed before: it was checked then. A page may be loaded again, so it is used up when the person
/// has answered, not before (FAPI 2.0 Security Profile §5.3.2.2).
async fn pushed(
    portal: &Portal,
    client: &Client,
    id: TokenHash,
    now: Timestamp,
) -> Result<AuthorizationRequest, AuthorizeError> {
    let found = portal
        .store
        .find_pushed_request(id, client.id.clone(), now)
        .await?;
    Ok(AuthorizationRequest {
        pushed: Some(id),
        ..found.ok_or(PageError::Expired)?
    })
}

/// The request in the parameters. Whom an answer may go to is settled before anything else, so that no error leaves for a
/// stranger.
fn plain(
    portal: &Portal,
    client: &Client,
    params: &Params,
) -> Result<AuthorizationRequest, AuthorizeError> {
    let redirect_uri = params
        .find("redirect_uri")
        .filter(|uri| client.redirects_to(uri))
        .ok_or(PageError::Request)?;
    let request = match client.pushed_requests {
        Policy::Optional => read_request::named_key(params).and_then(|key| {
            read_request::read(Checks::of(portal), client, redirect_uri, key, params)
        }),
        Policy::Required => Err("invalid_request"),
    };
    request.map_err(|code| {
        AuthorizeError::Refusal(Refusal {
            redirect_uri: redirect_uri.to_owned(),
            state: params.owned("state"),
            code,
        })
    })
}

/// Leads to the password, or to consent when a session serves.
pub(super) async fn begin_flow(
    portal: &Portal,
    headers: &HeaderMap,
    request: AuthorizationRequest,
    serving: Option<BrowserSession>,
) -> Result<Response, PageError> {
    let now = portal.clock.now();
    let signed_in = serving.map(|session| SignedIn {
        person: session.person,
        at: session.signed_in_at,
        means: session.means,
    });
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
