//! An authorization request after its checks.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uc_model::PersonId;

use super::{OwnPage, Prompt, Scope, Thumbprint};
use crate::{entropy::TokenHash, pages::Language, store::BrowserSession};

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
    /// Where the answer goes.
    #[serde(flatten)]
    pub answer: Answer,
    /// What it asks for; holds `openid`.
    pub scope: Scope,
    /// The name to fill in.
    pub login_hint: Option<String>,
    /// The language asked for.
    pub language: Option<Language>,
    /// What the person may be asked.
    #[serde(default)]
    pub prompt: Prompt,
    /// Seconds since the person gave their password, at most.
    pub max_age: Option<u32>,
    /// The person whose consent is wanted, when the client knows.
    pub person: Option<PersonId>,
    /// Of the request URI that it was pushed under.
    pub pushed: Option<TokenHash>,
}

/// Where the answer to a request goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// By the browser to the client, as a code.
    Code(CodeAnswer),
    /// To a device that waits (RFC 8628).
    Device {
        /// What it asks by.
        device: TokenHash,
    },
    /// To nobody: the person goes on to a page of the portal itself.
    Page {
        /// Which.
        page: OwnPage,
    },
}

impl Answer {
    /// Whether a password alone does not do.
    pub(super) const fn needs_two_factors(&self) -> bool {
        match self {
            Self::Code(_) | Self::Device { .. } => false,
            Self::Page { page } => page.needs_two_factors(),
        }
    }
}

/// What an answer by a code needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeAnswer {
    /// One of the client's redirect URIs.
    pub redirect_uri: String,
    /// Given back as it came.
    pub state: Option<String>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// PKCE's challenge, S256.
    pub challenge: String,
    /// The key that the code is bound to (RFC 9449 §10).
    pub key: Option<Thumbprint>,
}

impl AuthorizationRequest {
    /// Whether a person who is signed in need not give their password again.
    #[must_use]
    pub fn is_served_by(&self, session: &BrowserSession, now: Timestamp) -> bool {
        let age = now.duration_since(session.signed_in_at);
        let fresh = self
            .max_age
            .is_none_or(|seconds| age < SignedDuration::from_secs(seconds.into()));
        let wanted = self
            .person
            .as_ref()
            .is_none_or(|person| *person == session.person);
        fresh && wanted && !self.prompt.asks_sign_in()
    }
}
