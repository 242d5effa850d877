//! Who asks: the subject of the access token, and nothing that the request says besides.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use uc_model::PersonId;
use uuid::Uuid;

use super::ApiError;
use crate::{
    entropy::TokenHash,
    oidc::{Scope, ScopeToken},
    portal::AppState,
};

/// The person on whose behalf a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// What the client may do.
    pub scope: Scope,
    /// The grant that the token belongs to.
    pub grant: Uuid,
}

impl Person {
    /// Refuses unless the token covers it.
    pub fn require(&self, token: ScopeToken) -> Result<(), ApiError> {
        if self.scope.contains(token) {
            Ok(())
        } else {
            Err(ApiError::insufficient_scope())
        }
    }
}

impl FromRequestParts<AppState> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        portal: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let token = bearer(parts).ok_or_else(|| ApiError::unauthorized("Bearer"))?;
        let found = portal
            .store
            .find_access(TokenHash::of(token), portal.clock.now())
            .await?;
        let access =
            found.ok_or_else(|| ApiError::unauthorized("Bearer error=\"invalid_token\""))?;
        Ok(Self {
            id: access.person,
            scope: access.scope,
            grant: access.grant,
        })
    }
}

/// The one bearer token of the request (RFC 6750 §2.1); two headers are none.
fn bearer(parts: &Parts) -> Option<&str> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
