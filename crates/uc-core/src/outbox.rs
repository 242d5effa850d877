//! Applications on their way to the portal.

use uc_ipc::IpcError;
use uc_store::{OutboxRow, Vault};

use crate::Core;

/// Applications in an open vault that would be lost with it.
pub(crate) async fn count_unsent(_: &Core, _: &Vault) -> Result<u32, IpcError> {
    Ok(0)
}

/// Puts what was saved of a damaged vault into the new one.
pub(crate) async fn restore(_: &Core, vault: &Vault, saved: Vec<OutboxRow>) {
    let restored = vault.write(move |tx| {
        saved
            .iter()
            .try_for_each(|row| tx.restore_outbox_row(row, ("", "")))
    });
    if let Err(error) = restored.await {
        tracing::error!(%error, "the outbox was not saved");
    }
}
