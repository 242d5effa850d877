//! The identity providers that the portal's operator named in a file.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use uc_model::SecretString;
use url::Url;

use super::{Esia, SetUpError};
use crate::{accounts::Trust, journal::Word, oidc::SecretWay, words::TwoLanguages};

/// Why a file of identity providers cannot be used. Each says the provider where there is one.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    /// It cannot be read.
    #[error("cannot read the file of identity providers")]
    Unreadable(#[from] io::Error),
    /// Not TOML, or not of the shape that it should have; the source says line and key.
    #[error("the file of identity providers does not read")]
    Toml(#[from] toml::de::Error),
    /// An id that does not fit into an address.
    #[error("the provider id {0:?} is not 1 to 64 ASCII letters, digits and hyphens")]
    Id(String),
    /// Two providers of one id or of one issuer.
    #[error("the provider {0} or its issuer is there already")]
    Taken(String),
    /// An issuer that none can be.
    #[error(
        "the issuer of the provider {0} is no https address, or has a query, fragment or password"
    )]
    Issuer(String),
    /// A provider of ЕСИА's shape that cannot be one.
    #[error(
        "the provider {0} needs an https address that ends with a slash, an EC key of P-256 in PEM, and a set of JWK"
    )]
    Esia(String),
    /// A file beside it cannot be read, or is empty.
    #[error("the provider {provider} names {}, which cannot be read or is empty", .file.display())]
    File {
        /// Which provider.
        provider: String,
        /// The file.
        file: PathBuf,
    },
    /// No requests.
    #[error("requests to the provider {provider} cannot be set up")]
    Channel {
        /// Which provider.
        provider: String,
        /// Why.
        #[source]
        source: SetUpError,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    identity_provider: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    id: String,
    issuer: String,
    client_id: String,
    authentication: Method,
    secret_file: PathBuf,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    name: TwoLanguages,
    trust: Trust,
    authority: Option<PathBuf>,
    /// Of a provider that describes itself nowhere.
    address: Option<Url>,
    keys_file: Option<PathBuf>,
    certificate_hash: Option<String>,
}

/// As OpenID Connect Core §9 names them, and ЕСИА's.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    ClientSecretBasic,
    ClientSecretPost,
    Esia,
}

/// How the portal proves there that it is the client.
#[derive(Debug, Clone)]
pub enum ClientProof {
    /// By a secret.
    Secret {
        /// Where in a request it stands.
        way: SecretWay,
        /// The secret.
        secret: SecretString,
    },
    /// By signatures of ЕСИА's shape, at a provider of ЕСИА's shape.
    Esia(Box<Esia>),
}

/// An identity provider as the portal's operator describes it.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// What addresses of pages and the journal call it.
    pub id: Word,
    /// Its issuer, compared to the letter.
    pub issuer: String,
    /// The portal's id there.
    pub client_id: String,
    /// How the portal proves there that it is that.
    pub proof: ClientProof,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Where its description may send the portal beside the issuer's own host.
    pub hosts: Vec<String>,
    /// What people know it as.
    pub name: TwoLanguages,
    /// How far its sign-ins are trusted.
    pub trust: Trust,
    /// The only authority that is trusted for it, in PEM; absent for those of the system.
    pub authority: Option<Vec<u8>>,
}

impl ProviderSettings {
    /// What is asked for.
    pub(super) fn scope(&self) -> String {
        let asked = std::iter::once("openid").chain(self.scopes.iter().map(String::as_str));
        asked.collect::<Vec<_>>().join(" ")
    }
}

/// Reads the file. What it names beside it is looked for in its folder.
pub(super) fn load(file: &Path) -> Result<Vec<ProviderSettings>, ProvidersError> {
    let folder = file.parent().unwrap_or(Path::new(""));
    read(&fs::read_to_string(file)?, folder)
}

fn read(text: &str, folder: &Path) -> Result<Vec<ProviderSettings>, ProvidersError> {
    let file: File = toml::from_str(text)?;
    let mut providers: Vec<ProviderSettings> = Vec::new();
    for record in file.identity_provider {
        let provider = record.into_settings(folder)?;
        let taken = providers
            .iter()
            .any(|other| other.id == provider.id || other.issuer == provider.issuer);
        if taken {
            return Err(ProvidersError::Taken(provider.id.into()));
        }
        providers.push(provider);
    }
    Ok(providers)
}

impl Record {
    fn into_settings(self, folder: &Path) -> Result<ProviderSettings, ProvidersError> {
        let id = read_id(self.id)?;
        // ЕСИА's own is a word that tokens hold, `http://esia.gosuslugi.ru/`, and no address.
        if !matches!(self.authentication, Method::Esia) && !is_issuer(&self.issuer) {
            return Err(ProvidersError::Issuer(id.into()));
        }
        let authority = self
            .authority
            .map(|file| beside(folder, &file, &id))
            .transpose()?;
        let secret = beside(folder, &self.secret_file, &id)?;
        let proof = match self.authentication {
            Method::ClientSecretBasic => by_secret(SecretWay::Header, &secret),
            Method::ClientSecretPost => by_secret(SecretWay::Form, &secret),
            Method::Esia => {
                let keys = self.keys_file.unwrap_or_default();
                let keys = beside(folder, &keys, &id)?;
                let esia = self
                    .address
                    .and_then(|address| Esia::at(&address, &secret, &keys, self.certificate_hash));
                let esia = esia.ok_or_else(|| ProvidersError::Esia(id.as_str().to_owned()))?;
                ClientProof::Esia(Box::new(esia))
            }
        };
        Ok(ProviderSettings {
            proof,
            authority: authority.map(String::into_bytes),
            issuer: self.issuer,
            client_id: self.client_id,
            scopes: self.scopes,
            hosts: self.hosts,
            name: self.name,
            trust: self.trust,
            id,
        })
    }
}

fn by_secret(way: SecretWay, secret: &str) -> ClientProof {
    ClientProof::Secret {
        way,
        secret: secret.trim_end().to_owned().into(),
    }
}

/// A dot would let an address lead elsewhere.
fn read_id(id: String) -> Result<Word, ProvidersError> {
    let plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match Word::try_from(id.clone()) {
        Ok(word) if plain => Ok(word),
        Ok(_) | Err(_) => Err(ProvidersError::Id(id)),
    }
}

fn is_issuer(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        url.scheme() == "https"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

fn beside(folder: &Path, file: &Path, provider: &Word) -> Result<String, ProvidersError> {
    let file = folder.join(file);
    match fs::read_to_string(&file) {
        Ok(text) if !text.trim().is_empty() => Ok(text),
        Ok(_) | Err(_) => Err(ProvidersError::File {
            provider: provider.as_str().to_owned(),
            file,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../identity-providers.example.toml");

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("region.secret"), "a secret\n").unwrap();
        folder
    }

    #[test]
    fn auth_11_the_example_reads() {
        let folder = folder();
        let providers = read(EXAMPLE, folder.path()).unwrap();
        let [region] = providers.as_slice() else {
            panic!("one provider");
        };
        let ClientProof::Secret { secret, .. } = &region.proof else {
            panic!("a secret");
        };
        assert_eq!(secret.expose(), "a secret");
        assert_eq!(region.trust, Trust::OneFactor);
    }

    #[test]
    fn auth_11_faults_of_a_file_are_named() {
        let folder = folder();
        for (from, to, fault) in [
            ("id = \"region\"", "id = \"..\"", "provider id"),
            ("id = \"region\"", "id = \"a/b\"", "provider id"),
            ("https://id", "http://id", "no https address"),
            (
                "https://id.region.example",
                "https://a:b@id.example",
                "password",
            ),
            (
                "https://id.region.example",
                "https://id.example?a",
                "no https address",
            ),
            (
                "region.secret",
                "other.secret",
                "cannot be read or is empty",
            ),
            ("trust = \"one", "trust = \"no", "does not read"),
            ("client_id", "client", "does not read"),
        ] {
            let text = EXAMPLE.replacen(from, to, 1);
            assert_ne!(text, EXAMPLE, "{from}");
            let error = read(&text, folder.path()).unwrap_err().to_string();
            assert!(error.contains(fault), "{to}: {error}");
        }
        let twice = format!("{EXAMPLE}{}", EXAMPLE.replace("\"region\"", "\"other\""));
        let error = read(&twice, folder.path()).unwrap_err();
        assert!(matches!(error, ProvidersError::Taken(_)), "{error}");
    }
}
