//! `/oauth2/logout`: a client asks that the browser be signed out (OpenID Connect RP-Initiated Logout 1.0).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use super::{
    Client,
    browser::{self, Browser},
    client,
    error::PageError,
    id_token::HintClaims,
    params::Params,
};
use crate::{
    pages::{self, Language, NoticePage, SignOutPage},
    portal::{AppState, Portal},
    store::BrowserSession,
};

/// What the CSRF token of the question is for.
const CSRF_SUBJECT: &str = "logout";

pub(super) async fn get(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    logout(&portal, &headers, query.unwrap_or_default().as_bytes()).await
}

pub(super) async fn post(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    logout(&portal, &headers, &body).await
}

async fn logout(portal: &Portal, headers: &HeaderMap, params: &[u8]) -> Response {
    try_logout(portal, headers, params)
        .await
        .unwrap_or_else(|error| error.show(portal, headers))
}

async fn try_logout(
    portal: &Portal,
    headers: &HeaderMap,
    params: &[u8],
) -> Result<Response, PageError> {
    let params = Params::parse(params)?;
    let hint = hint(portal, &params);
    let onward = Onward::check(portal, &params, hint.as_ref())?;
    let Some(session) = browser::session(portal, headers, portal.clock.now()).await? else {
        return Ok(onward.go(portal, headers));
    };
    if !agreed(headers, &params, hint.as_ref(), &session) {
        return Ok(onward.ask(portal, headers));
    }
    if let Some(id) = browser::session_id(headers) {
        portal.store.delete_session(id, portal.clock.now()).await?;
    }
    let mut response = onward.go(portal, headers);
    browser::add_cookie(response.headers_mut(), browser::no_session_cookie());
    Ok(response)
}

/// The claims of an ID token of ours; an expired one is as good a hint.
fn hint(portal: &Portal, params: &Params) -> Option<HintClaims> {
    let claims: HintClaims = portal.keys.read(params.find("id_token_hint")?)?;
    (claims.iss == portal.issuer.as_str()).then_some(claims)
}

/// Either the hint shows that the asking client signed this person in, or the person said so in our form.
fn agreed(
    headers: &HeaderMap,
    params: &Params,
    hint: Option<&HintClaims>,
    session: &BrowserSession,
) -> bool {
    let by_hint = hint.is_some_and(|hint| hint.sub == session.person.as_str());
    let by_form = match (Browser::known(headers), params.find("csrf")) {
        (Some(browser), Some(csrf)) => browser.sent(csrf, CSRF_SUBJECT),
        _ => false,
    };
    by_hint || by_form
}

/// Where the browser goes when signed out: to a registered URI of a named client, or nowhere.
struct Onward {
    client: Option<String>,
    redirect_uri: Option<String>,
    state: Option<String>,
}

impl Onward {
    fn check(
        portal: &Portal,
        params: &Params,
        hint: Option<&HintClaims>,
    ) -> Result<Self, PageError> {
        let named = params.find("client_id");
        let hinted = hint.map(|hint| hint.aud.as_str());
        if named.is_some() && hinted.is_some() && named != hinted {
            return Err(PageError::Request);
        }
        let client: Option<&Client> = named.or(hinted).and_then(|id| portal.clients.find(id));
        let redirect_uri = params.owned("post_logout_redirect_uri");
        match (&redirect_uri, client) {
            (Some(uri), Some(client)) if client.returns_to(uri) => {}
            (None, _) => {}
            (Some(_), _) => return Err(PageError::Request),
        }
        Ok(Self {
            client: client.map(|client| client.id.clone()),
            redirect_uri,
            state: params.owned("state"),
        })
    }

    fn go(&self, portal: &Portal, headers: &HeaderMap) -> Response {
        if let Some(Ok(mut url)) = self.redirect_uri.as_deref().map(Url::parse) {
            if let Some(state) = &self.state {
                url.query_pairs_mut().append_pair("state", state);
            }
            return Redirect::to(url.as_str()).into_response();
        }
        let frame = portal.pages.frame(Language::accepted(headers));
        let page = NoticePage {
            frame,
            title: &frame.t.signed_out_title,
            text: &frame.t.signed_out_lead,
        };
        pages::show(StatusCode::OK, &page)
    }

    fn ask(&self, portal: &Portal, headers: &HeaderMap) -> Response {
        let known = Browser::known(headers);
        let is_new = known.is_none();
        let browser = known.unwrap_or_else(|| Browser::new(&portal.entropy));
        let page = SignOutPage {
            frame: portal.pages.frame(Language::accepted(headers)),
            csrf: &browser.csrf(CSRF_SUBJECT),
            client: self.client.as_deref().unwrap_or_default(),
            redirect_uri: self.redirect_uri.as_deref().unwrap_or_default(),
            state: self.state.as_deref().unwrap_or_default(),
        };
        let origin = self.redirect_uri.as_deref().and_then(client::origin);
        let mut response = pages::show_leading_to(StatusCode::OK, &page, origin.as_deref());
        if is_new {
            browser::add_cookie(response.headers_mut(), browser.cookie());
        }
        response
    }
}
