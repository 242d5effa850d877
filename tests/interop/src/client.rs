//! Our core beside anybody's provider: real TLS, real stores, a clock by hand, and a person at the browser.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{FutureExt as _, future::BoxFuture};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use uc_auth::lock::KdfParams;
use uc_core::{
    Config, Core, PortalConfig,
    ports::{Browser, Http, NoBrowser, NoDepartures, Plenty, Ports},
};
use uc_ipc::{Commands as _, IpcError, PasscodeEntry, Session, SetPasscode, SignIn, Unlock};
use uc_platform::{LoopbackPort, PortalSettings, ProfileFolder, RustlsHttp};
use uc_testkit::{
    ManualClock, MemoryKeyring, MemorySensor, Network, PASSCODE, RecordingNotifier, SeededEntropy,
};
use url::Url;

use crate::{
    Result,
    forms::Answers,
    walk::{Lost, Walker},
};

/// The core, and what is around it.
pub struct OurClient {
    /// The network between.
    pub network: Network,
    /// Who sits at the browser.
    pub browser: PersonAtBrowser,
    clock: ManualClock,
    keyring: MemoryKeyring,
    settings: PortalSettings,
    core: Option<Arc<Core>>,
    starts: u64,
    folder: TempDir,
}

impl OurClient {
    /// A fresh profile for the provider of `settings`.
    ///
    /// # Panics
    ///
    /// When there is no folder to be had.
    pub async fn start(
        settings: PortalSettings,
        clock: ManualClock,
        answers: Answers,
    ) -> Result<Self> {
        // Fails when another test of the process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http: Arc<dyn Http> =
            Arc::new(RustlsHttp::new(&settings).map_err(uc_platform::StartError::from)?);
        let mut client = Self {
            network: Network::new(Arc::clone(&http)),
            browser: PersonAtBrowser::new(http, answers),
            clock,
            keyring: MemoryKeyring::default(),
            settings,
            core: None,
            starts: 0,
            folder: tempfile::tempdir()?,
        };
        client.launch().await?;
        Ok(client)
    }

    /// The core.
    ///
    /// # Panics
    ///
    /// When the last start failed.
    #[must_use]
    pub fn core(&self) -> &Arc<Core> {
        self.core.as_ref().expect("the client runs")
    }

    /// Signs in.
    pub async fn sign_in(&self) -> std::result::Result<Session, IpcError> {
        self.core().sign_in(SignIn {}).await
    }

    /// Signs in and sets a passcode.
    pub async fn enter(&self) -> std::result::Result<Session, IpcError> {
        self.sign_in().await?;
        let passcode = PasscodeEntry::new(PASSCODE.to_owned());
        self.core().set_passcode(SetPasscode { passcode }).await
    }

    /// Ends the core.
    pub async fn stop(&mut self) {
        if let Some(core) = self.core.take() {
            core.stop().await;
        }
    }

    /// Starts the core with the same folder and keyring, and unlocks.
    pub async fn start_again(&mut self) -> Result<std::result::Result<Session, IpcError>> {
        self.launch().await?;
        let passcode = PasscodeEntry::new(PASSCODE.to_owned());
        Ok(self.core().unlock(Unlock::Passcode { passcode }).await)
    }

    async fn launch(&mut self) -> Result<()> {
        self.starts += 1;
        let profile = self.folder.path().join("profile");
        let ports = Ports {
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SeededEntropy::new(self.starts)),
            http: Arc::new(self.network.clone()),
            keyring: Arc::new(self.keyring.clone()),
            browser: Arc::new(self.browser.clone()),
            loopback: Arc::new(LoopbackPort),
            notifier: Arc::new(RecordingNotifier::default()),
            biometrics: Arc::new(MemorySensor::default()),
            departures: Arc::new(NoDepartures),
            supplies: Arc::new(Plenty),
            files: Arc::new(ProfileFolder::open(&profile).map_err(uc_platform::StartError::from)?),
        };
        let core = Core::start(self.config(), ports).await;
        self.core = Some(core.map_err(uc_platform::StartError::from)?);
        Ok(())
    }

    fn config(&self) -> Config {
        Config {
            portal: PortalConfig {
                address: self.settings.address.clone(),
                client_id: self.settings.client_id.clone(),
                demo: false,
                authority_fingerprint: self.settings.authority_fingerprint(),
            },
            kdf: KdfParams::new(8, 1).expect("cheap costs, for tests"),
        }
    }
}

/// The system's browser with a person in front of it. Every page is opened by a browser without memory.
#[derive(Clone)]
pub struct PersonAtBrowser {
    http: Arc<dyn Http>,
    answers: Answers,
    lost: Arc<Mutex<Option<Lost>>>,
}

impl PersonAtBrowser {
    fn new(http: Arc<dyn Http>, answers: Answers) -> Self {
        Self {
            http,
            answers,
            lost: Arc::default(),
        }
    }

    /// Why the last trip did not come back, if it did not.
    #[must_use]
    pub fn lost(&self) -> Option<Lost> {
        self.lost
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Browser for PersonAtBrowser {
    fn open(&self, address: &Url) -> BoxFuture<'_, std::result::Result<(), NoBrowser>> {
        let (this, address) = (self.clone(), address.clone());
        async move {
            tokio::spawn(async move {
                let mut walker = Walker::new(Arc::clone(&this.http));
                match walker.walk(address, &this.answers, "http://").await {
                    Ok(home) => come_back(&home).await,
                    Err(lost) => {
                        *this.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(lost);
                    }
                }
            });
            Ok(())
        }
        .boxed()
    }
}

/// The browser's last request, to the waiting app.
async fn come_back(address: &Url) {
    let (Some(host), Some(port)) = (address.host_str(), address.port()) else {
        return;
    };
    let Ok(mut stream) = TcpStream::connect((host, port)).await else {
        return;
    };
    let target = &address[url::Position::BeforePath..url::Position::AfterQuery];
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    // Whoever has gone needs no answer.
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = stream.read_to_end(&mut Vec::new()).await;
}
