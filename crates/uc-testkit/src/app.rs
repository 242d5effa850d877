//! The core with a real portal beside it: real TLS, real stores, a clock by hand, and a person at the browser.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;
use tempfile::TempDir;
use uc_auth::lock::KdfParams;
use uc_core::{
    Config, Core, PortalConfig,
    ports::{Http, Ports},
};
use uc_ipc::{
    Commands as _, IpcError, OpenSession, PasscodeEntry, Phase, Session, SetPasscode, SignIn,
    Unlock,
};
use uc_platform::{LoopbackPort, PortalSettings, ProfileFolder, RustlsHttp};
use uc_portal::{RunningPortal, Times};

use crate::{
    ManualClock, MemoryDepartures, MemoryKeyring, MemorySensor, MemorySupplies, SeededEntropy,
    browser::{Person, WalkingBrowser},
    network::Network,
    notifier::RecordingNotifier,
};

/// When every test begins.
const BEGIN: &str = "2026-11-23T09:00:00Z";
/// A passcode that keeps the rules.
pub const PASSCODE: &str = "480517";

/// An app with its portal. Both end with it.
pub struct TestApp {
    /// Time of app and portal.
    pub clock: ManualClock,
    /// What outlasts the app beside its folder.
    pub keyring: MemoryKeyring,
    /// What knows the person.
    pub sensor: MemorySensor,
    /// What tells when the person leaves.
    pub departures: MemoryDepartures,
    /// Its network and battery.
    pub supplies: MemorySupplies,
    /// Who sits at the browser.
    pub browser: WalkingBrowser,
    /// What is between app and portal.
    pub network: Network,
    /// What was shown outside the window.
    pub notifier: RecordingNotifier,
    settings: PortalSettings,
    portal: Option<RunningPortal>,
    core: Option<Arc<Core>>,
    starts: u64,
    folder: TempDir,
}

impl TestApp {
    /// A fresh portal with demo data and a fresh profile.
    pub async fn start() -> Self {
        Self::start_with(MemoryKeyring::default()).await
    }

    /// The same, with a keyring that was prepared.
    ///
    /// # Panics
    ///
    /// When portal or app do not start.
    pub async fn start_with(keyring: MemoryKeyring) -> Self {
        Self::start_through(keyring, |way| way).await
    }

    /// The same, with something in the way from app to portal; the person's browser has a way of its own.
    ///
    /// # Panics
    ///
    /// When portal or app do not start.
    pub async fn start_through(
        keyring: MemoryKeyring,
        lay: impl FnOnce(Arc<dyn Http>) -> Arc<dyn Http>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = ManualClock::new(BEGIN.parse().expect("an instant"));
        let portal = spawn_portal(&folder, &clock).await;
        let mut settings =
            PortalSettings::new(portal.issuer(), Some(portal.ca_path())).expect("settings");
        settings.demo = true;
        // Fails when another test of the process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Arc::new(RustlsHttp::new(&settings).expect("TLS"));
        let browser = WalkingBrowser::new(http.clone(), Person::anna());
        let mut app = Self::assemble(folder, clock, keyring, settings, browser, lay(http));
        app.portal = Some(portal);
        app.launch().await;
        app
    }

    /// Another device of the same person, with a profile, a keyring and a network of its own. The portal stays with the first.
    ///
    /// # Panics
    ///
    /// When the app does not start.
    pub async fn another_device(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let http = Arc::new(RustlsHttp::new(&self.settings).expect("TLS"));
        let browser = WalkingBrowser::new(http.clone(), Person::anna());
        let (clock, settings) = (self.clock.clone(), self.settings.clone());
        let keyring = MemoryKeyring::default();
        let mut app = Self::assemble(folder, clock, keyring, settings, browser, http);
        // Chance of its own.
        app.starts = self.starts + 1000;
        app.launch().await;
        app
    }

    fn assemble(
        folder: TempDir,
        clock: ManualClock,
        keyring: MemoryKeyring,
        settings: PortalSettings,
        browser: WalkingBrowser,
        http: Arc<dyn Http>,
    ) -> Self {
        Self {
            browser,
            network: Network::new(http),
            notifier: RecordingNotifier::default(),
            clock,
            keyring,
            sensor: MemorySensor::default(),
            departures: MemoryDepartures::default(),
            supplies: MemorySupplies::default(),
            settings,
            portal: None,
            core: None,
            starts: 0,
            folder,
        }
    }

    /// The core.
    ///
    /// # Panics
    ///
    /// While the app is stopped.
    #[must_use]
    pub fn core(&self) -> &Arc<Core> {
        self.core.as_ref().expect("the app runs")
    }

    /// The portal.
    ///
    /// # Panics
    ///
    /// While it is stopped.
    #[must_use]
    pub fn portal(&self) -> &RunningPortal {
        self.portal.as_ref().expect("the portal runs")
    }

    /// The profile's folder.
    #[must_use]
    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// The demo citizen signs in and sets [`PASSCODE`].
    ///
    /// # Panics
    ///
    /// When that does not succeed.
    pub async fn enter(&self) -> Session {
        self.sign_in().await.expect("signed in");
        self.set_passcode(PASSCODE).await.expect("a passcode")
    }

    /// Signs in.
    pub async fn sign_in(&self) -> Result<Session, IpcError> {
        self.core().sign_in(SignIn {}).await
    }

    /// Sets the first passcode.
    pub async fn set_passcode(&self, passcode: &str) -> Result<Session, IpcError> {
        let passcode = PasscodeEntry::new(passcode.to_owned());
        self.core().set_passcode(SetPasscode { passcode }).await
    }

    /// Unlocks.
    pub async fn unlock(&self, passcode: &str) -> Result<Session, IpcError> {
        let passcode = PasscodeEntry::new(passcode.to_owned());
        self.core().unlock(Unlock::Passcode { passcode }).await
    }

    /// Whether the app, which is open, asks for a new sign-in.
    ///
    /// # Panics
    ///
    /// When the app does not answer.
    pub async fn needs_sign_in(&self) -> bool {
        let session = self.core().open_session(OpenSession {}).await;
        let phase = session.expect("a session").phase;
        matches!(
            phase,
            Phase::Open {
                sign_in_needed: true,
                ..
            }
        )
    }

    /// Ends the app and starts it again, with the same folder and keyring.
    pub async fn restart(&mut self) {
        self.stop_app().await;
        self.launch().await;
    }

    /// Ends the app.
    pub async fn stop_app(&mut self) {
        if let Some(core) = self.core.take() {
            core.stop().await;
        }
    }

    /// Starts the app.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn launch(&mut self) {
        self.starts += 1;
        let folder = ProfileFolder::open(&self.profile()).expect("a profile");
        let ports = Ports {
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SeededEntropy::new(self.starts)),
            http: Arc::new(self.network.clone()),
            keyring: Arc::new(self.keyring.clone()),
            browser: Arc::new(self.browser.clone()),
            loopback: Arc::new(LoopbackPort),
            notifier: Arc::new(self.notifier.clone()),
            biometrics: Arc::new(self.sensor.clone()),
            departures: Arc::new(self.departures.clone()),
            supplies: Arc::new(self.supplies.clone()),
            files: Arc::new(folder),
        };
        self.core = Some(Core::start(self.config(), ports).await.expect("a core"));
    }

    /// Ends the portal.
    pub async fn stop_portal(&mut self) {
        if let Some(portal) = self.portal.take() {
            portal.stop().await;
        }
    }

    /// Starts the portal again, at the same address and with the same data.
    pub async fn start_portal(&mut self) {
        self.portal = Some(spawn_portal(&self.folder, &self.clock).await);
    }

    fn config(&self) -> Config {
        Config {
            portal: PortalConfig {
                address: self.settings.address.clone(),
                client_id: self.settings.client_id.clone(),
                demo: self.settings.demo,
                authority_fingerprint: self.settings.authority_fingerprint(),
            },
            kdf: KdfParams::new(8, 1).expect("cheap costs, for tests"),
        }
    }
}

async fn spawn_portal(folder: &TempDir, clock: &ManualClock) -> RunningPortal {
    let data = folder.path().join("portal");
    let times = Times::Given(Arc::new(clock.clone()));
    uc_portal::spawn(uc_portal::Config::demo(data, times))
        .await
        .expect("a portal")
}

/// The beginning of every test.
///
/// # Panics
///
/// Never: it is a constant.
#[must_use]
pub fn begin() -> Timestamp {
    BEGIN.parse().expect("an instant")
}
