//! What follows the person between devices: drafts and settings, merged field by field.
//!
//! The vault keeps the version that was last agreed on with the portal. What differs from it here was changed here, and what
//! differs from it there was changed there; both stay. A draft with two answers to one question waits, unsent, for the person to
//! choose, so that neither device overwrites the other.

mod draft;
mod push;
mod settings;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use uc_ipc::{IpcError, View};
use uc_portal_api::{RoamingId, RoamingRecord};
use uc_store::{Agreed, StoreError, VaultTx};

pub(crate) use push::push;

use crate::Core;

/// A pause after a change, so that a person who types is not sent key by key.
const PAUSE: Duration = Duration::from_secs(3);

/// A record of a page of the feed, with the names that a draft's service has in the catalogue.
pub(crate) struct Incoming {
    pub(crate) record: RoamingRecord,
    names: (String, String),
    /// This device wrote it, whether or not it heard the answer: it is agreed on, and no change of another.
    is_own: bool,
}

/// Sends changes a little after they were made, until the core ends.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        core.desk.roaming_bell.notified().await;
        // More changes in the pause are sent with the first.
        core.clock().sleep(PAUSE).await;
        if core.vault().is_ok() && !core.state().upkeep.paused {
            push(&core).await;
        }
    }
}

/// Looks up what the catalogue says of what came.
pub(crate) async fn prepare(
    core: &Core,
    records: Vec<RoamingRecord>,
) -> Result<Vec<Incoming>, IpcError> {
    let mut incoming = Vec::new();
    for record in records {
        let service = record.fields.as_ref().and_then(draft::service);
        let names = match service {
            Some(service) => core.names_of(&service).await?,
            None => Default::default(),
        };
        let is_own = is_own(core, &record);
        incoming.push(Incoming {
            record,
            names,
            is_own,
        });
    }
    Ok(incoming)
}

/// Joins drafts that came with those that are here. Says whether any changed.
pub(crate) fn write_drafts(
    tx: &VaultTx<'_>,
    incoming: &[Incoming],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut has_changed = false;
    for Incoming {
        record,
        names,
        is_own,
    } in incoming
    {
        let RoamingId::Draft(application) = record.id else {
            continue;
        };
        if *is_own {
            agree(tx, record)?;
        } else {
            has_changed |= draft::join(tx, application, record, names, now)?;
        }
    }
    Ok(has_changed)
}

/// Joins settings that came with those that are here.
pub(crate) async fn take_settings(core: &Core, incoming: &[Incoming]) -> Result<(), IpcError> {
    for Incoming { record, is_own, .. } in incoming {
        if record.id != RoamingId::Settings {
            continue;
        }
        if *is_own {
            let record = record.clone();
            core.keep(move |tx| agree(tx, &record)).await?;
        } else {
            settings::join(core, record).await?;
        }
    }
    Ok(())
}

/// Keeps what this device and the portal both have.
fn agree(tx: &VaultTx<'_>, record: &RoamingRecord) -> Result<(), StoreError> {
    tx.update_agreed(&Agreed {
        id: record.id.to_string(),
        revision: record.revision,
        fields: record.fields.clone(),
    })
}

/// Whether this device wrote it: its echo may come before its answer, or without one.
fn is_own(core: &Core, record: &RoamingRecord) -> bool {
    core.desk
        .roaming_sent()
        .get(&record.id)
        .is_some_and(|sent| {
            sent.base.saturating_add(1) == record.revision && sent.fields == record.fields
        })
}

/// Takes over one record.
async fn take(core: &Core, record: RoamingRecord) -> Result<(), IpcError> {
    let incoming = prepare(core, vec![record]).await?;
    take_settings(core, &incoming).await?;
    let now = core.now();
    let has_changed = core
        .keep(move |tx| write_drafts(tx, &incoming, now))
        .await?;
    if has_changed {
        core.changed(View::Applications);
    }
    Ok(())
}
