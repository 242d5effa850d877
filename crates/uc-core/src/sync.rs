//! Keeping the stores in step with the portal.

use std::sync::Arc;

use uc_ipc::{Freshness, IpcError, Session, SyncNow};

use uc_store::Vault;

use crate::{Core, session};

/// Keeps in step until the core ends.
pub(crate) async fn run(_: Arc<Core>) {}

/// Asks the portal for news now.
pub(crate) async fn sync_now(core: &Core, _: SyncNow) -> Result<Session, IpcError> {
    Ok(session::open(core).await)
}

/// From when the data are.
pub(crate) async fn freshness(_: &Core, _: Option<&Vault>) -> Freshness {
    Freshness::default()
}
