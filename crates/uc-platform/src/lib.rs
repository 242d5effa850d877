//! The core's ports on real systems: clock, chance, TLS, keyring, sensor, departures, browser, loopback port, notifications, files.
//!
//! Everything specific to a platform that is not Tauri's is here and nowhere else.

mod biometrics;
mod browser;
mod clock;
mod departures;
mod entropy;
mod files;
mod harden;
pub mod http;
mod keyring;
mod loopback;
mod notifier;
mod profile;
mod supplies;
#[cfg(target_os = "linux")]
mod system_bus;

use std::sync::Arc;

use uc_core::{
    Config, Core, PortalConfig,
    ports::{Biometrics, Ports},
};

#[cfg(target_os = "linux")]
pub use biometrics::Polkit;
pub use biometrics::{Prompt, PromptedSensor, of_biometric_prompt as biometric_prompt_fault};
pub use browser::SystemBrowser;
pub use clock::SystemClock;
#[cfg(target_os = "linux")]
pub use departures::Logind;
pub use entropy::OsEntropy;
pub use files::{FilesError, ProfileFolder};
pub use harden::harden;
pub use http::RustlsHttp;
pub use keyring::OsKeyring;
pub use loopback::LoopbackPort;
pub use notifier::DesktopNotifier;
pub use profile::{PortalSettings, Profile, ProfileError};
#[cfg(target_os = "linux")]
pub use supplies::LinuxSupplies;

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The profile's folder cannot be used.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The network cannot be set up.
    #[error(transparent)]
    Http(#[from] http::SetUpError),
    /// The core does not start.
    #[error(transparent)]
    Core(#[from] uc_core::StartError),
}

/// Starts the core on this system.
#[cfg(not(target_os = "android"))]
pub async fn start(profile: Profile) -> Result<Arc<Core>, StartError> {
    let files = profile.open()?;
    let biometrics = sensor_of_this_system(&profile);
    start_with(profile, files, biometrics).await
}

/// The sensor that this system has, if any.
#[cfg(not(target_os = "android"))]
#[must_use]
pub fn sensor_of_this_system(profile: &Profile) -> Arc<dyn Biometrics> {
    biometrics::of_this_system(&profile.folder)
}

/// Starts the core on this system in a profile that was opened, with a sensor that the caller knows how to ask.
pub async fn start_with(
    profile: Profile,
    files: ProfileFolder,
    biometrics: Arc<dyn Biometrics>,
) -> Result<Arc<Core>, StartError> {
    let portal = profile.portal;
    let http = RustlsHttp::new(&portal)?;
    let ports = Ports {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        http: Arc::new(http),
        keyring: Arc::new(OsKeyring::new(&profile.folder)),
        browser: Arc::new(SystemBrowser),
        loopback: Arc::new(LoopbackPort),
        notifier: Arc::new(DesktopNotifier::start()),
        biometrics,
        departures: departures::of_this_system(),
        supplies: supplies::of_this_system(),
        files: Arc::new(files),
    };
    let config = Config {
        portal: PortalConfig {
            authority_fingerprint: portal.authority_fingerprint(),
            address: portal.address,
            client_id: portal.client_id,
            demo: portal.demo,
        },
        kdf: uc_auth::lock::KdfParams::STANDARD,
    };
    Ok(Core::start(config, ports).await?)
}
