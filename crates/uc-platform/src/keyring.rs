//! The system's keyring, on a thread of its own: some keyrings ask the person, some never answer.

use std::{sync::mpsc, thread, time::Duration};

use futures_util::future::BoxFuture;
use keyring_core::{Entry, Error};
use tokio::{sync::oneshot, time::timeout};
use uc_core::ports::{Keyring, KeyringError, KeyringItem, SecretVec};
use uc_model::Secret;

/// The name under which people find our items in their keyring.
const SERVICE: &str = "edinyi-klient";
/// How long a keyring may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is written and read back to learn whether the keyring works.
const PROBE: &[u8] = b"probe";

type Job = Box<dyn FnOnce() + Send>;

/// The system's keyring: Keychain, Credential Manager, Secret Service, Keystore.
#[derive(Debug)]
pub struct OsKeyring {
    jobs: mpsc::Sender<Job>,
    suffix: String,
}

impl OsKeyring {
    /// Starts the thread. `suffix` tells profiles of one user apart.
    #[must_use]
    pub fn start(suffix: String) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        thread::spawn(move || queue.into_iter().for_each(|job| job()));
        Self { jobs, suffix }
    }

    /// Runs `work` on the keyring's thread, for as long as [`PATIENCE`] lasts.
    fn run<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, KeyringError>> {
        let user = format!("{name}{}", self.suffix);
        let (answer, result) = oneshot::channel();
        let job = Box::new(move || {
            let outcome = entry(&user).and_then(|entry| work(&entry));
            // Nobody waits any more after a time-out.
            let _ = answer.send(outcome.map_err(|error| kind(&error)));
        });
        let sent = self.jobs.send(job);
        Box::pin(async move {
            sent.map_err(|_| KeyringError::Missing)?;
            match timeout(PATIENCE, result).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(_)) => Err(KeyringError::Missing),
                Err(_) => Err(KeyringError::TimedOut),
            }
        })
    }
}

impl Keyring for OsKeyring {
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
        let probed = self.run("probe", |entry| {
            entry.set_secret(PROBE)?;
            let read = entry.get_secret()?;
            entry.delete_credential()?;
            Ok(read)
        });
        Box::pin(async move {
            if probed.await? == PROBE {
                Ok(())
            } else {
                Err(KeyringError::Damaged)
            }
        })
    }

    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
        self.run(item.as_str(), |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>> {
        self.run(item.as_str(), move |entry| {
            entry.set_secret(secret.expose())
        })
    }

    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
        self.run(item.as_str(), |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

/// The item in the system's store. On Windows it must not roam to other machines.
fn entry(user: &str) -> keyring_core::Result<Entry> {
    choose_store()?;
    #[cfg(target_os = "windows")]
    return Entry::new_with_modifiers(SERVICE, user, &[("persistence", "Local")].into());
    #[cfg(not(target_os = "windows"))]
    Entry::new(SERVICE, user)
}

#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
fn choose_store() -> keyring_core::Result<()> {
    // The status is made once for the process; its error cannot be cloned.
    keyring::Entry::store_status()
        .as_ref()
        .map(|()| ())
        .map_err(|_| Error::NoDefaultStore)
}

#[cfg(target_os = "android")]
fn choose_store() -> keyring_core::Result<()> {
    if keyring_core::get_default_store().is_none() {
        keyring_core::set_default_store(android_native_keyring_store::Store::new()?);
    }
    Ok(())
}

#[cfg(target_os = "ios")]
fn choose_store() -> keyring_core::Result<()> {
    if keyring_core::get_default_store().is_none() {
        keyring_core::set_default_store(apple_native_keyring_store::protected::Store::new()?);
    }
    Ok(())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library's enum is open")]
fn kind(error: &Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(_) => KeyringError::Locked,
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => KeyringError::Missing,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            KeyringError::Damaged
        }
        Error::TooLong(..) | Error::Invalid(..) => KeyringError::Refused,
        _ => KeyringError::Missing,
    }
}
