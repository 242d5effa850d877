//! The OpenID provider: code flow with PKCE S256 for public native clients, one endpoint a file.
//!
//! Registration, one-time codes, second factors and lock-out belong between [`sign_in`] and the session.

use axum::Router;

use crate::portal::AppState;

mod client;
mod keys;
mod request;
mod scope;

pub use client::{Client, Clients, DESKTOP_CLIENT, RedirectUri};
pub use keys::{KeyError, SigningKeys};
pub use request::{AuthorizationRequest, Issuer};
pub use scope::{Scope, ScopeToken};

/// All endpoints of the provider.
pub fn router() -> Router<AppState> {
    Router::new()
}
