//! Messages.

use uc_ipc::{InboxPage, IpcError, ListMessages, MarkRead};

use uc_store::Vault;

use crate::Core;

pub(crate) async fn list_messages(_: &Core, _: ListMessages) -> Result<InboxPage, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn mark_read(_: &Core, _: MarkRead) -> Result<InboxPage, IpcError> {
    Err(IpcError::NotFound)
}

/// Unread messages in an open vault.
pub(crate) async fn count_unread(_: &Core, _: &Vault) -> u32 {
    0
}
