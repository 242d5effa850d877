//! Where a profile lies and which portal it talks to.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uc_core::PortalConfig;
use url::Url;

/// The folder's name in the system's data and configuration folders.
const FOLDER: &str = "edinyi-klient";
/// The configuration file.
const CONFIGURATION: &str = "portal.toml";
/// The client's id at every portal of ours.
const CLIENT_ID: &str = "edinyi-klient-desktop";

/// A profile: one person's data on this device, and the portal they belong to.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Where the data lie.
    pub folder: PathBuf,
    /// The portal's address: an https origin.
    pub portal: Url,
    /// The authority that alone is trusted for it; absent: the system's.
    pub authority: Option<TrustedAuthority>,
    /// The portal holds demo data.
    pub demo: bool,
    is_default: bool,
}

/// A certificate authority, as PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedAuthority {
    pem: Vec<u8>,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The system has no folder for a program's data.
    #[error("no folder for data")]
    NoFolder,
    /// The folder cannot be used: another process has it, or it cannot be written.
    #[error("folder cannot be used")]
    Folder(#[source] io::Error),
    /// The configuration cannot be read.
    #[error("configuration {path} cannot be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The configuration is not TOML of the expected shape.
    #[error("configuration {path} is malformed")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// The portal's address is not an https origin.
    #[error("portal address is not an https origin")]
    Address,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    portal: Option<String>,
    authority: Option<PathBuf>,
    #[serde(default)]
    demo: bool,
}

impl Profile {
    /// Reads `portal.toml` of the configuration folder (`portal`, `authority`, `demo`); `UC_PORTAL_URL`, `UC_PORTAL_CA`,
    /// `UC_PORTAL_DEMO` and `UC_PROFILE_DIR` come before it.
    pub fn from_env() -> Result<Self, ProfileError> {
        let configuration = Configuration::load()?;
        let chosen = env::var_os("UC_PROFILE_DIR").map(PathBuf::from);
        let is_default = chosen.is_none();
        let folder = match chosen {
            Some(folder) => folder,
            None => dirs::data_local_dir()
                .ok_or(ProfileError::NoFolder)?
                .join(FOLDER),
        };
        let address = env::var("UC_PORTAL_URL").ok().or(configuration.portal);
        let authority = env::var_os("UC_PORTAL_CA")
            .map(PathBuf::from)
            .or(configuration.authority);
        Ok(Self {
            folder,
            portal: origin(address.as_deref().unwrap_or(DEFAULT_PORTAL))?,
            authority: authority
                .as_deref()
                .map(TrustedAuthority::load)
                .transpose()?,
            demo: env::var_os("UC_PORTAL_DEMO").is_some() || configuration.demo,
            is_default,
        })
    }

    pub(crate) fn portal_config(&self) -> PortalConfig {
        PortalConfig {
            address: self.portal.clone(),
            client_id: CLIENT_ID.to_owned(),
            demo: self.demo,
            authority_fingerprint: self
                .authority
                .as_ref()
                .and_then(TrustedAuthority::fingerprint),
        }
    }

    /// Tells the keyring items of profiles in other folders from those of the usual one.
    pub(crate) fn keyring_suffix(&self) -> String {
        if self.is_default {
            return String::new();
        }
        let digest = Sha256::digest(self.folder.as_os_str().as_encoded_bytes());
        let short: String = digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("@{short}")
    }
}

/// Where the embedded portal listens.
const DEFAULT_PORTAL: &str = "https://127.0.0.1:8443";

fn origin(text: &str) -> Result<Url, ProfileError> {
    let address = Url::parse(text).map_err(|_| ProfileError::Address)?;
    let is_origin = address.scheme() == "https"
        && address.path() == "/"
        && address.query().is_none()
        && address.username().is_empty()
        && address.password().is_none();
    if is_origin {
        Ok(address)
    } else {
        Err(ProfileError::Address)
    }
}

impl Configuration {
    fn load() -> Result<Self, ProfileError> {
        let Some(folder) = dirs::config_dir() else {
            return Ok(Self::default());
        };
        let path = folder.join(FOLDER).join(CONFIGURATION);
        match fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|source| ProfileError::Malformed {
                path,
                source: Box::new(source),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ProfileError::Unreadable { path, source }),
        }
    }
}

impl TrustedAuthority {
    /// Reads a PEM file.
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        fs::read(path)
            .map(Self::from_pem)
            .map_err(|source| ProfileError::Unreadable {
                path: path.to_owned(),
                source,
            })
    }

    /// Takes PEM text.
    #[must_use]
    pub fn from_pem(pem: Vec<u8>) -> Self {
        Self { pem }
    }

    pub(crate) fn pem(&self) -> &[u8] {
        &self.pem
    }

    /// SHA-256 of the certificate, as colon-separated hex; `None` when the PEM holds none.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        let text = std::str::from_utf8(&self.pem).ok()?;
        let body = text
            .split("-----BEGIN CERTIFICATE-----")
            .nth(1)?
            .split("-----END")
            .next()?;
        let der = STANDARD
            .decode(body.split_whitespace().collect::<String>())
            .ok()?;
        let hex: Vec<_> = Sha256::digest(der)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        Some(hex.join(":"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nw_03_only_https_origins_are_portals() {
        for (text, good) in [
            ("https://127.0.0.1:8443", true),
            ("https://portal.example", true),
            ("http://127.0.0.1:8443", false),
            ("https://portal.example/path", false),
            ("https://user@portal.example", false),
            ("portal.example", false),
        ] {
            assert_eq!(origin(text).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn the_fingerprint_is_of_the_certificate_itself() {
        let authority = TrustedAuthority::from_pem(
            b"-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n".to_vec(),
        );
        let fingerprint = authority.fingerprint().unwrap();
        assert!(fingerprint.starts_with("BA:78:16:BF"), "{fingerprint}");
        assert_eq!(
            TrustedAuthority::from_pem(b"none".to_vec()).fingerprint(),
            None
        );
    }
}
