//! Keeping the stores in step with the portal.
//!
//! Screens read the stores and never wait for what happens here. Pages that arrive are kept with their cursor in one
//! transaction, so that a cut anywhere repeats no more than what came in the last seconds.

mod catalogue;
mod change;
pub(crate) mod feed;
mod hints;

use std::sync::Arc;

use futures_util::future::select;
use tokio::sync::broadcast;
use uc_ipc::{Event, Freshness, IpcError, Session, SyncNow, SyncProgress, View};
use uc_store::Vault;
use uc_sync::{
    outbox::Haste,
    upkeep::{Plan, pause},
};

use crate::{Core, device_key, news, outbox, portal::PortalError, roaming, session, upkeep};

/// Why a sync ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    /// The portal gave no answer, or none that can be used.
    #[error("the portal gave no usable answer")]
    Portal(#[from] PortalError),
    /// The stores cannot be used now.
    #[error("the stores cannot be used")]
    Store(IpcError),
}

impl From<IpcError> for SyncError {
    fn from(error: IpcError) -> Self {
        Self::Store(error)
    }
}

/// Keeps in step until the core ends.
pub(crate) async fn run(core: Arc<Core>) {
    core.spawn(outbox::run);
    core.spawn(hints::run);
    core.spawn(roaming::run);
    let mut events = core.events();
    loop {
        let was_listening = listens(&core);
        let (situation, plan) = upkeep::look(&core).await;
        let answered = refresh(&core, plan).await;
        let news = Box::pin(select(
            Box::pin(core.desk.bell.notified()),
            Box::pin(until_listening(&core, &mut events, was_listening)),
        ));
        select(news, core.clock().sleep(pause(situation, answered))).await;
    }
}

/// Whether the portal's hints are wanted: somebody is at work, and neither they nor the battery say no.
fn listens(core: &Core) -> bool {
    let upkeep = core.state().upkeep;
    core.vault().is_ok() && !upkeep.paused && !upkeep.low_battery
}

/// Ends when hints are wanted that were not.
async fn until_listening(
    core: &Core,
    events: &mut broadcast::Receiver<Event>,
    mut was_listening: bool,
) {
    loop {
        let is_listening = listens(core);
        if is_listening && !was_listening {
            return;
        }
        was_listening = is_listening;
        if let Err(broadcast::error::RecvError::Closed) = events.recv().await {
            return std::future::pending().await;
        }
    }
}

/// What the person asks for.
const EVERYTHING: Plan = Plan {
    catalogue: true,
    history: true,
};

/// Asks the portal for news now.
pub(crate) async fn sync_now(core: &Core, _: SyncNow) -> Result<Session, IpcError> {
    refresh(core, EVERYTHING).await;
    outbox::drain(core, Haste::Eager).await;
    Ok(session::open(core).await)
}

/// Brings catalogue and history up to date, as far as they are asked for. Says whether the portal answered.
async fn refresh(core: &Core, plan: Plan) -> bool {
    let catalogue = !plan.catalogue || logged(catalogue::sync(core).await);
    let history = !plan.history || refresh_history(core).await;
    catalogue && history
}

async fn refresh_history(core: &Core) -> bool {
    match core.vault() {
        Ok(_) => {
            logged(device_key::certify(core).await);
            let is_known = logged(feed::sync(core).await);
            if is_known {
                roaming::push(core).await;
            }
            is_known
        }
        Err(_) => logged(news::look(core).await),
    }
}

fn logged(outcome: Result<(), SyncError>) -> bool {
    match outcome {
        Ok(()) | Err(SyncError::Store(IpcError::Locked | IpcError::SignInRequired)) => true,
        Err(SyncError::Portal(error)) => {
            tracing::info!(%error, "not in step with the portal");
            false
        }
        Err(SyncError::Store(error)) => {
            tracing::warn!(%error, "news of the portal was not kept");
            false
        }
    }
}

/// From when the data are.
pub(crate) async fn freshness(core: &Core, vault: Option<&Vault>) -> Freshness {
    let catalogue = core
        .public()
        .read(|view| view.load_catalogue_cursor())
        .await;
    let history = match vault {
        Some(vault) => vault.read(|view| view.load_feed_cursor()).await.ok(),
        None => None,
    };
    Freshness {
        catalogue_at: catalogue.ok().and_then(|cursor| cursor.synced_at),
        history_at: history.and_then(|cursor| cursor.synced_at),
    }
}

impl Core {
    /// Wakes the background work: there may be news.
    pub(crate) fn ring(&self) {
        self.desk.bell.notify_one();
    }

    fn show_progress(&self, progress: Option<SyncProgress>) {
        let before = std::mem::replace(&mut self.state().sync, progress);
        if before != progress {
            self.changed(View::Session);
        }
    }
}
