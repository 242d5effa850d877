//! Where things lie, and which portal is talked to: from the environment, else from `portal.toml`.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use crate::files::{FilesError, ProfileFolder};

/// The folder's name in the system's folders.
const PRODUCT: &str = "edinyi-klient";
/// This client at the reference portal.
const CLIENT_ID: &str = "edinyi-klient-desktop";

/// What one profile is made of.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its folder.
    pub folder: PathBuf,
    /// The portal talked to.
    pub portal: PortalSettings,
}

/// The portal talked to.
#[derive(Debug, Clone)]
pub struct PortalSettings {
    /// Its address and issuer: an https origin.
    pub address: Url,
    /// The certificate authority that alone is trusted for it, in PEM; absent where the system's roots are.
    pub authority: Option<Vec<u8>>,
    /// This client's id there.
    pub client_id: String,
    /// It holds demo data.
    pub demo: bool,
}

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The system names no folder for data.
    #[error("no folder for data: set UC_PROFILE_DIR")]
    NoFolder,
    /// No portal is configured.
    #[error("no portal: set UC_PORTAL_URL or write portal.toml")]
    NoPortal,
    /// The portal's address is not an https origin.
    #[error("the portal's address is not an https origin")]
    Address,
    /// `portal.toml` does not say what it should.
    #[error("portal.toml cannot be read")]
    Toml(#[from] toml::de::Error),
    /// A file cannot be read.
    #[error("cannot read {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// `portal.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PortalFile {
    address: String,
    #[serde(default)]
    authority: Option<PathBuf>,
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default)]
    demo: bool,
}

impl Profile {
    /// Takes the folder, which one process has at a time.
    pub fn open(&self) -> Result<ProfileFolder, FilesError> {
        ProfileFolder::open(&self.folder)
    }

    /// Reads `UC_PROFILE_DIR`, `UC_PORTAL_URL`, `UC_PORTAL_CA` and `UC_PORTAL_DEMO`; what they leave open is in the
    /// system's folders for data and configuration.
    pub fn from_env() -> Result<Self, ProfileError> {
        let folder = match env::var_os("UC_PROFILE_DIR") {
            Some(folder) => folder.into(),
            None => dirs::data_local_dir()
                .ok_or(ProfileError::NoFolder)?
                .join(PRODUCT),
        };
        Ok(Self {
            folder,
            portal: portal_from_env()?,
        })
    }

    /// Whether it lies where profiles usually do.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        dirs::data_local_dir().is_some_and(|usual| self.folder == usual.join(PRODUCT))
    }

    /// Tells the folder apart from others: 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.folder.as_os_str().as_encoded_bytes());
        let (first, _) = digest.split_at(8);
        first
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }
}

impl PortalSettings {
    /// A portal, from its address and the file with its authority.
    pub fn new(address: &str, authority: Option<&Path>) -> Result<Self, ProfileError> {
        Ok(Self {
            address: parse_address(address)?,
            authority: authority.map(read).transpose()?,
            client_id: CLIENT_ID.to_owned(),
            demo: false,
        })
    }

    /// SHA-256 of the authority's certificate, as colon-separated hex.
    #[must_use]
    pub fn authority_fingerprint(&self) -> Option<String> {
        let pem = self.authority.as_ref()?;
        let certificate = CertificateDer::from_pem_slice(pem).ok()?;
        let digest = Sha256::digest(&certificate);
        let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        Some(hex.join(":"))
    }

    /// Whether the portal runs here: then no proxy is between.
    #[must_use]
    pub fn is_on_this_machine(&self) -> bool {
        match self.address.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

fn portal_from_env() -> Result<PortalSettings, ProfileError> {
    let Ok(address) = env::var("UC_PORTAL_URL") else {
        return portal_from_file();
    };
    let authority = env::var_os("UC_PORTAL_CA").map(PathBuf::from);
    let settings = PortalSettings::new(&address, authority.as_deref())?;
    Ok(PortalSettings {
        demo: env::var_os("UC_PORTAL_DEMO").is_some_and(|value| value == "1"),
        ..settings
    })
}

fn portal_from_file() -> Result<PortalSettings, ProfileError> {
    let folder = dirs::config_dir()
        .ok_or(ProfileError::NoPortal)?
        .join(PRODUCT);
    let path = folder.join("portal.toml");
    if !path.exists() {
        return Err(ProfileError::NoPortal);
    }
    let text = String::from_utf8_lossy(&read(&path)?).into_owned();
    parse_file(&text, &folder)
}

/// Paths in the file are relative to its folder.
fn parse_file(text: &str, folder: &Path) -> Result<PortalSettings, ProfileError> {
    let file: PortalFile = toml::from_str(text)?;
    let authority = file.authority.map(|path| folder.join(path));
    let settings = PortalSettings::new(&file.address, authority.as_deref())?;
    Ok(PortalSettings {
        client_id: file.client_id.unwrap_or(settings.client_id),
        demo: file.demo,
        ..settings
    })
}

fn parse_address(address: &str) -> Result<Url, ProfileError> {
    let url: Url = address.parse().map_err(|_| ProfileError::Address)?;
    let is_origin = url.scheme() == "https"
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_origin.then_some(url).ok_or(ProfileError::Address)
}

fn read(path: &Path) -> Result<Vec<u8>, ProfileError> {
    fs::read(path).map_err(|source| ProfileError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nw_03_only_https_origins_are_portals() {
        for (address, expected) in [
            ("https://127.0.0.1:8443", true),
            ("https://portal.example/", true),
            ("http://127.0.0.1:8443", false),
            ("https://portal.example/path", false),
            ("https://user@portal.example", false),
            ("https://portal.example?x", false),
            ("portal.example", false),
        ] {
            assert_eq!(
                PortalSettings::new(address, None).is_ok(),
                expected,
                "{address}"
            );
        }
    }

    #[test]
    fn a_portal_file_is_read() {
        let settings = parse_file(
            "address = \"https://localhost:1\"\ndemo = true",
            Path::new("."),
        )
        .expect("a portal");
        assert!(settings.demo && settings.is_on_this_machine());
        assert_eq!(settings.client_id, CLIENT_ID);
        assert!(parse_file("adress = \"https://localhost:1\"", Path::new(".")).is_err());
    }
}
