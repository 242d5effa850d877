//! A provider as it describes itself (OpenID Connect Discovery 1.0 §3).

use serde::Deserialize;
use url::Url;

use super::{Check, UpstreamError};

/// Where its description stands, after the issuer (§4).
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// What of the description matters here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Description {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    /// Whether every answer names its issuer (RFC 9207 §3).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl Description {
    /// Where the description of this issuer stands.
    pub(super) fn address(issuer: &str) -> Result<Url, UpstreamError> {
        let address = format!("{}{WELL_KNOWN}", issuer.trim_end_matches('/'));
        Url::parse(&address).map_err(|_| UpstreamError::Untrusted(Check::Description))
    }

    /// Reads it. Its issuer must be the one that is configured, to the letter, every endpoint https, and what the portal itself
    /// asks must stand at the issuer's host and port or at a host that the operator named: a description sends nobody into our network.
    pub(super) fn read(text: &[u8], issuer: &str, hosts: &[String]) -> Result<Self, UpstreamError> {
        let untrusted = UpstreamError::Untrusted(Check::Description);
        let read: Self = serde_json::from_slice(text).map_err(|_| untrusted)?;
        let endpoints = [
            &read.authorization_endpoint,
            &read.token_endpoint,
            &read.jwks_uri,
        ];
        let https = endpoints.iter().all(|url| url.scheme() == "https");
        let asked = [&read.token_endpoint, &read.jwks_uri];
        let here = asked.iter().all(|url| is_allowed(url, issuer, hosts));
        if read.issuer == issuer && https && here {
            Ok(read)
        } else {
            Err(untrusted)
        }
    }
}

fn is_allowed(url: &Url, issuer: &str, hosts: &[String]) -> bool {
    let own = Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == url.origin());
    let named = url
        .host_str()
        .is_some_and(|host| hosts.iter().any(|named| named == host));
    own || (named && url.port().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{
        "issuer": "https://id.example",
        "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": "https://id.example/token",
        "jwks_uri": "https://id.example/jwks",
        "scopes_supported": ["openid"]
    }"#;

    #[test]
    fn auth_11_a_description_is_that_of_the_issuer_asked() {
        assert!(Description::read(WHOLE.as_bytes(), "https://id.example", &[]).is_ok());
        for issuer in [
            "https://id.example/",
            "https://ID.example",
            "https://id.example/a",
        ] {
            assert!(
                Description::read(WHOLE.as_bytes(), issuer, &[]).is_err(),
                "{issuer}"
            );
        }
        for (from, to) in [
            ("https://id.example/token", "http://id.example/token"),
            ("https://id.example/jwks", "file:///etc/keys"),
            (r#""token_endpoint""#, r#""other""#),
        ] {
            let text = WHOLE.replace(from, to);
            assert!(
                Description::read(text.as_bytes(), "https://id.example", &[]).is_err(),
                "{to}"
            );
        }
    }

    #[test]
    fn sv_05_a_description_sends_the_portal_to_named_hosts_alone() {
        let hosts = ["keys.example".to_owned()];
        for (endpoint, allowed) in [
            ("https://id.example/token", true),
            ("https://id.example:443/token", true),
            ("https://keys.example/token", true),
            ("https://keys.example:8443/token", false),
            ("https://id.example:8443/token", false),
            ("https://sub.id.example/token", false),
            ("https://127.0.0.1/token", false),
            ("https://[::1]/token", false),
            ("https://169.254.169.254/token", false),
            ("https://localhost/token", false),
        ] {
            for own in ["https://id.example/token", "https://id.example/jwks"] {
                let text = WHOLE.replace(own, endpoint);
                let read = Description::read(text.as_bytes(), "https://id.example", &hosts);
                assert_eq!(read.is_ok(), allowed, "{endpoint} for {own}");
            }
        }
    }

    #[test]
    fn auth_11_an_issuer_with_a_path_describes_itself_below_it() {
        let address = Description::address("https://id.example/realm/").unwrap();
        let expected = "https://id.example/realm/.well-known/openid-configuration";
        assert_eq!(address.as_str(), expected);
    }
}
