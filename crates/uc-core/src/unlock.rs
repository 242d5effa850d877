//! The passcode: setting it, unlocking, locking.

use std::sync::Arc;

use uc_ipc::{IpcError, Session, SetPasscode, Unlock, View};

use crate::{Core, session, session::Standing};

pub(crate) async fn set_passcode(_: &Core, _: SetPasscode) -> Result<Session, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn unlock(_: &Core, _: Unlock) -> Result<Session, IpcError> {
    Err(IpcError::NotFound)
}

/// Closes the vault.
pub(crate) fn lock(core: &Core) -> Session {
    close_vault(core);
    core.changed(View::Session);
    session::open(core)
}

/// Forgets vault and keys.
pub(crate) fn close_vault(core: &Core) {
    let mut state = core.state();
    if matches!(state.standing, Standing::Open(_)) {
        state.standing = Standing::Locked;
    }
}

/// Locks after a while without use, until the core ends.
pub(crate) async fn run_auto_lock(_: Arc<Core>) {}
