//! The core's ports on real systems: clock, chance, TLS, keyring, files, browser, loopback, notifications.

mod browser;
mod clock;
mod entropy;
mod files;
mod harden;
mod keyring;
mod loopback;
mod notifier;
mod profile;
mod tls;

use std::sync::Arc;

use uc_core::{Config, Core, KdfParams, ports::Ports};

pub use self::{
    browser::SystemBrowser,
    clock::SystemClock,
    entropy::OsEntropy,
    files::ProfileFiles,
    harden::harden,
    keyring::OsKeyring,
    loopback::LoopbackPorts,
    notifier::DesktopNotifier,
    profile::{Profile, ProfileError, TrustedAuthority},
    tls::{RustlsHttp, TlsError},
};

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The profile cannot be used.
    #[error("profile cannot be used")]
    Profile(#[from] ProfileError),
    /// The authority that is to be trusted is none.
    #[error("trusted authority cannot be used")]
    Tls(#[from] TlsError),
    /// The core did not start.
    #[error("core did not start")]
    Core(#[from] uc_core::StartError),
}

/// Starts the core of a profile on this system.
pub async fn start(profile: Profile) -> Result<Arc<Core>, StartError> {
    let ports = ports(&profile)?;
    let config = Config {
        portal: profile.portal_config(),
        kdf: KdfParams::STANDARD,
    };
    Ok(Core::start(config, ports).await?)
}

fn ports(profile: &Profile) -> Result<Ports, StartError> {
    let files = ProfileFiles::open(&profile.folder).map_err(ProfileError::Folder)?;
    let clock = Arc::new(SystemClock::new());
    Ok(Ports {
        clock: clock.clone(),
        entropy: Arc::new(OsEntropy),
        http: Arc::new(RustlsHttp::new(profile.authority.as_ref())?),
        keyring: Arc::new(OsKeyring::start(profile.keyring_suffix())),
        browser: Arc::new(SystemBrowser),
        loopback: Arc::new(LoopbackPorts),
        notifier: Arc::new(DesktopNotifier::start()),
        files: Arc::new(files),
    })
}
