//! The system's keyring, on a thread of its own: it may ask the person, and never answer.

use std::{
    collections::HashMap,
    fmt::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use keyring_core::Entry;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use uc_core::ports::{Keyring, KeyringError, KeyringItem, SecretVec};
use uc_model::Secret;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The name that people see in their keyring.
const SERVICE: &str = "edinyi-klient";
const PROBE: &str = "probe";

type Job = Box<dyn FnOnce() + Send>;

/// The system's keyring: Keychain, Credential Manager, Secret Service; on phones the app's own.
#[derive(Debug)]
pub struct OsKeyring {
    profile: String,
    jobs: mpsc::Sender<Job>,
    /// An earlier call has not come back: the thread is taken.
    stuck: Arc<AtomicBool>,
}

impl OsKeyring {
    /// The keyring for the profile in this folder.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::spawn(move || queue.into_iter().for_each(|job| job()));
        Self {
            profile: profile_name(folder),
            jobs,
            stuck: Arc::default(),
        }
    }

    fn call<T: Send + 'static>(
        &self,
        item: &'static str,
        work: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, KeyringError>> {
        let user = format!("{}/{item}", self.profile);
        self.run(move || work(&entry(&user)?).map_err(|error| read_error(&error)))
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, KeyringError>> {
        let (answer, answered) = oneshot::channel();
        let stuck = Arc::clone(&self.stuck);
        let job = move || {
            // Nobody may be waiting any more.
            let _ = answer.send(work());
            stuck.store(false, Ordering::Release);
        };
        async move {
            if self.stuck.load(Ordering::Acquire) {
                return Err(KeyringError::TimedOut);
            }
            self.jobs
                .send(Box::new(job))
                .map_err(|_| KeyringError::Missing)?;
            match tokio::time::timeout(PATIENCE, answered).await {
                Ok(Ok(result)) => result,
                Ok(Err(_)) => Err(KeyringError::Missing),
                Err(_) => {
                    self.stuck.store(true, Ordering::Release);
                    Err(KeyringError::TimedOut)
                }
            }
        }
        .boxed()
    }
}

impl Keyring for OsKeyring {
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
        self.call(PROBE, |entry| {
            entry.set_secret(PROBE.as_bytes())?;
            let found = entry.get_secret()?;
            entry.delete_credential()?;
            if found == PROBE.as_bytes() {
                Ok(())
            } else {
                Err(keyring_core::Error::BadStoreFormat(String::new()))
            }
        })
    }

    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
        self.call(item.as_str(), |entry| match entry.get_secret() {
            Ok(secret) => Ok(Some(Secret::new(secret))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>> {
        self.call(item.as_str(), move |entry| {
            entry.set_secret(secret.expose())
        })
    }

    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
        self.call(item.as_str(), |entry| match entry.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

/// Tells the profiles of one person apart without naming their folders.
pub(crate) fn profile_name(folder: &Path) -> String {
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let (start, _) = digest.split_at(8);
    start
        .iter()
        .fold(String::with_capacity(16), |mut name, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
}

fn entry(user: &str) -> Result<Entry, KeyringError> {
    choose_store()?;
    Entry::new_with_modifiers(SERVICE, user, &modifiers()).map_err(|error| read_error(&error))
}

/// The system's own store, chosen once.
#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
fn choose_store() -> Result<(), KeyringError> {
    match keyring::Entry::store_status() {
        Ok(()) => Ok(()),
        Err(error) => Err(read_error(error)),
    }
}

/// The system's own store for this app alone.
#[cfg(any(target_os = "android", target_os = "ios"))]
fn choose_store() -> Result<(), KeyringError> {
    #[cfg(target_os = "android")]
    use android_native_keyring_store::Store;
    #[cfg(target_os = "ios")]
    use apple_native_keyring_store::protected::Store;
    if keyring_core::get_default_store().is_none() {
        let store = Store::new().map_err(|error| read_error(&error))?;
        keyring_core::set_default_store(store);
    }
    Ok(())
}

/// Items of this machine must not roam to others.
fn modifiers() -> HashMap<&'static str, &'static str> {
    if cfg!(windows) {
        HashMap::from([("persistence", "Local")])
    } else {
        HashMap::new()
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "keyring-core leaves the enum open"
)]
fn read_error(error: &keyring_core::Error) -> KeyringError {
    use keyring_core::Error as E;
    match error {
        E::NoStorageAccess(_) => KeyringError::Locked,
        E::BadEncoding(_) | E::BadDataFormat(..) | E::BadStoreFormat(_) | E::Ambiguous(_) => {
            KeyringError::Damaged
        }
        E::TooLong(..) | E::Invalid(..) | E::NotSupportedByStore(_) => KeyringError::Refused,
        _ => KeyringError::Missing,
    }
}

#[cfg(test)]
mod tests;
