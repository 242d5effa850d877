//! `POST /oauth2/introspect`: a service asks what an access token gives (RFC 7662).

use axum::{Json, body::Bytes, extract::State, http::HeaderMap};
use serde::Serialize;
use uc_model::PersonId;

use super::{
    Thumbprint,
    client_auth::{authenticate_confidential, form},
    error::OauthError,
};
use crate::{
    entropy::TokenHash,
    portal::{AppState, Portal},
    store::AccessGrant,
};

/// What is told of a token. Of one that does not hold, or that the asker may not know of: that it is not active.
#[derive(Serialize)]
pub(super) struct Answer {
    active: bool,
    #[serde(flatten)]
    token: Option<Described>,
}

#[derive(Serialize)]
struct Described {
    iss: String,
    sub: PersonId,
    client_id: String,
    scope: String,
    exp: i64,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Confirmation>,
}

/// The key that must be shown with it (RFC 9449 §6.2).
#[derive(Serialize)]
struct Confirmation {
    jkt: Thumbprint,
}

pub(super) async fn introspect(
    State(portal): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Answer>, OauthError> {
    let params = form(&headers, &body)?;
    let client = authenticate_confidential(&portal, &headers, &params).await?;
    let token = params.find("token").ok_or(OauthError::InvalidRequest)?;
    let now = portal.clock.now();
    let found = portal
        .store
        .find_access(TokenHash::dated(token), now)
        .await?;
    let token = found
        .filter(|access| client.introspects_tokens_of(&access.client))
        .map(|access| describe(&portal, access));
    Ok(Json(Answer {
        active: token.is_some(),
        token,
    }))
}

fn describe(portal: &Portal, access: AccessGrant) -> Described {
    Described {
        iss: portal.issuer.to_string(),
        sub: access.person,
        client_id: access.client,
        scope: access.scope.to_string(),
        exp: access.expires_at.as_second(),
        token_type: match access.key {
            Some(_) => "DPoP",
            None => "Bearer",
        },
        cnf: access.key.map(|jkt| Confirmation { jkt }),
    }
}
