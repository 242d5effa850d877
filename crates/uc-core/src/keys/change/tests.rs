//! A change of passcode, cut after every write that it makes.

use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use rand::{SeedableRng as _, rngs::StdRng};
use uc_auth::lock::{Attempts, DeviceKey, KeyBundle, SessionSecrets};
use uc_model::Secret;

use super::super::*;
use crate::ports::NoSensor;

const OLD: &str = "480517";
const NEW: &str = "582917";

/// Keyring and folder that stop taking writes, as a process that was killed.
#[derive(Default)]
struct Disk(Mutex<State>);

#[derive(Default)]
struct State {
    items: HashMap<KeyringItem, Vec<u8>>,
    files: HashMap<ProfileFile, Vec<u8>>,
    /// Writes until the process is killed; `None` for never.
    left: Option<u32>,
}

impl Disk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kill_after(&self, writes: Option<u32>) {
        self.state().left = writes;
    }

    fn write(&self, act: impl FnOnce(&mut State)) -> bool {
        let mut state = self.state();
        match &mut state.left {
            Some(0) => return false,
            Some(left) => *left -= 1,
            None => {}
        }
        act(&mut state);
        true
    }

    fn write_item(&self, act: impl FnOnce(&mut State)) -> Result<(), KeyringError> {
        self.write(act).then_some(()).ok_or(KeyringError::Missing)
    }

    fn write_file(&self, act: impl FnOnce(&mut State)) -> io::Result<()> {
        self.write(act)
            .then_some(())
            .ok_or_else(|| io::ErrorKind::StorageFull.into())
    }
}

type SecretVec = Secret<Vec<u8>>;

impl Keyring for Disk {
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
        async { Ok(()) }.boxed()
    }

    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
        async move { Ok(self.state().items.get(&item).cloned().map(Secret::new)) }.boxed()
    }

    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.write_item(|state| {
                state.items.insert(item, secret.expose().clone());
            })
        }
        .boxed()
    }

    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.write_item(|state| {
                state.items.remove(&item);
            })
        }
        .boxed()
    }
}

impl Files for Disk {
    fn path(&self, file: ProfileFile) -> PathBuf {
        file.as_str().into()
    }

    fn find(&self, file: ProfileFile) -> io::Result<Option<Vec<u8>>> {
        Ok(self.state().files.get(&file).cloned())
    }

    fn replace(&self, file: ProfileFile, bytes: &[u8]) -> io::Result<()> {
        self.write_file(|state| {
            state.files.insert(file, bytes.to_vec());
        })
    }

    fn wipe(&self, file: ProfileFile) -> io::Result<()> {
        self.write_file(|state| {
            state.files.remove(&file);
        })
    }

    fn wipe_quarantine(&self) -> io::Result<()> {
        Ok(())
    }

    fn temporary(&self) -> io::Result<Arc<dyn Files>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// The keys of a process that starts on what the one before left.
fn started(disk: &Arc<Disk>, device: &DeviceKey) -> Keys {
    disk.kill_after(None);
    Keys {
        keyring: Arc::clone(disk) as Arc<dyn Keyring>,
        files: Arc::clone(disk) as Arc<dyn Files>,
        biometrics: Arc::new(NoSensor),
        refusals: AtomicU8::new(0),
        status: KeyringStatus::Available,
        device: Mutex::new(device.clone()),
        attempts: Mutex::new(Attempts::default()),
        lost_a_vault: false,
        writer: AsyncMutex::new(()),
        trying: AsyncMutex::new(()),
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

fn cheap() -> KdfParams {
    KdfParams::new(8, 1).expect("cheap costs, for tests")
}

fn session() -> SessionSecrets {
    SessionSecrets {
        refresh_token: secret("a refresh token"),
        proof_key: None,
        ends_at: None,
    }
}

/// A profile with a vault, open.
async fn entered(device: &DeviceKey, rng: &mut StdRng) -> (Arc<Disk>, Keys, OpenKeys) {
    let disk = Arc::new(Disk::default());
    let keys = started(&disk, device);
    let bundle = KeyBundle::generate("subject".to_owned(), "Анна", rng);
    let open = keys
        .create(secret(OLD), cheap(), bundle, session(), rng)
        .await;
    keys.keep_first(&open, rng).await.expect("keys");
    (disk, keys, open)
}

/// The passcode opens keys and session; what it opened can be kept on with, and opens again.
async fn opens(keys: &Keys, passcode: &str, rng: &mut StdRng) -> bool {
    let Ok(mut open) = keys.unlock(secret(passcode)).await else {
        return false;
    };
    assert_eq!(open.sessions.len(), 1, "the session was lost");
    let renewed = keys.switch_session(&mut open, session(), rng).await;
    renewed.expect("what was opened is the bundle in use");
    keys.unlock(secret(passcode)).await.is_ok()
}

/// Changes, is killed after so many writes, and starts again; whether the change was acknowledged, and the keys then.
async fn cut_after(writes: u32, device: &DeviceKey, rng: &mut StdRng) -> (bool, Keys) {
    let (disk, keys, mut open) = entered(device, rng).await;
    disk.kill_after(Some(writes));
    let changed = keys
        .change_passcode(&mut open, secret(NEW), cheap(), rng)
        .await;
    (changed.is_ok(), started(&disk, device))
}

#[tokio::test]
async fn lk_08_a_change_cut_at_any_write_leaves_one_passcode_that_opens_all() {
    let mut rng = StdRng::seed_from_u64(8);
    let device = DeviceKey::generate(&mut rng);
    let (mut acknowledged, mut switched) = (0, 0);
    for writes in 0..=5 {
        for (first, second) in [(OLD, NEW), (NEW, OLD)] {
            let (changed, keys) = cut_after(writes, &device, &mut rng).await;
            let (by_first, by_second) = (
                opens(&keys, first, &mut rng).await,
                opens(&keys, second, &mut rng).await,
            );
            assert!(by_first || by_second, "after {writes} writes nothing opens");
            assert!(!(by_first && by_second), "after {writes} writes both open");
            if changed {
                acknowledged += 1;
                assert!(opens(&keys, NEW, &mut rng).await, "told done, and was not");
            }
            switched += u32::from(opens(&keys, NEW, &mut rng).await);
        }
    }
    assert_eq!(acknowledged, 2, "the last round is not cut");
    assert!((3..12).contains(&switched), "{switched}: no cut mattered");
}

#[tokio::test]
async fn lk_08_only_the_passcode_in_use_is_verified() {
    let mut rng = StdRng::seed_from_u64(9);
    let device = DeviceKey::generate(&mut rng);
    let (_, keys, mut open) = entered(&device, &mut rng).await;
    assert!(keys.verify(secret(OLD)).await.expect("a bundle"));
    assert!(!keys.verify(secret(NEW)).await.expect("a bundle"));
    keys.change_passcode(&mut open, secret(NEW), cheap(), &mut rng)
        .await
        .expect("changed");
    assert!(!keys.verify(secret(OLD)).await.expect("a bundle"));
    assert!(keys.verify(secret(NEW)).await.expect("a bundle"));
    assert!(open.bundle().vault_key.expose() != &[0; 32]);
}
