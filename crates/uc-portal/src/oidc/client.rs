//! Registered clients and their redirect URIs.

use serde::Deserialize;
use url::Url;

use super::AssertionKey;
use crate::entropy::TokenHash;

/// The id of the desktop client.
pub const DESKTOP_CLIENT: &str = "edinyi-klient-desktop";

/// A registered URI to send a browser to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectUri {
    /// This path on the loopback interface, at any port: `http://127.0.0.1:{port}{path}` or `http://[::1]:{port}{path}`
    /// (RFC 8252 §7.3). By address, never by the name `localhost`.
    Loopback {
        /// The path.
        path: String,
    },
    /// Exactly this text.
    Exact(String),
}

impl RedirectUri {
    /// Whether `text` is this URI. Compared as text: what a URL parser would mend does not match.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(uri) => uri == text,
            Self::Loopback { path } => ["http://127.0.0.1:", "http://[::1]:"]
                .iter()
                .find_map(|prefix| text.strip_prefix(prefix))
                .and_then(|rest| rest.strip_suffix(path.as_str()))
                .is_some_and(is_port),
        }
    }
}

fn is_port(text: &str) -> bool {
    !text.starts_with('0')
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<u16>().is_ok()
}

/// Whether a client may leave something out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// It may.
    Optional,
    /// It may not.
    Required,
}

/// How a client shows that it is itself (RFC 6749 §2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authentication {
    /// Not at all: what is in people's hands keeps no secret.
    None,
    /// By a secret.
    Secret {
        /// Where it is sent.
        way: SecretWay,
        /// What is kept of it.
        hash: TokenHash,
    },
    /// By a JWT that one of these keys signed (`private_key_jwt`).
    Assertion(Vec<AssertionKey>),
}

/// Where a client's secret is sent: in one place, which it is registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretWay {
    /// `client_secret_basic`.
    Header,
    /// `client_secret_post`.
    Form,
}

/// Which tokens a client may ask about (RFC 7662).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Introspection {
    /// Those that were issued to it.
    #[default]
    OwnTokens,
    /// All: it is a service that tokens are shown to.
    AllTokens,
}

/// Whether a client signs people in on devices without a browser (RFC 8628). Who lures a person into typing a code gets
/// the access, so each client must be registered for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceGrant {
    /// It does not.
    #[default]
    Refused,
    /// It does.
    Allowed,
}

/// A registered client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its name for people; without one it is the product's own application on the person's device.
    pub name: Option<String>,
    /// How it shows that it is itself.
    pub authentication: Authentication,
    /// Where codes go.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a browser may go after sign-out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where it hears that a session with it has ended.
    pub backchannel_logout_uri: Option<String>,
    /// Whether it pushes its authorization requests (RFC 9126).
    pub pushed_requests: Policy,
    /// Whether its tokens are bound to a key (RFC 9449).
    pub proofs: Policy,
    /// Which tokens it may ask about.
    pub introspection: Introspection,
    /// Whether it signs people in on devices without a browser.
    pub device_grant: DeviceGrant,
}

impl Client {
    /// The client of this repository. Older versions of it neither push their requests nor show proofs, so it need not.
    #[must_use]
    pub fn desktop() -> Self {
        let loopback = |path: &str| RedirectUri::Loopback { path: path.into() };
        Self {
            id: DESKTOP_CLIENT.to_owned(),
            name: None,
            authentication: Authentication::None,
            redirect_uris: vec![loopback("/callback")],
            post_logout_redirect_uris: vec![loopback("/signed-out")],
            backchannel_logout_uri: None,
            pushed_requests: Policy::Optional,
            proofs: Policy::Optional,
            introspection: Introspection::OwnTokens,
            device_grant: DeviceGrant::Refused,
        }
    }

    /// Whether it keeps no secret.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.authentication == Authentication::None
    }

    /// Whether it may ask about tokens of that client.
    #[must_use]
    pub fn introspects_tokens_of(&self, client: &str) -> bool {
        match self.introspection {
            Introspection::OwnTokens => self.id == client,
            Introspection::AllTokens => true,
        }
    }

    /// Whether codes may go there.
    #[must_use]
    pub fn redirects_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|known| known.matches(uri))
    }

    /// Whether a browser may go there after sign-out.
    #[must_use]
    pub fn returns_to(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris
            .iter()
            .any(|known| known.matches(uri))
    }
}

/// The origin of a redirect URI, for a page's `form-action`.
#[must_use]
pub(super) fn origin(redirect_uri: &str) -> Option<String> {
    let url = Url::parse(redirect_uri).ok()?;
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn op_63_only_the_registered_redirect_uri_matches() {
        for (uri, matches) in [
            ("http://127.0.0.1:50001/callback", true),
            ("http://[::1]:50001/callback", true),
            ("http://localhost:50001/callback", false),
            ("https://127.0.0.1:50001/callback", false),
            ("http://127.0.0.1/callback", false),
            ("http://127.0.0.1:/callback", false),
            ("http://127.0.0.1:0/callback", false),
            ("http://127.0.0.1:080/callback", false),
            ("http://127.0.0.1:65536/callback", false),
            ("http://127.0.0.1:+1/callback", false),
            ("http://127.0.0.1:50001/callback/", false),
            ("http://127.0.0.1:50001/callback?x=1", false),
            ("http://127.0.0.1:50001/callback#", false),
            ("http://127.0.0.1:50001/a/../callback", false),
            ("http://127.0.0.1:50001//callback", false),
            ("http://127.0.0.1:1@evil.example/callback", false),
            ("http://user@127.0.0.1:50001/callback", false),
            ("http://127.0.0.1:50001\\@evil.example/callback", false),
            ("http://127.0.0.1.evil.example:50001/callback", false),
            ("HTTP://127.0.0.1:50001/callback", false),
            (" http://127.0.0.1:50001/callback", false),
            ("edinyi://callback", false),
            ("javascript:alert(1)//callback", false),
            ("", false),
        ] {
            assert_eq!(Client::desktop().redirects_to(uri), matches, "{uri}");
        }
    }
}
