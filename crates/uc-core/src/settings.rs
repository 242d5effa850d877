//! Settings that are the person's own.

use uc_ipc::{AutoLock, IpcError, OpenSettings, Settings, UpdateAutoLock};

use uc_store::Vault;

use crate::Core;

pub(crate) async fn open_settings(_: &Core, _: OpenSettings) -> Result<Settings, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn update_auto_lock(_: &Core, _: UpdateAutoLock) -> Result<Settings, IpcError> {
    Err(IpcError::NotFound)
}

/// After how long an open vault is closed.
pub(crate) async fn auto_lock(_: &Vault) -> AutoLock {
    AutoLock::default()
}
