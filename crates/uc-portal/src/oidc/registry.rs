//! The clients that a portal knows: the product's own, and those in a file that its operator wrote.

use std::{fs, io, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value};
use url::{Host, Url};

use super::{
    AssertionKey, Authentication, Client, DeviceGrant, Introspection, Policy, RedirectUri,
    SecretWay,
};
use crate::entropy::TokenHash;

/// Why a file of clients cannot be used. Each says the client where there is one.
#[derive(Debug, thiserror::Error)]
pub enum ClientsError {
    /// It cannot be read.
    #[error("cannot read the file of clients")]
    Unreadable(#[from] io::Error),
    /// Not TOML, or not of the shape that it should have; the source says line and key.
    #[error("the file of clients does not read")]
    Toml(#[from] toml::de::Error),
    /// An id that no request could name.
    #[error("the client id {0:?} is not 1 to 128 visible ASCII characters without a colon")]
    Id(String),
    /// Two clients of one id.
    #[error("the client {0} is there already")]
    Taken(String),
    /// A client that authenticates by a secret lacks one, or one that does not has one.
    #[error("the client {0} needs secret_sha256 just if it authenticates by a secret")]
    Secret(String),
    /// A client that signs lacks keys, or one that does not has some, or a key is of no kind that is taken.
    #[error(
        "the client {0} needs jwks of P-256 or Ed25519 public keys just if it authenticates by private_key_jwt"
    )]
    Keys(String),
    /// The hash of a secret is malformed.
    #[error("secret_sha256 of the client {0} is not 64 hexadecimal digits")]
    Hash(String),
    /// An address that codes or browsers must not go to.
    #[error("the client {client} names {uri}, which is no https address, or has a fragment")]
    Uri {
        /// Which client.
        client: String,
        /// The address.
        uri: String,
    },
    /// It would read tokens without anybody knowing that it is itself.
    #[error("the client {0} introspects tokens and has no secret")]
    Introspection(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    client: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: String,
    name: String,
    authentication: Method,
    secret_sha256: Option<String>,
    jwks: Option<KeySet>,
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    backchannel_logout_uri: Option<String>,
    #[serde(default = "required")]
    pushed_requests: Policy,
    #[serde(default = "optional")]
    proofs: Policy,
    #[serde(default)]
    introspection: Introspection,
    #[serde(default)]
    device_grant: DeviceGrant,
}

/// RFC 7517 §5.
#[derive(Clone, Deserialize)]
struct KeySet {
    keys: Vec<Map<String, Value>>,
}

/// As OpenID Connect Core §9 names them.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

const fn required() -> Policy {
    Policy::Required
}

const fn optional() -> Policy {
    Policy::Optional
}

impl Record {
    fn into_client(self) -> Result<Client, ClientsError> {
        if !is_id(&self.id) {
            return Err(ClientsError::Id(self.id));
        }
        let authentication = self.authentication()?;
        let is_public = authentication == Authentication::None;
        if is_public && self.introspection == Introspection::AllTokens {
            return Err(ClientsError::Introspection(self.id));
        }
        Ok(Client {
            redirect_uris: addresses(&self.id, self.redirect_uris)?,
            post_logout_redirect_uris: addresses(&self.id, self.post_logout_redirect_uris)?,
            backchannel_logout_uri: self
                .backchannel_logout_uri
                .map(|uri| reachable(&self.id, uri))
                .transpose()?,
            id: self.id,
            name: Some(self.name),
            authentication,
            pushed_requests: self.pushed_requests,
            proofs: self.proofs,
            introspection: self.introspection,
            device_grant: self.device_grant,
        })
    }

    fn authentication(&self) -> Result<Authentication, ClientsError> {
        match (self.authentication, &self.jwks) {
            (Method::PrivateKeyJwt, Some(jwks)) if self.secret_sha256.is_none() => {
                self.assertion(jwks)
            }
            (Method::PrivateKeyJwt, _) | (_, Some(_)) => Err(ClientsError::Keys(self.id.clone())),
            (_, None) => self.secret(),
        }
    }

    fn assertion(&self, jwks: &KeySet) -> Result<Authentication, ClientsError> {
        let keys: Option<Vec<_>> = jwks.keys.iter().cloned().map(AssertionKey::read).collect();
        keys.filter(|keys| !keys.is_empty())
            .map(Authentication::Assertion)
            .ok_or_else(|| ClientsError::Keys(self.id.clone()))
    }

    fn secret(&self) -> Result<Authentication, ClientsError> {
        let way = match (self.authentication, &self.secret_sha256) {
            (Method::None, None) => return Ok(Authentication::None),
            (Method::ClientSecretBasic, Some(hash)) => (SecretWay::Header, hash),
            (Method::ClientSecretPost, Some(hash)) => (SecretWay::Form, hash),
            (Method::None | Method::PrivateKeyJwt, Some(_))
            | (
                Method::ClientSecretBasic | Method::ClientSecretPost | Method::PrivateKeyJwt,
                None,
            ) => {
                return Err(ClientsError::Secret(self.id.clone()));
            }
        };
        let hash = TokenHash::parse_hex(way.1);
        Ok(Authentication::Secret {
            way: way.0,
            hash: hash.ok_or_else(|| ClientsError::Hash(self.id.clone()))?,
        })
    }
}

fn is_id(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b':')
}

fn addresses(client: &str, uris: Vec<String>) -> Result<Vec<RedirectUri>, ClientsError> {
    let check = |uri: String| match Url::parse(&uri) {
        Ok(url) if url.scheme() == "https" && url.fragment().is_none() => {
            Ok(RedirectUri::Exact(uri))
        }
        _ => Err(ClientsError::Uri {
            client: client.to_owned(),
            uri,
        }),
    };
    uris.into_iter().map(check).collect()
}

/// Where the portal itself calls: `https`, or `http` on this machine.
fn reachable(client: &str, uri: String) -> Result<String, ClientsError> {
    let local = |url: &Url| {
        url.scheme() == "http" && matches!(url.host(), Some(Host::Ipv4(host)) if host.is_loopback())
    };
    match Url::parse(&uri) {
        Ok(url) if url.fragment().is_none() && (url.scheme() == "https" || local(&url)) => Ok(uri),
        _ => Err(ClientsError::Uri {
            client: client.to_owned(),
            uri,
        }),
    }
}

/// The clients that the portal knows.
#[derive(Debug, Clone)]
pub struct Clients(Vec<Client>);

impl Clients {
    /// Those of the product.
    #[must_use]
    pub fn builtin() -> Self {
        Self(vec![Client::desktop()])
    }

    /// Those of the product and of the file.
    pub fn load(file: Option<&Path>) -> Result<Self, ClientsError> {
        match file {
            Some(path) => Self::read(&fs::read_to_string(path)?),
            None => Ok(Self::builtin()),
        }
    }

    fn read(text: &str) -> Result<Self, ClientsError> {
        let file: File = toml::from_str(text)?;
        let mut clients = Self::builtin();
        for record in file.client {
            let client = record.into_client()?;
            if clients.find(&client.id).is_some() {
                return Err(ClientsError::Taken(client.id));
            }
            clients.0.push(client);
        }
        Ok(clients)
    }

    /// A client by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Client> {
        self.0.iter().find(|client| client.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        [[client]]
        id = "cabinet"
        name = "Городской кабинет"
        authentication = "client_secret_basic"
        secret_sha256 = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
        redirect_uris = ["https://cabinet.example/callback"]
        introspection = "all_tokens"
    "#;

    #[test]
    fn a_client_of_the_file_pushes_its_requests_unless_it_says_otherwise() {
        let clients = Clients::read(WHOLE).unwrap();
        let cabinet = clients.find("cabinet").unwrap();
        assert_eq!(cabinet.pushed_requests, Policy::Required);
        assert!(cabinet.redirects_to("https://cabinet.example/callback"));
        assert!(!cabinet.redirects_to("https://cabinet.example/callback/"));
        assert!(clients.find(super::super::DESKTOP_CLIENT).is_some());
    }

    #[test]
    fn the_example_reads() {
        let clients = Clients::read(include_str!("../../clients.example.toml")).unwrap();
        let register = clients.find("housing-register").unwrap();
        assert!(register.introspects_tokens_of("city-cabinet"));
        assert!(!clients.find("tax-cabinet").unwrap().is_public());
        let cabinet = clients.find("city-cabinet").unwrap();
        assert!(!cabinet.introspects_tokens_of("housing-register"));
    }

    #[test]
    fn faults_of_a_file_are_named() {
        let hash =
            "secret_sha256 = \"00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\"";
        for (from, to, fault) in [
            ("\"cabinet\"", "\"\"", "client id"),
            ("\"cabinet\"", "\"a:b\"", "client id"),
            ("\"cabinet\"", "\"edinyi-klient-desktop\"", "there already"),
            (hash, "", "just if"),
            (hash, "secret_sha256 = \"0011\"", "64 hexadecimal"),
            ("\"client_secret_basic\"", "\"none\"", "just if"),
            ("\"client_secret_basic\"", "\"private_key_jwt\"", "jwks"),
            (hash, "jwks = { keys = [] }", "jwks"),
            ("https://cabinet", "http://cabinet", "no https address"),
            ("/callback\"", "/callback#x\"", "no https address"),
            ("name", "nome", "does not read"),
            (
                hash,
                "secret_sha256 = \"0\"\nbackchannel_logout_uri = \"http://a.example/\"",
                "64 hexadecimal",
            ),
            (
                "introspection = ",
                "backchannel_logout_uri = \"http://a.example/\"\nintrospection = ",
                "no https",
            ),
            ("all_tokens", "no_tokens", "does not read"),
        ] {
            let text = WHOLE.replace(from, to);
            assert_ne!(text, WHOLE, "{from}");
            let error = Clients::read(&text).unwrap_err().to_string();
            assert!(error.contains(fault), "{to}: {error}");
        }
        let public = WHOLE
            .replace(hash, "")
            .replace("client_secret_basic", "none");
        let error = Clients::read(&public).unwrap_err();
        assert!(matches!(error, ClientsError::Introspection(_)), "{error}");
    }
}
