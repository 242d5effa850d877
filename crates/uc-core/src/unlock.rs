//! The passcode: setting it, unlocking, locking.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream::BoxStream};
use jiff::{SignedDuration, Timestamp};
use uc_auth::lock::{Attempts, KeyBundle, SessionSecrets, Verdict};
use uc_ipc::{IpcError, PasscodeEntry, Session, SetPasscode, Unlock, View};
use uc_model::Passcode;
use uc_store::{OpenError, Vault, forget_quarantined, move_to_quarantine, remove_database};

use crate::{
    Core, at_stake, device_key,
    keys::{KeysError, OpenKeys},
    outbox,
    ports::{Departure, ProfileFile, SecretVec},
    sensor_unlock,
    session::{self, OpenSession, Standing},
    settings, sign_out,
};

/// How often it is looked whether the client is in use.
const TICK: Duration = Duration::from_secs(5);
/// How long a damaged vault is kept beside its successor.
const KEPT_ASIDE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often it is looked for damaged vaults that are older.
const DAY: Duration = Duration::from_hours(24);

/// Sets the first passcode and makes the vault.
pub(crate) async fn set_passcode(core: &Core, request: SetPasscode) -> Result<Session, IpcError> {
    let passcode = parse_passcode(request.passcode)?;
    let _trying = core.keys.trying.lock().await;
    let (bundle, session) = newcomer(core)?;
    let (params, mut rng) = (core.config.kdf, core.rng());
    let created = core
        .keys
        .create(passcode.into_secret(), params, bundle, session, &mut rng);
    let keys = created.await;
    let vault = create_vault(core, &keys)
        .await
        .map_err(|error| vault_fault(core, &error))?;
    if let Err(error) = core.keys.keep_first(&keys, &mut rng).await {
        close(vault).await;
        return Err(keys_fault(core, &error));
    }
    enter(core, vault, keys).await;
    Ok(session::open(core).await)
}

/// A passcode that keeps the rules.
pub(crate) fn parse_passcode(entry: PasscodeEntry) -> Result<Passcode, IpcError> {
    Passcode::parse(entry.into_secret()).map_err(|fault| IpcError::WeakPasscode {
        fault: fault.into(),
    })
}

/// Waits until a vault that has no keys may be made anew.
async fn close(mut vault: Vault) {
    let closed = vault.when_closed();
    drop(vault);
    closed.await;
}

/// Keys for the person who has just signed in.
fn newcomer(core: &Core) -> Result<(KeyBundle, SessionSecrets), IpcError> {
    let state = core.state();
    let Standing::NeedsPasscode(arrival) = &state.standing else {
        return Err(IpcError::Conflict);
    };
    let session = arrival.session.clone();
    let bundle = KeyBundle::generate(
        arrival.subject.clone(),
        &arrival.first_name,
        &mut core.rng(),
    );
    Ok((bundle, session))
}

/// What opens the bundle.
enum Opener {
    Passcode(PasscodeEntry),
    Key(SecretVec),
}

/// Opens the vault.
pub(crate) async fn unlock(core: &Core, request: Unlock) -> Result<Session, IpcError> {
    let opener = match request {
        Unlock::Passcode { passcode } => Opener::Passcode(passcode),
        Unlock::Sensor => Opener::Key(ask_sensor(core).await?),
    };
    let _trying = core.keys.trying.lock().await;
    if core.state().vault().is_ok() {
        return Ok(session::open(core).await);
    }
    let (keys, by_passcode) = match opener {
        Opener::Passcode(passcode) => (by_passcode(core, passcode).await?, true),
        Opener::Key(key) => (by_key(core, &key).await?, false),
    };
    let closing = core.state().closing.take();
    if let Some(closing) = closing {
        // Work that was under way when it was locked ends first: a vault is open only once.
        closing.await;
    }
    let vault = open_vault(core, &keys).await?;
    if by_passcode {
        sensor_unlock::renew(core, &vault, &keys).await;
    }
    enter(core, vault, keys).await;
    Ok(session::open(core).await)
}

/// Wrong ones are counted, and a right one forgets them.
async fn by_passcode(core: &Core, passcode: PasscodeEntry) -> Result<OpenKeys, IpcError> {
    let before = core.keys.attempts();
    let attempts = begin_try(core).await?;
    let keys = match core.keys.unlock(passcode.into_secret()).await {
        Ok(keys) => keys,
        Err(error @ KeysError::NoBundle) => {
            let taken_back = core.keys.take_back(before).await;
            return Err(keys_fault(core, &taken_back.err().unwrap_or(error)));
        }
        Err(KeysError::WrongPasscode) => return Err(wrong_passcode(core, attempts).await),
        Err(error) => return Err(keys_fault(core, &error)),
    };
    let forgotten = core.keys.forget_attempts().await;
    forgotten.map_err(|error| keys_fault(core, &error))?;
    Ok(keys)
}

/// Asks without holding up a passcode that is typed meanwhile. While wrong passcodes bring a pause the sensor waits as
/// well, and it does not forget them.
async fn ask_sensor(core: &Core) -> Result<SecretVec, IpcError> {
    if let Some(until) = session::wait_until(core.keys.attempts(), core) {
        return Err(IpcError::TooManyAttempts { until });
    }
    let released = core.keys.ask_sensor(sensor_unlock::words(core)).await;
    if released.is_err() {
        core.changed(View::Session);
    }
    released.map_err(|fault| IpcError::SensorFailed { fault })
}

async fn by_key(core: &Core, key: &SecretVec) -> Result<OpenKeys, IpcError> {
    let opened = core.keys.unlock_by_key(key).await;
    opened.map_err(|error| {
        core.changed(View::Session);
        keys_fault(core, &error)
    })
}

/// Counts the try before it is made; refuses it while it is too early.
pub(crate) async fn begin_try(core: &Core) -> Result<Attempts, IpcError> {
    let attempts = core.keys.attempts();
    let uptime = core.clock().uptime();
    match attempts.verdict(uptime) {
        Verdict::Allowed => {}
        Verdict::Wait(_) => {
            let until = session::wait_until(attempts, core).unwrap_or_else(|| core.now());
            return Err(IpcError::TooManyAttempts { until });
        }
        Verdict::UsedUp => return Err(use_up(core).await),
    }
    let counted = core.keys.count_attempt(uptime).await;
    counted.map_err(|error| keys_fault(core, &error))
}

/// The try was wrong; it was counted before.
pub(crate) async fn wrong_passcode(core: &Core, attempts: Attempts) -> IpcError {
    core.changed(View::Session);
    if attempts.left() == 0 {
        return use_up(core).await;
    }
    IpcError::WrongPasscode {
        attempts_left: attempts.left(),
        wait_until: session::wait_until(attempts, core),
    }
}

/// The last try was wrong: the keys go, and with them everything that they open.
async fn use_up(core: &Core) -> IpcError {
    tracing::warn!("wrong passcodes used up: wiping");
    match sign_out::wipe(core).await {
        Ok(()) => IpcError::AttemptsUsedUp,
        Err(error) => error,
    }
}

async fn enter(core: &Core, vault: Vault, keys: OpenKeys) {
    at_stake::count(core, &vault).await;
    let device_key = device_key::load(core, &keys).await;
    let uptime = core.clock().uptime();
    {
        let mut state = core.state();
        state.standing = Standing::Open(Box::new(OpenSession::new(vault, keys, device_key)));
        state.news = 0;
        state.touch(uptime);
    }
    for view in View::ALL {
        core.changed(view);
    }
}

/// Closes the vault.
pub(crate) async fn lock(core: &Core) -> Session {
    close_vault(core);
    session::open(core).await
}

/// Forgets vault, keys and tokens.
pub(crate) fn close_vault(core: &Core) {
    let left = {
        let mut state = core.state();
        state.locks_at = None;
        match &state.standing {
            Standing::Open(_) => Some(std::mem::replace(&mut state.standing, Standing::Locked)),
            Standing::SignedOut | Standing::NeedsPasscode(_) | Standing::Locked => None,
        }
    };
    core.portal.forget_access();
    core.desk.clear();
    core.ports.http.disconnect();
    if let Some(Standing::Open(left)) = left {
        let OpenSession { vault, closed, .. } = *left;
        core.state().closing = Some(closed);
        drop(vault);
        for view in View::ALL {
            core.changed(view);
        }
    }
}

/// Locks after a while without use, until the core ends.
pub(crate) async fn run_auto_lock(core: Arc<Core>) {
    loop {
        core.clock().sleep(TICK).await;
        let open = core.state().vault();
        if let Ok(vault) = open {
            let limit = Duration::from_secs(settings::auto_lock(&vault).await.as_secs());
            drop(vault);
            let idle = core.state().idle(core.clock().uptime());
            let rest = limit.saturating_sub(idle);
            if rest.is_zero() {
                close_vault(&core);
            } else if rest <= warned_before(limit) {
                warn_of_lock(&core, rest);
            }
        }
    }
}

/// How long before it locks itself a person is told: the last minute, or the last fifth of a short time.
fn warned_before(limit: Duration) -> Duration {
    (limit / 5).min(Duration::from_mins(1))
}

fn warn_of_lock(core: &Core, rest: Duration) {
    let locks_at = SignedDuration::try_from(rest)
        .ok()
        .and_then(|rest| core.now().checked_add(rest).ok());
    let first = core.state().locks_at.is_none();
    if first {
        core.state().locks_at = locks_at;
        core.changed(View::Session);
    }
}

/// Locks when the person leaves, until the core ends or the system tells no more. A machine that is about to sleep does so
/// with the vault closed.
pub(crate) async fn run_departures(core: Arc<Core>, mut departures: BoxStream<'static, Departure>) {
    while let Some(departure) = departures.next().await {
        let vault = core.vault().ok();
        close_vault(&core);
        if let Some(vault) = vault {
            sign_out::wait_for_last_user(vault).await;
        }
        drop(departure);
    }
}

/// Forgets damaged vaults that nobody came for, until the core ends.
pub(crate) async fn run_quarantine(core: Arc<Core>) {
    loop {
        let path = core.files().path(ProfileFile::Vault);
        let before = core.now().checked_sub(KEPT_ASIDE);
        if let Ok(before) = before
            && let Err(error) = forget_quarantined(&path, &quarantine_stamp(before))
        {
            tracing::warn!(%error, "what was set aside is not forgotten");
        }
        core.clock().sleep(DAY).await;
    }
}

/// Sorts by time, and stands in names of files.
fn quarantine_stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Remembers outside the vault how far its outbox got.
pub(crate) async fn keep_mark(core: &Core, vault: &Vault) -> Result<(), IpcError> {
    let keys = match core.state().open_session() {
        Some(open) => Arc::clone(&open.keys),
        None => return Err(IpcError::Locked),
    };
    let (mut keys, mut rng) = (keys.lock().await, core.rng());
    let raised = core.keys.raise_mark(&mut keys, vault.mark(), &mut rng);
    match raised.await {
        Ok(()) => Ok(()),
        Err(KeysError::NoBundle) => Err(IpcError::SignInRequired),
        Err(error) => Err(keys_fault(core, &error)),
    }
}

/// A new, empty vault in the place of any other.
async fn create_vault(core: &Core, keys: &OpenKeys) -> Result<Vault, OpenError> {
    let path = core.files().path(ProfileFile::Vault);
    let key = keys.vault_key();
    let mark = keys.vault_mark();
    blocking(move || {
        remove_database(&path)?;
        Vault::create(&path, &key, mark)
    })
    .await
}

/// The vault that the keys belong to; one that is damaged is set aside, and what of it can be saved is.
async fn open_vault(core: &Core, keys: &OpenKeys) -> Result<Vault, IpcError> {
    let path = core.files().path(ProfileFile::Vault);
    let (key, mark) = (keys.vault_key(), keys.vault_mark());
    match blocking(move || Vault::open(&path, &key, mark)).await {
        Ok(vault) => Ok(vault),
        Err(
            error @ (OpenError::Missing
            | OpenError::Damaged
            | OpenError::WrongKey
            | OpenError::Rollback),
        ) => {
            tracing::error!(%error, "the vault is set aside and begun anew");
            rebuild_vault(core, keys)
                .await
                .map_err(|error| vault_fault(core, &error))
        }
        Err(error) => Err(vault_fault(core, &error)),
    }
}

async fn rebuild_vault(core: &Core, keys: &OpenKeys) -> Result<Vault, OpenError> {
    let path = core.files().path(ProfileFile::Vault);
    let key = keys.vault_key();
    let mark = keys.vault_mark();
    let stamp = quarantine_stamp(core.now());
    let (vault, saved) = blocking(move || {
        let saved = Vault::salvage_outbox(&path, &key);
        match move_to_quarantine(&path, &stamp) {
            Ok(_) | Err(OpenError::Missing) => {}
            Err(error) => return Err(error),
        }
        let vault = Vault::create(&path, &key, mark)?;
        Ok((vault, saved))
    })
    .await?;
    outbox::restore(core, &vault, saved).await;
    core.state().vault_was_damaged = true;
    Ok(vault)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .expect("opening a store does not panic")
}

/// What a person is told when keys cannot be kept or read.
pub(crate) fn keys_fault(core: &Core, error: &KeysError) -> IpcError {
    match error {
        KeysError::Keyring(_) => IpcError::KeyringUnavailable,
        KeysError::Files(_) => IpcError::NoSpace,
        KeysError::Sensor(fault) => IpcError::SensorFailed { fault: *fault },
        KeysError::WrongPasscode => IpcError::Locked,
        KeysError::NoBundle => IpcError::VaultDamaged,
        KeysError::TooLong => core.internal(error),
    }
}

fn vault_fault(core: &Core, error: &OpenError) -> IpcError {
    match error {
        OpenError::NoSpace => IpcError::NoSpace,
        OpenError::Damaged | OpenError::WrongKey | OpenError::Rollback | OpenError::Missing => {
            IpcError::VaultDamaged
        }
        OpenError::Exists
        | OpenError::Newer
        | OpenError::Locked
        | OpenError::SymbolicLink
        | OpenError::Io(_)
        | OpenError::Sql(_)
        | OpenError::Migration(_) => core.internal(error),
    }
}
