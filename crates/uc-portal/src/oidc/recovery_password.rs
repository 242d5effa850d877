//! `/recovery/password`: a new password in the place of a lost one. Who has an authenticator app shows its code here, too:
//! the way back asks for no less than the way in (AUTH-04).

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use uc_model::{PersonId, SecretString};

use super::{
    LOGIN, RECOVERY_CODE, RECOVERY_PASSWORD,
    error::PageError,
    login::{retry_after, visit},
    new_password::{self, NewPassword},
    params::Params,
    recovery::find,
    walk::Walk,
};
use crate::{
    accounts::{Checked, Factors, Peer, Visit, check_factor, of_recovered_password},
    journal::Scene,
    pages::{self, Field, FieldKind, FormPage, Way},
    portal::{AppState, Portal},
    store::Recovered,
};

/// Somebody who has shown the code that was sent.
struct Owner {
    walk: Walk,
    person: PersonId,
    factors: Factors,
}

impl Owner {
    async fn of(portal: &Portal, walk: Walk) -> Result<Result<Self, Walk>, PageError> {
        let recovery = find(portal, &walk).await?;
        let confirmed = recovery.person.filter(|_| recovery.is_confirmed);
        let Some(person) = confirmed else {
            return Ok(Err(walk));
        };
        let factors = portal.store.find_factors(person.clone()).await?;
        Ok(Ok(Self {
            walk,
            person,
            factors,
        }))
    }
}

/// What is wrong with what was given.
#[derive(Default)]
struct Faults {
    password: Option<new_password::Fault>,
    code: Option<String>,
    wait: Option<jiff::SignedDuration>,
}

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        let walk = Walk::find(&portal, &headers, &params).await?;
        Ok(match Owner::of(&portal, walk).await? {
            Ok(owner) => ask(&portal, &owner, Faults::default()),
            Err(walk) => walk.to(RECOVERY_CODE),
        })
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
    let taken = async {
        let params = Params::parse(&body)?;
        let walk = Walk::find_posted(&portal, &headers, &params).await?;
        match Owner::of(&portal, walk).await? {
            Ok(owner) => take(&portal, &owner, &params, visit(peer, &headers)).await,
            Err(walk) => Ok(walk.to(RECOVERY_CODE)),
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// The password first: a code that is right is used up.
async fn take(
    portal: &Portal,
    owner: &Owner,
    params: &Params,
    visit: Visit,
) -> Result<Response, PageError> {
    let known = known_of(portal, &owner.person).await?;
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let password = match NewPassword::read(params, &known) {
        Ok(password) => password,
        Err(fault) => {
            let faults = Faults {
                password: Some(fault),
                ..Faults::default()
            };
            return Ok(ask(portal, owner, faults));
        }
    };
    if owner.factors.are_asked()
        && let Some(faults) = check_code(portal, owner, params, visit).await?
    {
        return Ok(ask(portal, owner, faults));
    }
    recover(portal, owner, password, visit).await
}

/// What the password must not be made of.
async fn known_of(portal: &Portal, person: &PersonId) -> Result<Vec<String>, PageError> {
    let profile = portal.store.find_profile(person.clone()).await?;
    let profile = profile.ok_or(PageError::Expired)?;
    let phone = profile.phone.as_ref().map(uc_model::Phone::as_str);
    let phone = phone.map(|phone| phone.trim_start_matches('+').to_owned());
    let born = profile.birth_date.strftime("%d%m%Y").to_string();
    let names = [profile.last_name, profile.first_name, born];
    Ok(names.into_iter().chain(phone).collect())
}

async fn check_code(
    portal: &Portal,
    owner: &Owner,
    params: &Params,
    visit: Visit,
) -> Result<Option<Faults>, PageError> {
    let code = params.find("code").unwrap_or_default();
    let frame = owner.walk.frame(portal);
    Ok(
        match check_factor(portal, &owner.person, code, None, visit).await? {
            Checked::Right(_) => None,
            Checked::Wrong => Some(Faults {
                code: Some(frame.t.code_wrong.clone()),
                ..Faults::default()
            }),
            Checked::TooMany { until } => Some(Faults {
                wait: Some(until.duration_since(portal.clock.now())),
                ..Faults::default()
            }),
        },
    )
}

async fn recover(
    portal: &Portal,
    owner: &Owner,
    password: SecretString,
    visit: Visit,
) -> Result<Response, PageError> {
    let now = portal.clock.now();
    let password_hash = portal.passwords.hash(password, &portal.entropy).await?;
    let profile = portal.store.find_profile(owner.person.clone()).await?;
    let language = owner.walk.language();
    let recovered = Recovered {
        flow: owner.walk.hash(),
        browser: owner.walk.browser.hash(),
        password_hash,
        notices: profile.map_or_else(Vec::new, |profile| {
            of_recovered_password(portal, language, &profile, now)
        }),
        scene: Scene {
            address: Some(visit.peer.coarse()),
            ..Scene::at(now)
        },
    };
    if !portal.store.recover(recovered).await? {
        return Err(PageError::Expired);
    }
    portal.post.ring();
    let login = format!("{}&recovered=yes", owner.walk.address(LOGIN));
    Ok(Redirect::to(&login).into_response())
}

fn ask(portal: &Portal, owner: &Owner, faults: Faults) -> Response {
    let frame = owner.walk.frame(portal);
    let t = frame.t;
    let mut fields: Vec<Field<'_>> = new_password::fields(frame, faults.password).into();
    if owner.factors.are_asked() {
        fields.push(Field {
            hint: Some(&t.code_hint),
            fault: faults.code,
            ..Field::new("code", FieldKind::Code, &t.code_label)
        });
    }
    let page = FormPage {
        frame,
        title: &t.recovery_password_title,
        lead: t.recovery_password_lead.clone(),
        step: None,
        action: RECOVERY_PASSWORD,
        flow: &owner.walk.id,
        csrf: owner.walk.csrf(),
        fault: faults.wait.map(|wait| frame.too_many_factors(wait)),
        fields,
        ticks: Vec::new(),
        button: &t.recovery_password_button,
        again: None,
        ways: vec![Way {
            href: owner.walk.address(LOGIN),
            label: &t.recovery_back,
        }],
    };
    let status = match (faults.wait, page.is_wrong()) {
        (Some(_), _) => StatusCode::TOO_MANY_REQUESTS,
        (None, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, false) => StatusCode::OK,
    };
    let mut response = pages::show(status, &page);
    if let Some(wait) = faults.wait {
        retry_after(&mut response, wait);
    }
    response
}
