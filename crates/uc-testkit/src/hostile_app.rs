//! An app whose portal is a [`HostileOp`]: what is stored after an attempt, and whether the next one works.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use uc_auth::{Transport as _, lock::KdfParams};
use uc_core::{
    Config, Core, PortalConfig,
    ports::{
        Browser, ByteStream, Callback, Callbacks, Clock, Http, HttpError, KeyringItem, Limits,
        Loopback, NoBrowser, NoDepartures, NoLoopback, Plenty, Ports,
    },
};
use uc_ipc::{
    Commands as _, IpcError, OpenSession, PasscodeEntry, Phase, Session, SetPasscode, SignIn,
    SyncNow,
};
use uc_platform::ProfileFolder;
use url::Url;

use crate::{
    HostileOp, ManualClock, MemoryKeyring, MemorySensor, PASSCODE, RecordingNotifier,
    SeededEntropy,
    hostile_op::{CLIENT_ID, ISSUER},
};

/// What the device keeps of a session: keyring items and the key bundle.
pub type Kept = BTreeMap<&'static str, Vec<u8>>;

/// An app with somebody at work in it.
pub struct HostileApp {
    /// The provider.
    pub op: HostileOp,
    /// The app's time.
    pub clock: ManualClock,
    core: Arc<Core>,
    keyring: MemoryKeyring,
    folder: TempDir,
}

impl HostileApp {
    /// An app whose clock and provider show `now`; the person signed in once and set [`PASSCODE`].
    ///
    /// # Panics
    ///
    /// When the good sign-in fails.
    pub async fn enter(now: Timestamp) -> Self {
        let (op, clock) = (HostileOp::new(now), ManualClock::new(now));
        let (keyring, folder) = (
            MemoryKeyring::default(),
            tempfile::tempdir().expect("a folder"),
        );
        let way_back = WayBack::default();
        let ports = Ports {
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(1)),
            http: Arc::new(Wire(op.clone())),
            keyring: Arc::new(keyring.clone()),
            browser: Arc::new(AgreeingBrowser(op.clone(), way_back.clone())),
            loopback: Arc::new(way_back),
            notifier: Arc::new(RecordingNotifier::default()),
            biometrics: Arc::new(MemorySensor::default()),
            departures: Arc::new(NoDepartures),
            supplies: Arc::new(Plenty),
            files: Arc::new(
                ProfileFolder::open(&folder.path().join("profile")).expect("a profile"),
            ),
        };
        let core = Core::start(config(), ports).await.expect("a core");
        let app = Self {
            op,
            clock,
            core,
            keyring,
            folder,
        };
        app.sign_in().await.expect("signed in");
        let passcode = PasscodeEntry::new(PASSCODE.to_owned());
        let entered = app.core.set_passcode(SetPasscode { passcode }).await;
        entered.expect("a passcode");
        app
    }

    /// The core.
    #[must_use]
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Signs in again.
    pub async fn sign_in(&self) -> Result<Session, IpcError> {
        self.core.sign_in(SignIn {}).await
    }

    /// Asks the portal for news.
    ///
    /// # Panics
    ///
    /// While the app is locked.
    pub async fn sync(&self) -> Session {
        self.core.sync_now(SyncNow {}).await.expect("a session")
    }

    /// Time passes on both sides until the access token is too old.
    pub fn outlive_access_token(&self) {
        self.clock.advance(Duration::from_mins(5));
        self.op.set_now(Clock::now(&self.clock));
    }

    /// Whether the session has ended.
    ///
    /// # Panics
    ///
    /// When the core fails.
    pub async fn needs_sign_in(&self) -> bool {
        let session = self.core.open_session(OpenSession {}).await;
        matches!(
            session.expect("a session").phase,
            Phase::Open {
                sign_in_needed: true,
                ..
            }
        )
    }

    /// What the device keeps of the session.
    #[must_use]
    pub fn kept(&self) -> Kept {
        let slots = [KeyringItem::Session0, KeyringItem::Session1]
            .into_iter()
            .filter_map(|item| Some((item.as_str(), self.keyring.item(item)?)));
        let bundle = std::fs::read(self.folder.path().join("profile").join("bundle"));
        slots
            .chain(bundle.ok().map(|bytes| ("bundle", bytes)))
            .collect()
    }
}

fn config() -> Config {
    Config {
        portal: PortalConfig {
            address: ISSUER.parse().expect("an address"),
            client_id: CLIENT_ID.to_owned(),
            demo: false,
            authority_fingerprint: None,
        },
        kdf: KdfParams::new(8, 1).expect("cheap costs, for tests"),
    }
}

/// The provider is all that this network leads to; there is no portal behind it.
struct Wire(HostileOp);

impl Http for Wire {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        _: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        self.0.send(request)
    }

    fn open_stream(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, HttpError>> {
        async move {
            let response = self.0.send(request).await?;
            Ok(response.map(|_| stream::empty().boxed()))
        }
        .boxed()
    }

    fn disconnect(&self) {}
}

/// The way from the browser to the sign-in that waits.
#[derive(Clone, Default)]
struct WayBack(Arc<Mutex<Option<mpsc::UnboundedSender<Callback>>>>);

/// Brings back at once what the provider is told to answer.
struct AgreeingBrowser(HostileOp, WayBack);

impl Browser for AgreeingBrowser {
    fn open(&self, address: &Url) -> BoxFuture<'_, Result<(), NoBrowser>> {
        let sender = self
            .1
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let sender = sender.expect("somebody listens");
        for query in self.0.returns(address) {
            let (answer, _) = oneshot::channel();
            // Who has stopped listening needs no answer.
            let _ = sender.send(Callback { query, answer });
        }
        async { Ok(()) }.boxed()
    }
}

impl Loopback for WayBack {
    fn listen(&self) -> BoxFuture<'_, Result<Box<dyn Callbacks>, NoLoopback>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        async { Ok(Box::new(Listening(receiver)) as Box<dyn Callbacks>) }.boxed()
    }
}

struct Listening(mpsc::UnboundedReceiver<Callback>);

impl Callbacks for Listening {
    fn port(&self) -> u16 {
        4711
    }

    fn next(&mut self) -> BoxFuture<'_, Option<Callback>> {
        self.0.recv().boxed()
    }
}
