//! A core with real files, real TLS and a keyring of files.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result};
use clap::Args;
use uc_auth::lock::KdfParams;
use uc_core::{
    Config, Core, PortalConfig,
    ports::{NoDepartures, Plenty, Ports},
};
use uc_platform::{
    LoopbackPort, OsEntropy, PortalSettings, ProfileFolder, RustlsHttp, SystemClock,
};
use uc_testkit::{MemorySensor, Person, RecordingNotifier, WalkingBrowser};

use crate::{fault_point::FaultPoints, file_keyring::FileKeyring, ports::Killing};

/// Where a client lives and what it talks to.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Holds profile and keyring
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// The portal's address
    #[arg(long)]
    pub(crate) portal: String,
    /// The portal's authority, in PEM
    #[arg(long)]
    pub(crate) authority: PathBuf,
}

impl Place {
    /// The profile's folder.
    pub(crate) fn profile(&self) -> PathBuf {
        self.folder.join("profile")
    }

    /// The keyring's folder.
    pub(crate) fn keyring(&self) -> PathBuf {
        self.folder.join("keyring")
    }
}

/// What happens to a client.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fate {
    /// Where it may end.
    pub(crate) points: FaultPoints,
    /// Whether it has the planted bug.
    pub(crate) torn: bool,
}

/// Starts a core.
pub(crate) async fn start(place: &Place, fate: &Fate) -> Result<Arc<Core>> {
    let settings = settings(&place.portal, &place.authority)?;
    let files = ProfileFolder::open(&place.profile()).context("the profile")?;
    // Fails when it was set before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = RustlsHttp::new(&settings).context("TLS")?;
    let browser = RustlsHttp::new(&settings).context("TLS")?;
    let ports = Ports {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        http: Arc::new(fate.around(http)),
        keyring: Arc::new(fate.around(FileKeyring::new(&place.keyring()))),
        browser: Arc::new(WalkingBrowser::new(Arc::new(browser), Person::anna())),
        loopback: Arc::new(LoopbackPort),
        notifier: Arc::new(RecordingNotifier::default()),
        biometrics: Arc::new(MemorySensor::default()),
        departures: Arc::new(NoDepartures),
        supplies: Arc::new(Plenty),
        files: Arc::new(fate.around(files)),
    };
    Core::start(config(&settings)?, ports)
        .await
        .context("the core")
}

impl Fate {
    fn around<P>(&self, inner: P) -> Killing<P> {
        Killing {
            inner,
            points: self.points.clone(),
            torn: self.torn,
        }
    }
}

fn settings(portal: &str, authority: &Path) -> Result<PortalSettings> {
    let mut settings = PortalSettings::new(portal, Some(authority))?;
    settings.demo = true;
    Ok(settings)
}

fn config(settings: &PortalSettings) -> Result<Config> {
    Ok(Config {
        portal: PortalConfig {
            address: settings.address.clone(),
            client_id: settings.client_id.clone(),
            demo: settings.demo,
            authority_fingerprint: settings.authority_fingerprint(),
        },
        kdf: KdfParams::new(8, 1).context("cheap costs")?,
    })
}
