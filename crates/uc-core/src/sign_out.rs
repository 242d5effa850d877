//! Signing out: nothing personal stays on the device.

use uc_ipc::{IpcError, Session, SignOut};

use crate::Core;

pub(crate) async fn sign_out(_: &Core, _: SignOut) -> Result<Session, IpcError> {
    Err(IpcError::NotFound)
}
