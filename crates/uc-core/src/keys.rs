//! Keys of the profile: which there are, where they lie, and in which order they change.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU8},
    time::Duration,
};

use rand::CryptoRng;
use tokio::sync::Mutex as AsyncMutex;
use uc_auth::lock::{
    Attempts, BundleHeader, DeviceKey, KdfParams, KeyBundle, KeyEncryptionKey, SessionSecrets,
    Slot, open_bundle, open_session, seal_bundle, seal_session,
};
use uc_ipc::KeyringStatus;
use uc_model::{Secret, SecretString};
use uc_store::{VaultKey, VaultMark};
use uuid::Uuid;

use crate::{
    core::PortRng,
    ports::{
        Biometrics, Files, Keyring, KeyringError, KeyringItem, Ports, ProfileFile, SensorFault,
    },
};

mod change;
mod device_key;
mod notify;
mod sensor;
mod temporary;

/// Binds keys to this kind of profile.
const PROFILE: &str = "citizen";
/// Where the bundle lies: the newest first.
const BUNDLES: [ProfileFile; 2] = [ProfileFile::KeyBundle, ProfileFile::PreviousKeyBundle];

/// Keys of the profile.
pub(crate) struct Keys {
    keyring: Arc<dyn Keyring>,
    files: Arc<dyn Files>,
    biometrics: Arc<dyn Biometrics>,
    /// How often in a row the sensor did not know the person.
    refusals: AtomicU8,
    status: KeyringStatus,
    device: Mutex<DeviceKey>,
    attempts: Mutex<Attempts>,
    lost_a_vault: bool,
    /// Held while bundle and slots change, so that a refresh and a wipe do not mix.
    writer: AsyncMutex<()>,
    /// Held while a passcode is tried: one after the other.
    pub(crate) trying: AsyncMutex<()>,
}

/// What a passcode opened. Wiped from memory on drop.
pub(crate) struct OpenKeys {
    kek: KeyEncryptionKey,
    header: BundleHeader,
    bundle: KeyBundle,
    /// Sessions that may be alive, the likeliest first.
    sessions: Vec<SessionSecrets>,
}

/// Why keys cannot be changed or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    /// The keyring did not do it.
    #[error("keyring failed")]
    Keyring(#[from] KeyringError),
    /// The folder did not do it.
    #[error("profile folder failed")]
    Files(#[from] io::Error),
    /// The passcode opens nothing.
    #[error("wrong passcode")]
    WrongPasscode,
    /// The session does not fit into a slot.
    #[error("session too long to keep")]
    TooLong,
    /// The sensor did not do it.
    #[error("sensor failed")]
    Sensor(#[from] SensorFault),
    /// There is no bundle, or it is no bundle.
    #[error("key bundle unreadable")]
    NoBundle,
}

impl OpenKeys {
    /// The keys of the vault, its life and its mark.
    pub(crate) const fn bundle(&self) -> &KeyBundle {
        &self.bundle
    }

    /// The vault's key, as its store takes it.
    pub(crate) fn vault_key(&self) -> VaultKey {
        VaultKey {
            key: self.bundle.vault_key.clone(),
            salt: self.bundle.vault_salt,
        }
    }

    /// The least that the vault must be.
    pub(crate) const fn vault_mark(&self) -> VaultMark {
        VaultMark {
            generation: Uuid::from_bytes(self.bundle.generation),
            high_water: self.bundle.outbox_mark,
        }
    }

    /// The session to try next.
    pub(crate) fn likeliest_session(&self) -> Option<SessionSecrets> {
        self.sessions.first().cloned()
    }

    /// The portal refused this token: it is not tried again.
    pub(crate) fn drop_session(&mut self, refused: &SecretString) {
        self.sessions
            .retain(|session| session.refresh_token.expose() != refused.expose());
    }
}

impl Keys {
    /// Finds out what the device can keep, finishes a wipe that was cut, and loads or makes the device's key.
    pub(crate) async fn open(ports: &Ports) -> Result<Self, io::Error> {
        match Self::open_kept(ports).await {
            Ok(keys) => Ok(keys),
            Err(KeysError::Files(error)) => Err(error),
            Err(error) => {
                tracing::warn!(%error, "no keyring: nothing will be kept");
                Self::open_temporary(ports)
            }
        }
    }

    async fn open_kept(ports: &Ports) -> Result<Self, KeysError> {
        ports.keyring.probe().await?;
        if ports.files.find(ProfileFile::WipePending)?.is_some() {
            // What the sensor may still hold opens nothing: its bundle goes.
            wipe_everything(&*ports.keyring, &*ports.files).await?;
        }
        let (device, lost_a_vault) = match ports.keyring.find(KeyringItem::Device).await? {
            Some(bytes) => match DeviceKey::parse(bytes.expose()) {
                Ok(device) => (device, false),
                Err(_) => replace_device_key(ports).await?,
            },
            None => replace_device_key(ports).await?,
        };
        let attempts = load_attempts(&*ports.keyring, &*ports.files).await?;
        Ok(Self {
            keyring: Arc::clone(&ports.keyring),
            files: Arc::clone(&ports.files),
            biometrics: Arc::clone(&ports.biometrics),
            refusals: AtomicU8::new(0),
            status: KeyringStatus::Available,
            device: Mutex::new(device),
            attempts: Mutex::new(attempts),
            lost_a_vault,
            writer: AsyncMutex::new(()),
            trying: AsyncMutex::new(()),
        })
    }

    /// Keys in memory, files in a folder that goes with the process.
    fn open_temporary(ports: &Ports) -> Result<Self, io::Error> {
        Ok(Self {
            keyring: Arc::new(temporary::MemoryKeyring::default()),
            files: ports.files.temporary()?,
            biometrics: Arc::clone(&ports.biometrics),
            refusals: AtomicU8::new(0),
            status: KeyringStatus::SessionOnly,
            device: Mutex::new(DeviceKey::generate(&mut PortRng(&*ports.entropy))),
            attempts: Mutex::new(Attempts::default()),
            lost_a_vault: false,
            writer: AsyncMutex::new(()),
            trying: AsyncMutex::new(()),
        })
    }

    /// Whether sessions are kept.
    pub(crate) const fn status(&self) -> KeyringStatus {
        self.status
    }

    /// The device's key was gone, and a vault with it.
    pub(crate) const fn lost_a_vault(&self) -> bool {
        self.lost_a_vault
    }

    /// The folder in use.
    pub(crate) fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// The device's key.
    pub(crate) fn device(&self) -> DeviceKey {
        self.device
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Wrong passcodes in a row.
    pub(crate) fn attempts(&self) -> Attempts {
        *self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A passcode was set before.
    pub(crate) fn has_bundle(&self) -> bool {
        BUNDLES
            .iter()
            .any(|file| matches!(self.files.find(*file), Ok(Some(_))))
    }

    /// Counts a try before it is checked, in both places.
    pub(crate) async fn count_attempt(&self, uptime: Duration) -> Result<Attempts, KeysError> {
        let counted = self.attempts().counted(uptime);
        self.keep_attempts(counted).await?;
        Ok(counted)
    }

    /// Takes a counted try back: nothing was there to try it on.
    pub(crate) async fn take_back(&self, before: Attempts) -> Result<(), KeysError> {
        self.keep_attempts(before).await
    }

    /// Forgets wrong passcodes after a right one.
    pub(crate) async fn forget_attempts(&self) -> Result<(), KeysError> {
        self.keep_attempts(Attempts::default()).await
    }

    async fn keep_attempts(&self, attempts: Attempts) -> Result<(), KeysError> {
        *self.attempts.lock().unwrap_or_else(PoisonError::into_inner) = attempts;
        let bytes = attempts.to_bytes();
        self.files.replace(ProfileFile::Attempts, &bytes)?;
        self.keyring
            .store(KeyringItem::Attempts, Secret::new(bytes.to_vec()))
            .await?;
        Ok(())
    }

    /// Makes keys for a person's first passcode. Nothing is kept yet.
    pub(crate) async fn create(
        &self,
        passcode: SecretString,
        params: KdfParams,
        bundle: KeyBundle,
        session: SessionSecrets,
        rng: &mut impl CryptoRng,
    ) -> OpenKeys {
        let header = BundleHeader::generate(params, rng);
        let kek = self.stretch(passcode, header).await;
        OpenKeys {
            kek,
            header,
            bundle,
            sessions: vec![session],
        }
    }

    /// Keeps new keys with their session, whose vault is on disk already: who is cut before the bundle is written has
    /// signed in to nothing, and a bundle without its vault always means a loss. Nothing older survives.
    pub(crate) async fn keep_first(
        &self,
        keys: &OpenKeys,
        rng: &mut impl CryptoRng,
    ) -> Result<(), KeysError> {
        let _writing = self.writer.lock().await;
        for session in &keys.sessions {
            self.store_session(keys, keys.bundle.slot, session, rng)
                .await?;
        }
        self.files.wipe(ProfileFile::PreviousKeyBundle)?;
        self.files.replace(
            ProfileFile::KeyBundle,
            &seal_bundle(&keys.bundle, keys.header, &keys.kek, rng),
        )?;
        self.keyring.delete(item(keys.bundle.slot.other())).await?;
        self.forget_attempts().await
    }

    /// Opens the bundle, or the one before it where the last change was cut.
    pub(crate) async fn unlock(&self, passcode: SecretString) -> Result<OpenKeys, KeysError> {
        let mut stretched: Option<(BundleHeader, KeyEncryptionKey)> = None;
        let mut found = false;
        for file in BUNDLES {
            let Some(bytes) = self.files.find(file)? else {
                continue;
            };
            let Ok(header) = BundleHeader::parse(&bytes) else {
                continue;
            };
            found = true;
            let kek = match stretched.take() {
                Some((known, kek)) if known == header => kek,
                Some(_) | None => self.stretch(passcode.clone(), header).await,
            };
            if let Some(keys) = self.open_file(file, &bytes, header, &kek).await? {
                return Ok(keys);
            }
            stretched = Some((header, kek));
        }
        Err(if found {
            KeysError::WrongPasscode
        } else {
            KeysError::NoBundle
        })
    }

    /// Opens a bundle and what it names; `None` when the key is another's.
    async fn open_file(
        &self,
        file: ProfileFile,
        bytes: &[u8],
        header: BundleHeader,
        kek: &KeyEncryptionKey,
    ) -> Result<Option<OpenKeys>, KeysError> {
        let Ok(bundle) = open_bundle(bytes, kek) else {
            return Ok(None);
        };
        self.settle(file, bytes)?;
        let sessions = self.load_sessions(&bundle, kek).await?;
        Ok(Some(OpenKeys {
            kek: kek.clone(),
            header,
            bundle,
            sessions,
        }))
    }

    /// The bundle that opened is the only one from now on.
    fn settle(&self, opened: ProfileFile, bytes: &[u8]) -> Result<(), KeysError> {
        if opened == ProfileFile::PreviousKeyBundle {
            self.files.replace(ProfileFile::KeyBundle, bytes)?;
        }
        if let Err(error) = self.files.wipe(ProfileFile::PreviousKeyBundle) {
            // One that stays is only one that is tried in vain.
            tracing::warn!(%error, "the bundle before the last change stays");
        }
        Ok(())
    }

    async fn load_sessions(
        &self,
        bundle: &KeyBundle,
        kek: &KeyEncryptionKey,
    ) -> Result<Vec<SessionSecrets>, KeysError> {
        let mut sessions = Vec::with_capacity(2);
        for slot in [bundle.slot, bundle.slot.other()] {
            if let Some(bytes) = self.keyring.find(item(slot)).await?
                && let Ok(session) = open_session(bytes.expose(), slot, kek)
            {
                sessions.push(session);
            }
        }
        Ok(sessions)
    }

    /// Keeps a new session: into the free slot, then the bundle switches, then the old slot is emptied.
    ///
    /// Cut anywhere, the slot that the bundle names holds a session that the portal still takes. When it cannot be
    /// kept it is good until the client is locked, and the one kept before it is tried after that.
    pub(crate) async fn switch_session(
        &self,
        keys: &mut OpenKeys,
        session: SessionSecrets,
        rng: &mut impl CryptoRng,
    ) -> Result<(), KeysError> {
        let _writing = self.writer.lock().await;
        if self.is_wiped(keys)? {
            return Err(KeysError::NoBundle);
        }
        keys.sessions = vec![session.clone()];
        let old = keys.bundle.slot;
        self.store_session(keys, old.other(), &session, rng).await?;
        keys.bundle.slot = old.other();
        if let Err(error) = self.keep_bundle(keys, rng) {
            keys.bundle.slot = old;
            return Err(error);
        }
        self.keyring.delete(item(old)).await?;
        Ok(())
    }

    /// Remembers how far the outbox got, and in which life of the vault.
    pub(crate) async fn raise_mark(
        &self,
        keys: &mut OpenKeys,
        mark: VaultMark,
        rng: &mut impl CryptoRng,
    ) -> Result<(), KeysError> {
        if keys.vault_mark() == mark {
            return Ok(());
        }
        let _writing = self.writer.lock().await;
        if self.is_wiped(keys)? {
            return Err(KeysError::NoBundle);
        }
        keys.bundle.generation = mark.generation.into_bytes();
        keys.bundle.outbox_mark = mark.high_water;
        self.keep_bundle(keys, rng)
    }

    /// The person signed out meanwhile: what was wiped must not come back.
    fn is_wiped(&self, keys: &OpenKeys) -> Result<bool, KeysError> {
        let file = self.files.find(ProfileFile::KeyBundle)?;
        Ok(file.is_none_or(|bytes| open_bundle(&bytes, &keys.kek).is_err()))
    }

    /// Writes the bundle; the one before stays beside it until the next good unlock.
    fn keep_bundle(&self, keys: &OpenKeys, rng: &mut impl CryptoRng) -> Result<(), KeysError> {
        if let Some(current) = self.files.find(ProfileFile::KeyBundle)? {
            self.files
                .replace(ProfileFile::PreviousKeyBundle, &current)?;
        }
        let sealed = seal_bundle(&keys.bundle, keys.header, &keys.kek, rng);
        Ok(self.files.replace(ProfileFile::KeyBundle, &sealed)?)
    }

    /// Deletes all keys and everything they opened, and begins anew. Cut anywhere, the next start finishes it.
    pub(crate) async fn wipe(&self, rng: &mut impl CryptoRng) -> Result<(), KeysError> {
        let _writing = self.writer.lock().await;
        self.files.replace(ProfileFile::WipePending, b"")?;
        self.forget_in_sensor().await;
        wipe_everything(&*self.keyring, &*self.files).await?;
        let device = DeviceKey::generate(rng);
        store_device_key(&*self.keyring, &device).await?;
        *self.device.lock().unwrap_or_else(PoisonError::into_inner) = device;
        *self.attempts.lock().unwrap_or_else(PoisonError::into_inner) = Attempts::default();
        Ok(())
    }

    async fn store_session(
        &self,
        keys: &OpenKeys,
        slot: Slot,
        session: &SessionSecrets,
        rng: &mut impl CryptoRng,
    ) -> Result<(), KeysError> {
        let sealed = seal_session(session, slot, &keys.kek, rng).map_err(|_| KeysError::TooLong)?;
        Ok(self.keyring.store(item(slot), Secret::new(sealed)).await?)
    }

    async fn stretch(&self, passcode: SecretString, header: BundleHeader) -> KeyEncryptionKey {
        let device = self.device();
        tokio::task::spawn_blocking(move || {
            KeyEncryptionKey::stretch(&device, &passcode, &header.salt, header.params, PROFILE)
        })
        .await
        .expect("stretching a passcode does not panic")
    }
}

const fn item(slot: Slot) -> KeyringItem {
    match slot {
        Slot::First => KeyringItem::Session0,
        Slot::Second => KeyringItem::Session1,
    }
}

/// Without the device's key nothing that hangs on it can ever be opened again: what is left of it goes.
async fn replace_device_key(ports: &Ports) -> Result<(DeviceKey, bool), KeysError> {
    let lost = ports.files.find(ProfileFile::KeyBundle)?.is_some();
    if lost {
        tracing::error!("the device's key is gone: the vault cannot be opened any more");
        ports.files.replace(ProfileFile::WipePending, b"")?;
        wipe_everything(&*ports.keyring, &*ports.files).await?;
    }
    let device = DeviceKey::generate(&mut PortRng(&*ports.entropy));
    store_device_key(&*ports.keyring, &device).await?;
    Ok((device, lost))
}

async fn store_device_key(keyring: &dyn Keyring, device: &DeviceKey) -> Result<(), KeysError> {
    Ok(keyring.store(KeyringItem::Device, device.to_item()).await?)
}

async fn load_attempts(keyring: &dyn Keyring, files: &dyn Files) -> Result<Attempts, KeysError> {
    let in_keyring = keyring.find(KeyringItem::Attempts).await?;
    let in_file = files.find(ProfileFile::Attempts)?;
    let greater = [
        in_keyring.as_ref().map(|bytes| bytes.expose().as_slice()),
        in_file.as_deref(),
    ]
    .into_iter()
    .flatten()
    .filter_map(Attempts::from_bytes)
    .max();
    Ok(greater.unwrap_or_default())
}

/// Keys first: without them the files are noise. The marker goes last.
async fn wipe_everything(keyring: &dyn Keyring, files: &dyn Files) -> Result<(), KeysError> {
    for item in KeyringItem::ALL {
        keyring.delete(item).await?;
    }
    for file in ProfileFile::PERSONAL {
        files.wipe(file)?;
    }
    files.wipe_quarantine()?;
    Ok(files.wipe(ProfileFile::WipePending)?)
}
