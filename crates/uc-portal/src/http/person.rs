//! Who asks: the subject of the access token, and nothing that the request says besides.

use axum::{extract::FromRequestParts, http::request::Parts};
use uc_model::PersonId;
use uuid::Uuid;

use super::{
    ApiError,
    access::{self, Scheme},
};
use crate::{
    oidc::{Scope, ScopeToken},
    portal::{AppState, Portal},
    store::AccessGrant,
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
    scheme: Scheme,
}

impl Person {
    fn new(access: AccessGrant, scheme: Scheme) -> Self {
        Self {
            id: access.person,
            scope: access.scope,
            grant: access.grant,
            scheme,
        }
    }

    /// Of a token that came without a header.
    pub(crate) async fn of_bearer(portal: &Portal, token: &str) -> Result<Self, ApiError> {
        let access = access::bearer_grant(portal, token).await?;
        Ok(Self::new(access, Scheme::Bearer))
    }

    /// Refuses unless the token covers it.
    pub fn require(&self, token: ScopeToken) -> Result<(), ApiError> {
        if self.scope.contains(token) {
            Ok(())
        } else {
            Err(ApiError::insufficient_scope(self.scheme))
        }
    }
}

impl FromRequestParts<AppState> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        portal: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let (access, scheme) = access::grant(parts, portal).await?;
        let person = Self::new(access, scheme);
        // What the device has signed is checked against it.
        parts.extensions.insert(person.clone());
        Ok(person)
    }
}
