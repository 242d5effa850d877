//! `/consent`: a person allows a client what it asks for, or does not.
//!
//! Asked on every authorization: any program on the device can pretend to be a native client (RFC 8252 §8.6). Whoever
//! signed in for a page of the portal itself allows nobody anything.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::ToSpan;
use uc_portal_api::PersonProfile;

use super::{
    Answer, CodeAnswer, LOGIN,
    authorize::{Refusal, respond},
    browser, client,
    error::PageError,
    login::OwnFlow,
    params::Params,
};
use crate::{
    accounts::DeviceId,
    entropy::TokenHash,
    pages::{self, ConsentPage, NoticePage},
    portal::{AppState, Portal},
    store::{ClientGrant, NewCode, SignedIn},
};

const CODE_SECONDS: i64 = 60;
/// A grant ends after that long, used or not.
const GRANT_DAYS: i64 = 180;

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    ask(&portal, &headers, query.unwrap_or_default().as_bytes())
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

pub(super) async fn submit(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    decide(&portal, &headers, &body)
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

async fn ask(portal: &Portal, headers: &HeaderMap, query: &[u8]) -> Result<Response, PageError> {
    let params = Params::parse(query)?;
    let own = OwnFlow::find(portal, headers, &params).await?;
    let Some(Present { signed_in, .. }) = present(portal, headers, &own).await? else {
        return Ok(to_login(&own));
    };
    if own.is_for_another(&signed_in) {
        return refuse(portal, headers, own, "login_required").await;
    }
    if let Answer::Page { page } = own.flow.request.answer {
        portal.store.delete_flow(own.hash()).await?;
        return Ok(Redirect::to(page.path()).into_response());
    }
    let profile = portal
        .store
        .find_profile(signed_in.person)
        .await?
        .ok_or(PageError::Expired)?;
    Ok(show(portal, headers, &own, &profile))
}

/// Who signed in for a flow and is still signed in in its browser.
struct Present {
    signed_in: SignedIn,
    /// The browser as a device of theirs.
    device: Option<DeviceId>,
}

async fn present(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
) -> Result<Option<Present>, PageError> {
    let session = browser::session(portal, headers, portal.clock.now()).await?;
    Ok(match (&own.flow.signed_in, session) {
        (Some(signed_in), Some(session)) if signed_in.person == session.person => Some(Present {
            signed_in: signed_in.clone(),
            device: session.device,
        }),
        _ => None,
    })
}

impl OwnFlow {
    /// Whether the client asked for somebody else (OpenID Connect Core §3.1.2.1, `id_token_hint`).
    fn is_for_another(&self, signed_in: &SignedIn) -> bool {
        let wanted = self.flow.request.person.as_ref();
        wanted.is_some_and(|person| *person != signed_in.person)
    }
}

fn show(portal: &Portal, headers: &HeaderMap, own: &OwnFlow, profile: &PersonProfile) -> Response {
    let frame = portal.pages.frame(own.language(headers));
    let request = &own.flow.request;
    let client = portal.clients.find(&request.client);
    let site = client.and_then(|client| client.name.as_deref());
    let (lead, warning, origin) = match (&request.answer, site) {
        (Answer::Device { .. }, _) => (
            &frame.t.consent_lead_device,
            &frame.t.consent_warning_device,
            None,
        ),
        // Led on before.
        (Answer::Page { .. }, _) => (&frame.t.consent_lead, &frame.t.consent_warning, None),
        (Answer::Code(answer), Some(_)) => (
            &frame.t.consent_lead_site,
            &frame.t.consent_warning_site,
            client::origin(&answer.redirect_uri),
        ),
        (Answer::Code(answer), None) => (
            &frame.t.consent_lead,
            &frame.t.consent_warning,
            client::origin(&answer.redirect_uri),
        ),
    };
    let scopes = request.scope.iter();
    let page = ConsentPage {
        frame,
        flow: &own.id,
        csrf: &own.csrf(),
        client: &request.client,
        name: site.unwrap_or(&frame.t.product),
        lead,
        warning,
        person: &format!("{} {}", profile.first_name, profile.last_name),
        scopes: scopes.map(|token| frame.t.scopes.of(token)).collect(),
    };
    pages::show_leading_to(StatusCode::OK, &page, origin.as_deref())
}

fn to_login(own: &OwnFlow) -> Response {
    Redirect::to(&format!("{LOGIN}?flow={}", own.id)).into_response()
}

async fn decide(portal: &Portal, headers: &HeaderMap, body: &[u8]) -> Result<Response, PageError> {
    let params = Params::parse(body)?;
    let own = OwnFlow::find_posted(portal, headers, &params).await?;
    match params.find("action") {
        Some("allow") => match present(portal, headers, &own).await? {
            Some(by) if own.is_for_another(&by.signed_in) => Err(PageError::Expired),
            Some(by) => allow(portal, headers, own, by).await,
            None => Ok(to_login(&own)),
        },
        Some("deny") => refuse(portal, headers, own, "access_denied").await,
        Some("switch") => switch(portal, headers, &own).await,
        Some(_) | None => Err(PageError::Expired),
    }
}

async fn allow(
    portal: &Portal,
    headers: &HeaderMap,
    own: OwnFlow,
    Present {
        signed_in: by,
        device: browser,
    }: Present,
) -> Result<Response, PageError> {
    let now = portal.clock.now();
    let language = own.language(headers);
    let flow = own.hash();
    let request = own.flow.request;
    let grant = ClientGrant {
        id: portal.entropy.uuid(now),
        person: by.person,
        client: request.client,
        scope: request.scope,
        signed_in_at: by.at,
        means: by.means,
        created_at: now,
        expires_at: now + (GRANT_DAYS * 24).hours(),
        key: None,
        device: match request.answer {
            Answer::Code(_) => browser,
            Answer::Device { .. } | Answer::Page { .. } => None,
        },
    };
    match request.answer {
        Answer::Code(answer) => issue_code(portal, (flow, request.pushed), grant, answer).await,
        Answer::Page { .. } => Err(PageError::Expired),
        Answer::Device { device } => {
            if !portal.store.allow_pairing(flow, device, grant).await? {
                return Err(PageError::Expired);
            }
            let frame = portal.pages.frame(language);
            let (title, text) = (&frame.t.device_allowed_title, &frame.t.device_allowed_lead);
            Ok(pages::show(
                StatusCode::OK,
                &NoticePage { frame, title, text },
            ))
        }
    }
}

async fn issue_code(
    portal: &Portal,
    (flow, pushed): (TokenHash, Option<TokenHash>),
    grant: ClientGrant,
    answer: CodeAnswer,
) -> Result<Response, PageError> {
    let code = portal.entropy.token();
    let response = respond(
        &answer.redirect_uri,
        answer.state.as_deref(),
        &portal.issuer,
        [("code", code.expose().as_str())],
    )?;
    let issued = NewCode {
        code: TokenHash::of(code.expose()),
        flow,
        pushed,
        code_expires_at: grant.created_at + CODE_SECONDS.seconds(),
        grant,
        redirect_uri: answer.redirect_uri,
        challenge: answer.challenge,
        nonce: answer.nonce,
        key: answer.key,
    };
    // A form sent twice issues one code.
    if portal.store.insert_code(issued).await? {
        Ok(response)
    } else {
        Err(PageError::Expired)
    }
}

async fn refuse(
    portal: &Portal,
    headers: &HeaderMap,
    own: OwnFlow,
    code: &'static str,
) -> Result<Response, PageError> {
    let language = own.language(headers);
    let flow = own.hash();
    match own.flow.request.answer {
        Answer::Code(answer) => {
            portal.store.delete_flow(flow).await?;
            Refusal::of(answer, code).redirect(&portal.issuer)
        }
        Answer::Page { .. } => Err(PageError::Expired),
        Answer::Device { device } => {
            portal.store.refuse_pairing(flow, device).await?;
            let frame = portal.pages.frame(language);
            let (title, text) = (&frame.t.device_refused_title, &frame.t.device_refused_lead);
            Ok(pages::show(
                StatusCode::OK,
                &NoticePage { frame, title, text },
            ))
        }
    }
}

async fn switch(
    portal: &Portal,
    headers: &HeaderMap,
    own: &OwnFlow,
) -> Result<Response, PageError> {
    if let Some(id) = browser::session_id(headers) {
        portal.store.delete_session(id, portal.clock.now()).await?;
    }
    let mut response = to_login(own);
    browser::add_cookie(response.headers_mut(), browser::no_session_cookie());
    Ok(response)
}
