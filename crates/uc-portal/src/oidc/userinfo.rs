//! `/oauth2/userinfo` (OpenID Connect Core §5.3).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, header},
};
use jiff::civil::Date;
use serde::Serialize;
use uc_model::{PersonId, Phone};
use uc_portal_api::{PersonProfile, ProblemCode};

use super::{ScopeToken, client_auth::form};
use crate::{
    http::{ApiError, Person},
    portal::{AppState, Portal},
};

#[derive(Serialize)]
pub(super) struct UserInfo {
    sub: PersonId,
    #[serde(flatten)]
    profile: Option<ProfileClaims>,
    #[serde(flatten)]
    email: Option<EmailClaims>,
    #[serde(flatten)]
    phone: Option<PhoneClaims>,
}

#[derive(Serialize)]
struct ProfileClaims {
    name: String,
    family_name: String,
    given_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    birthdate: Date,
}

#[derive(Serialize)]
struct EmailClaims {
    email: String,
    email_verified: bool,
}

#[derive(Serialize)]
struct PhoneClaims {
    phone_number: Phone,
    phone_number_verified: bool,
}

pub(super) async fn get(
    State(portal): State<AppState>,
    person: Person,
) -> Result<Json<UserInfo>, ApiError> {
    userinfo(&portal, person).await
}

/// The token may come in the form, too (RFC 6750 §2.2).
pub(super) async fn post(
    State(portal): State<AppState>,
    shown: Result<Person, ApiError>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<UserInfo>, ApiError> {
    let params = form(&headers, &body).ok();
    let posted = params
        .as_ref()
        .and_then(|params| params.find("access_token"));
    let person = match posted {
        Some(token) if !headers.contains_key(header::AUTHORIZATION) => {
            Person::of_bearer(&portal, token).await?
        }
        Some(_) => return Err(ApiError::new(ProblemCode::BadRequest)),
        None => shown?,
    };
    userinfo(&portal, person).await
}

async fn userinfo(portal: &Portal, person: Person) -> Result<Json<UserInfo>, ApiError> {
    person.require(ScopeToken::Openid)?;
    let profile = portal.store.find_profile(person.id.clone()).await?;
    let profile = profile.ok_or_else(|| ApiError::new(ProblemCode::NotFound))?;
    Ok(Json(claims(&person, profile)))
}

/// What the scope covers, of what is known.
fn claims(person: &Person, profile: PersonProfile) -> UserInfo {
    let covered = |token| person.scope.contains(token).then_some(());
    UserInfo {
        sub: profile.id,
        email: covered(ScopeToken::Email)
            .and(profile.email)
            .map(|email| EmailClaims {
                email,
                email_verified: true,
            }),
        phone: covered(ScopeToken::Phone)
            .and(profile.phone)
            .map(|phone_number| PhoneClaims {
                phone_number,
                phone_number_verified: true,
            }),
        profile: covered(ScopeToken::Profile).map(|()| ProfileClaims {
            name: format!("{} {}", profile.first_name, profile.last_name),
            family_name: profile.last_name,
            given_name: profile.first_name,
            middle_name: profile.middle_name,
            birthdate: profile.birth_date,
        }),
    }
}
