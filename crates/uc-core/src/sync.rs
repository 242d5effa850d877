//! Keeping the stores in step with the portal.

use std::sync::Arc;

use uc_ipc::{Freshness, IpcError, Session, SyncNow};

use crate::{Core, session, stores::Vault};

/// Keeps in step until the core ends.
pub(crate) async fn run(_: Arc<Core>) {}

/// Asks the portal for news now.
pub(crate) async fn sync_now(core: &Core, _: SyncNow) -> Result<Session, IpcError> {
    Ok(session::open(core))
}

/// From when the data are.
pub(crate) fn freshness(_: &Core, _: Option<&Vault>) -> Freshness {
    Freshness::default()
}
