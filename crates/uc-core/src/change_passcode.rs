//! Changing the passcode of an open vault.

use std::sync::Arc;

use uc_ipc::{ChangePasscode, IpcError, Session};
use uc_model::SecretString;

use crate::{
    Core, sensor_unlock, session,
    unlock::{begin_try, keys_fault, parse_passcode, wrong_passcode},
};

/// Puts the new passcode in the place of the current one, which is asked for again: an open window may be unattended.
pub(crate) async fn change_passcode(
    core: &Core,
    request: ChangePasscode,
) -> Result<Session, IpcError> {
    let passcode = parse_passcode(request.new)?;
    let _trying = core.keys.trying.lock().await;
    check_current(core, request.current.into_secret()).await?;
    let open = core
        .state()
        .open_session()
        .map(|open| Arc::clone(&open.keys));
    let keys = open.ok_or(IpcError::Locked)?;
    let (mut keys, mut rng) = (keys.lock().await, core.rng());
    core.keys
        .change_passcode(&mut keys, passcode.into_secret(), core.config.kdf, &mut rng)
        .await
        .map_err(|error| keys_fault(core, &error))?;
    if let Ok(vault) = core.vault() {
        sensor_unlock::renew(core, &vault, &keys).await;
    }
    drop(keys);
    Ok(session::open(core).await)
}

/// As at unlocking: counted before it is checked, and forgotten when it was right.
async fn check_current(core: &Core, current: SecretString) -> Result<(), IpcError> {
    let attempts = begin_try(core).await?;
    let verified = core.keys.verify(current).await;
    if !verified.map_err(|error| keys_fault(core, &error))? {
        return Err(wrong_passcode(core, attempts).await);
    }
    let forgotten = core.keys.forget_attempts().await;
    forgotten.map_err(|error| keys_fault(core, &error))
}
