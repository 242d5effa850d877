//! `/protection`: what a person shows beside the password, and how that changes. A session shows it; a change asks for
//! the password, too.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, ToSpan};

use super::{
    OwnPage, PROTECTION,
    error::PageError,
    login::{retry_after, visit},
    own_page::Owner,
    params::Params,
    protection_links,
};
use crate::{
    accounts::{
        Checked, OneTimeCode, Peer, Recognised, Step, TotpSecret, Visit, check_factor, confirm,
    },
    journal::Scene,
    pages::{self, AddAppPage, Frame, Language, ProtectionPage, QrCode, RemoveAppPage},
    portal::{AppState, Portal},
    store::TotpOffer,
};

/// A secret that was shown may be confirmed that long.
const OFFER_MINUTES: i64 = 15;

pub(super) async fn overview(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Protection).await?;
        let frame = frame(&portal, &headers);
        let links = protection_links::rows(&portal, frame, &owner).await?;
        let factors = portal.store.find_factors(owner.person.clone()).await?;
        let profile = portal.store.find_profile(owner.person).await?;
        let page = ProtectionPage {
            frame,
            links,
            email: profile.and_then(|profile| profile.email),
            app: factors.totp.is_some(),
            passkeys: factors.passkeys,
            codes: factors.recovery_codes,
        };
        Ok(pages::show(StatusCode::OK, &page))
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// The form that adds an authenticator app, or the one that removes it.
pub(super) async fn form(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    let shown = async {
        let owner = Owner::find(&portal, &headers, OwnPage::Protection).await?;
        let factors = portal.store.find_factors(owner.person.clone()).await?;
        match factors.totp {
            Some(_) => Ok(ask_removal(&portal, &headers, &owner, None)),
            None => ask_addition(&portal, &headers, &owner, None).await,
        }
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
        match params.find("action") {
            Some("add") => add(&portal, &headers, &owner, &params, visit).await,
            Some("remove") => remove(&portal, &headers, &owner, &params, visit).await,
            Some(_) | None => Err(PageError::Expired),
        }
    };
    changed
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// Why a change was not made.
#[derive(Clone, Copy)]
pub(super) enum Fault {
    Password,
    FirstCode,
    Code,
    Passkey,
    TooOften { wait: SignedDuration },
}

impl Fault {
    pub(super) fn text(self, frame: Frame<'_>) -> String {
        match self {
            Self::Password => frame.t.password_wrong.clone(),
            Self::FirstCode => frame.t.app_first_code_wrong.clone(),
            Self::Code => frame.t.code_wrong.clone(),
            Self::Passkey => frame.t.passkey_no_answer.clone(),
            Self::TooOften { wait } => frame.too_many_factors(wait),
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::Password | Self::FirstCode | Self::Code | Self::Passkey => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// How the page with the form says it.
    pub(super) fn mark(fault: Option<Self>, mut page: Response) -> Response {
        if let Some(fault) = fault {
            *page.status_mut() = fault.status();
        }
        if let Some(Self::TooOften { wait }) = fault {
            retry_after(&mut page, wait);
        }
        page
    }
}

async fn add(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    params: &Params,
    visit: Visit,
) -> Result<Response, PageError> {
    let now = portal.clock.now();
    let offer = portal.store.find_totp_offer(owner.person.clone(), now);
    let secret = offer.await?.ok_or(PageError::Expired)?;
    let code = OneTimeCode::typed(params.find("code").unwrap_or_default());
    let step: Option<Step> = code.and_then(|code| secret.step_of(code, now));
    let Some(step) = step else {
        return ask_addition(portal, headers, owner, Some(Fault::FirstCode)).await;
    };
    if let Some(fault) = check_password(portal, owner, params, visit).await? {
        return ask_addition(portal, headers, owner, Some(fault)).await;
    }
    let scene = scene(portal, visit);
    portal
        .store
        .add_totp(owner.person.clone(), step, scene)
        .await?;
    Ok(Redirect::to(PROTECTION).into_response())
}

async fn remove(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    params: &Params,
    visit: Visit,
) -> Result<Response, PageError> {
    let fault = match check_password(portal, owner, params, visit).await? {
        Some(fault) => Some(fault),
        None => check_code(portal, owner, params, visit).await?,
    };
    if let Some(fault) = fault {
        return Ok(ask_removal(portal, headers, owner, Some(fault)));
    }
    let scene = scene(portal, visit);
    portal
        .store
        .remove_totp(owner.person.clone(), scene)
        .await?;
    Ok(Redirect::to(PROTECTION).into_response())
}

pub(super) async fn check_password(
    portal: &Portal,
    owner: &Owner,
    params: &Params,
    visit: Visit,
) -> Result<Option<Fault>, PageError> {
    let password = params.owned("password").unwrap_or_default().into();
    Ok(
        match confirm(portal, owner.person.clone(), password, visit).await? {
            Recognised::Person { .. } => None,
            Recognised::Nobody => Some(Fault::Password),
            Recognised::TooMany { until } => Some(too_often(portal, until)),
        },
    )
}

pub(super) async fn check_code(
    portal: &Portal,
    owner: &Owner,
    params: &Params,
    visit: Visit,
) -> Result<Option<Fault>, PageError> {
    let code = params.find("code").unwrap_or_default();
    Ok(
        match check_factor(portal, &owner.person, code, None, visit).await? {
            Checked::Right(_) => None,
            Checked::Wrong => Some(Fault::Code),
            Checked::TooMany { until } => Some(too_often(portal, until)),
        },
    )
}

fn too_often(portal: &Portal, until: jiff::Timestamp) -> Fault {
    Fault::TooOften {
        wait: until.duration_since(portal.clock.now()),
    }
}

pub(super) fn scene(portal: &Portal, visit: Visit) -> Scene {
    Scene {
        address: Some(visit.peer.coarse()),
        ..Scene::at(portal.clock.now())
    }
}

pub(super) fn frame<'a>(portal: &'a Portal, headers: &HeaderMap) -> Frame<'a> {
    portal.pages.frame(Language::accepted(headers))
}

async fn ask_addition(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    fault: Option<Fault>,
) -> Result<Response, PageError> {
    let now = portal.clock.now();
    let offer = TotpOffer {
        person: owner.person.clone(),
        secret: TotpSecret::new(portal.entropy.bytes()),
        expires_at: now + OFFER_MINUTES.minutes(),
    };
    let secret = portal.store.offer_totp(offer, now).await?;
    let profile = portal.store.find_profile(owner.person.clone()).await?;
    let profile = profile.ok_or(PageError::SignedOut(OwnPage::Protection))?;
    let phone = profile.phone.as_ref().map(uc_model::Phone::as_str);
    let account = phone.or(profile.email.as_deref()).unwrap_or_default();
    let frame = frame(portal, headers);
    let address = secret.address(&frame.t.product, account);
    let text = fault.map(|fault| fault.text(frame));
    let page = AddAppPage {
        frame,
        csrf: &owner.csrf(),
        qr: &QrCode::of(address.expose())?,
        secret: &groups(secret.text().expose()),
        fault: text.as_deref(),
    };
    Ok(Fault::mark(fault, pages::show(StatusCode::OK, &page)))
}

/// In groups of four, as people read it out.
fn groups(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

fn ask_removal(
    portal: &Portal,
    headers: &HeaderMap,
    owner: &Owner,
    fault: Option<Fault>,
) -> Response {
    let frame = frame(portal, headers);
    let text = fault.map(|fault| fault.text(frame));
    let page = RemoveAppPage {
        frame,
        csrf: &owner.csrf(),
        fault: text.as_deref(),
    };
    Fault::mark(fault, pages::show(StatusCode::OK, &page))
}
