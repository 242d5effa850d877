//! An authorization request after its checks.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Scope;
use crate::pages::Language;

/// The issuer: `https://host:port`, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

impl Issuer {
    /// The portal at `host`, as it is written in a URL, and `port`.
    #[must_use]
    pub fn new(host: &str, port: u16) -> Self {
        Self(format!("https://{host}:{port}"))
    }

    /// Its text, compared byte by byte by clients.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL of a path that begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a client asks a person for. Every member was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// A registered client.
    pub client: String,
    /// One of its redirect URIs.
    pub redirect_uri: String,
    /// What it asks for; holds `openid`.
    pub scope: Scope,
    /// Given back as it came.
    pub state: Option<String>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// PKCE's challenge, S256.
    pub challenge: String,
    /// The name to fill in.
    pub login_hint: Option<String>,
    /// The language asked for.
    pub language: Option<Language>,
}
