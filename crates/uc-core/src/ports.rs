//! What the core needs from the device. Object-safe, so that tests and platforms bring their own.

mod absent;

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use futures_util::{future::BoxFuture, stream::BoxStream};
use jiff::Timestamp;
use tokio::sync::oneshot;
use uc_model::{ApplicationId, Secret};
use url::Url;

pub use absent::{NoDepartures, NoSensor, Plenty};
pub use uc_auth::{TransportError as HttpError, loopback};
pub use uc_ipc::{Sensor, SensorFault};

/// The largest ordinary answer of a server, in bytes.
pub const ANSWER_BYTES: usize = 1 << 20;
/// The largest catalogue page, in bytes.
pub const CATALOGUE_BYTES: usize = 16 << 20;

/// A secret of any length, as the keyring stores it.
pub type SecretVec = Secret<Vec<u8>>;

/// All ports of one core.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// The network.
    pub http: Arc<dyn Http>,
    /// The system's keyring.
    pub keyring: Arc<dyn Keyring>,
    /// The system's browser.
    pub browser: Arc<dyn Browser>,
    /// The way back from the browser.
    pub loopback: Arc<dyn Loopback>,
    /// Notifications outside the window.
    pub notifier: Arc<dyn Notifier>,
    /// What the device knows its person by.
    pub biometrics: Arc<dyn Biometrics>,
    /// When the person leaves.
    pub departures: Arc<dyn Departures>,
    /// What network and battery have to spare.
    pub supplies: Arc<dyn Supplies>,
    /// The profile's folder.
    pub files: Arc<dyn Files>,
}

/// Time.
pub trait Clock: Send + Sync {
    /// The wall clock: for what people read and servers check. It may jump.
    fn now(&self) -> Timestamp;
    /// Time since the machine started, sleep included: for what must not be tricked by moving the wall clock.
    fn uptime(&self) -> Duration;
    /// Ends when `uptime` has grown by `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Chance.
pub trait Entropy: Send + Sync {
    /// Fills the bytes from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);
}

/// What a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest body, in bytes, after decompression.
    pub body_bytes: usize,
    /// The longest whole exchange.
    pub total: Duration,
}

impl Limits {
    /// For ordinary answers: 1 MiB, 30 seconds.
    pub const ANSWER: Self = Self {
        body_bytes: ANSWER_BYTES,
        total: Duration::from_secs(30),
    };
    /// For pages of the catalogue: 16 MiB, 30 seconds.
    pub const CATALOGUE: Self = Self {
        body_bytes: CATALOGUE_BYTES,
        total: Duration::from_secs(30),
    };
    /// For chunks of a file on their way out: 1 MiB, 60 seconds.
    pub const UPLOAD: Self = Self {
        body_bytes: ANSWER_BYTES,
        total: Duration::from_mins(1),
    };
}

/// The network. TLS only; redirects are answers, never followed.
pub trait Http: Send + Sync {
    /// Sends a request and reads the whole answer, whatever its status.
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>>;

    /// Sends a request and hands the answer's body over as it arrives. Its end is the connection's.
    fn open_stream(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, HttpError>>;

    /// Gives up the connections that are kept for later: tokens have passed through their buffers.
    fn disconnect(&self);
}

/// A body that arrives in pieces.
pub type ByteStream = BoxStream<'static, Result<Vec<u8>, HttpError>>;

/// What the keyring holds of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyringItem {
    /// The device's key.
    Device,
    /// The first session slot.
    Session0,
    /// The second session slot.
    Session1,
    /// Wrong passcodes in a row: the copy that does not lie among the files.
    Attempts,
    /// The device's own key.
    DeviceKey,
    /// The bundle's key as the sensor wraps it, on systems whose sensor keeps nothing itself.
    Sensor,
    /// What asks how much is new while the client is locked.
    Notify,
}

impl KeyringItem {
    /// Every item.
    pub const ALL: [Self; 7] = [
        Self::Device,
        Self::Session0,
        Self::Session1,
        Self::Attempts,
        Self::DeviceKey,
        Self::Sensor,
        Self::Notify,
    ];

    /// The name within the profile.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Session0 => "session.0",
            Self::Session1 => "session.1",
            Self::Attempts => "attempts",
            Self::DeviceKey => "device-key",
            Self::Sensor => "sensor",
            Self::Notify => "notify",
        }
    }
}

/// The system's keyring. Each call ends within 30 seconds.
pub trait Keyring: Send + Sync {
    /// Whether secrets can be kept: writes, reads back and deletes a probe.
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>>;
    /// Reads an item; `None` when it is not there.
    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>>;
    /// Writes an item over what was there. At most 1 KiB: some systems take no more.
    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>>;
    /// Deletes an item; one that is not there is deleted already.
    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>>;
}

/// Why the keyring did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no keyring, or it cannot be talked to.
    #[error("no keyring")]
    Missing,
    /// It is locked, and nobody unlocked it.
    #[error("keyring locked")]
    Locked,
    /// It did not answer within 30 seconds.
    #[error("keyring does not answer")]
    TimedOut,
    /// What it holds is not what was stored.
    #[error("keyring item damaged")]
    Damaged,
    /// It refused the item.
    #[error("keyring refused")]
    Refused,
}

/// What the device knows its person by. It does not answer yes or no: it releases a key or it does not, so that a
/// forged yes opens nothing.
pub trait Biometrics: Send + Sync {
    /// What there is, with somebody enrolled; `None` when it cannot be asked.
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>>;
    /// Whether a key is held. Some systems hold it for the life of the process alone.
    fn holds_key(&self) -> BoxFuture<'_, bool>;
    /// Holds a key, over what was held, so that only the enrolled person releases it. Some systems ask the person, with
    /// these words; none does for a key that is held already.
    fn keep(&self, key: SecretVec, words: &'static str) -> BoxFuture<'_, Result<(), SensorFault>>;
    /// Asks the person, with these words where the system shows any, and hands the key out. May take as long as the
    /// person does.
    fn release(&self, words: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>>;
    /// Forgets the key.
    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>>;
}

/// The system's word that the person leaves the machine.
pub trait Departures: Send + Sync {
    /// From now on. Ends where the system does not tell, or no longer.
    fn watch(&self) -> BoxStream<'static, Departure>;
}

/// The system's word on network and battery.
pub trait Supplies: Send + Sync {
    /// What is scarce now; nothing where the system does not tell.
    fn look(&self) -> BoxFuture<'_, Scarcity>;
}

/// What background work must spare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scarcity {
    /// The network costs by volume.
    pub metered: bool,
    /// The battery is nearly empty.
    pub low_battery: bool,
}

/// The machine is about to sleep, or its screen was locked. A sleep waits until this is dropped, for some seconds at most.
#[must_use]
pub struct Departure {
    _held: Option<Box<dyn Send>>,
}

impl Departure {
    /// One that nothing waits for.
    pub const fn immediate() -> Self {
        Self { _held: None }
    }

    /// One that waits until `held` is dropped.
    pub fn held(held: impl Send + 'static) -> Self {
        Self {
            _held: Some(Box::new(held)),
        }
    }
}

/// The system's browser.
pub trait Browser: Send + Sync {
    /// Shows an https page.
    fn open(&self, address: &Url) -> BoxFuture<'_, Result<(), NoBrowser>>;
}

/// No browser could be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no browser")]
pub struct NoBrowser;

/// The way back from the browser.
pub trait Loopback: Send + Sync {
    /// Listens on a free port of 127.0.0.1, and of `[::1]` where there is one, until the answer is dropped.
    fn listen(&self) -> BoxFuture<'_, Result<Box<dyn Callbacks>, NoLoopback>>;
}

/// A listening loopback port. Anything on the machine may talk to it.
pub trait Callbacks: Send {
    /// The port; both address families share it.
    fn port(&self) -> u16;
    /// The next well-formed `GET /callback`. Everything else is refused without being heard of.
    fn next(&mut self) -> BoxFuture<'_, Option<Callback>>;
}

/// A request to the callback path.
#[derive(Debug)]
pub struct Callback {
    /// The query, percent-encoded as it came. Hostile until its state was matched.
    pub query: String,
    /// Takes the page to answer with; dropped, the request is refused.
    pub answer: oneshot::Sender<AnswerPage>,
}

/// Fixed pages for the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerPage {
    /// The answer was taken: go back to the program.
    Taken,
    /// The answer belongs to no waiting sign-in.
    Refused,
}

/// No loopback port could be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no loopback port")]
pub struct NoLoopback;

/// A notification outside the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Heading.
    pub title: String,
    /// Text: one of the fixed phrases, no markup.
    pub body: String,
    /// What a click on it asks for.
    pub opens: Option<ApplicationId>,
}

/// Notifications outside the window.
pub trait Notifier: Send + Sync {
    /// Shows a notification soon; returns at once. Failures are the notifier's to log.
    fn show(&self, notification: Notification);
    /// The next click, with what the notification opens. `None` when no more will come.
    fn next_click(&self) -> BoxFuture<'_, Option<Option<ApplicationId>>>;
}

/// Small files of the profile, and its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileFile {
    /// Wrapped keys.
    KeyBundle,
    /// The bundle before the last change; gone after the next good unlock.
    PreviousKeyBundle,
    /// Wrong passcodes in a row.
    Attempts,
    /// How much a wipe would lose.
    AtStake,
    /// A wipe was begun.
    WipePending,
    /// Language, theme, text size.
    Appearance,
    /// Whether the portal is asked for news by itself.
    Upkeep,
    /// The encrypted store of personal data.
    Vault,
    /// Its write-ahead log.
    VaultWal,
    /// Its shared index.
    VaultShm,
    /// Its rollback journal.
    VaultJournal,
    /// A vault that is being made.
    NewVault,
    /// Its write-ahead log.
    NewVaultWal,
    /// Its shared index.
    NewVaultShm,
    /// Its rollback journal.
    NewVaultJournal,
    /// The encrypted store of the catalogue.
    Public,
    /// Its write-ahead log.
    PublicWal,
    /// Its shared index.
    PublicShm,
}

impl ProfileFile {
    /// What a sign-out wipes, keys before what they open. The catalogue's store is not personal, and its key goes.
    pub const PERSONAL: [Self; 12] = [
        Self::KeyBundle,
        Self::PreviousKeyBundle,
        Self::Attempts,
        Self::AtStake,
        Self::Vault,
        Self::VaultWal,
        Self::VaultShm,
        Self::VaultJournal,
        Self::NewVault,
        Self::NewVaultWal,
        Self::NewVaultShm,
        Self::NewVaultJournal,
    ];

    /// The name in the folder.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeyBundle => "bundle",
            Self::PreviousKeyBundle => "bundle.previous",
            Self::Attempts => "attempts",
            Self::AtStake => "at-stake.json",
            Self::WipePending => "wipe.pending",
            Self::Appearance => "appearance.json",
            Self::Upkeep => "upkeep.json",
            Self::Vault => "vault.db",
            Self::VaultWal => "vault.db-wal",
            Self::VaultShm => "vault.db-shm",
            Self::VaultJournal => "vault.db-journal",
            Self::NewVault => "vault.db.new",
            Self::NewVaultWal => "vault.db.new-wal",
            Self::NewVaultShm => "vault.db.new-shm",
            Self::NewVaultJournal => "vault.db.new-journal",
            Self::Public => "public.db",
            Self::PublicWal => "public.db-wal",
            Self::PublicShm => "public.db-shm",
        }
    }
}

/// The profile's folder, which belongs to this process alone.
pub trait Files: Send + Sync {
    /// Where a file lies.
    fn path(&self, file: ProfileFile) -> PathBuf;
    /// Reads a small file; `None` when it is not there.
    fn find(&self, file: ProfileFile) -> io::Result<Option<Vec<u8>>>;
    /// Replaces a small file as a whole, for its owner alone, and returns when that would outlast a power failure.
    fn replace(&self, file: ProfileFile, bytes: &[u8]) -> io::Result<()>;
    /// Overwrites a file, deletes it, and returns when that would outlast a power failure. Gone already is well.
    fn wipe(&self, file: ProfileFile) -> io::Result<()>;
    /// Deletes all that a folder of quarantined stores holds, and other leftovers of the person.
    fn wipe_quarantine(&self) -> io::Result<()>;
    /// An empty folder for this process alone, for a session that is not to outlast it.
    fn temporary(&self) -> io::Result<Arc<dyn Files>>;
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::ProfileFile;

    #[test]
    fn pr_05_a_wipe_names_every_file_that_the_vault_may_have() {
        let vault = Path::new(ProfileFile::Vault.as_str());
        let made = uc_store::database_files(vault);
        let wiped: BTreeSet<&str> = ProfileFile::PERSONAL.map(ProfileFile::as_str).into();
        let missing: Vec<_> = made
            .iter()
            .filter(|file| !file.to_str().is_some_and(|name| wiped.contains(name)))
            .collect();
        assert_eq!(made.len(), 8);
        assert_eq!(missing, Vec::<&std::path::PathBuf>::new());
    }
}
