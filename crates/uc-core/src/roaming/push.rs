//! What was changed here goes to the portal.

use std::collections::{HashMap, HashSet};

use uc_ipc::IpcError;
use uc_model::{Answers, ApplicationId};
use uc_portal_api::{
    FetchRoaming, MAX_ROAMING_BYTES, ProblemCode, RoamingId, RoamingVersion, WriteRoaming,
};
use uc_store::{Agreed, Draft, ListedState, StoreError, VaultView};

use super::{agree, draft, settings, take};
use crate::{
    Core, outbox,
    portal::{Answer, Call, PortalError},
};

/// A change to be sent.
struct Change {
    id: RoamingId,
    version: RoamingVersion,
}

/// Sends every change of this device. Ends at the first that the portal does not take now.
pub(crate) async fn push(core: &Core) {
    let _pushing = core.desk.roaming.lock().await;
    match Box::pin(push_alone(core)).await {
        Ok(()) | Err(IpcError::Locked | IpcError::SignInRequired | IpcError::Offline) => {}
        Err(error) => tracing::warn!(%error, "what follows the person was not sent"),
    }
}

async fn push_alone(core: &Core) -> Result<(), IpcError> {
    for change in pending(core).await? {
        let id = change.id;
        if send(core, change).await? {
            continue;
        }
        // Another device was faster: its version is joined with this one, and both are sent, unless the person must choose.
        refetch(core, id).await?;
        let joined = pending(core)
            .await?
            .into_iter()
            .find(|change| change.id == id);
        if let Some(change) = joined {
            send(core, change).await?;
        }
    }
    Ok(())
}

async fn pending(core: &Core) -> Result<Vec<Change>, IpcError> {
    let own = settings::fields(core).await?;
    let unchosen = settings::unchosen(core)?;
    core.look(move |view| {
        let agreed = view.list_agreed()?;
        let agreed: HashMap<String, Agreed> = agreed
            .into_iter()
            .map(|agreed| (agreed.id.clone(), agreed))
            .collect();
        let drafts = view.list_drafts()?;
        let mut changes = given_up(view, &drafts, &agreed)?;
        let settled = drafts.iter().filter(|draft| draft.conflicts.is_empty());
        changes.extend(settled.filter_map(|draft| changed(draft, &agreed)));
        let known = agreed.get(&RoamingId::Settings.to_string());
        let base = known
            .and_then(|known| known.fields.as_ref())
            .unwrap_or(&unchosen);
        if *base != own {
            changes.push(change(RoamingId::Settings, known, Some(own)));
        }
        Ok(changes)
    })
    .await
}

fn changed(found: &Draft, agreed: &HashMap<String, Agreed>) -> Option<Change> {
    let id = RoamingId::Draft(found.application);
    let known = agreed.get(&id.to_string());
    let fields = draft::fields(found);
    let is_known = known.and_then(|known| known.fields.as_ref()) == Some(&fields);
    (!is_known).then(|| change(id, known, Some(fields)))
}

/// Drafts that were thrown away here. What was sent the portal gives up by itself.
fn given_up(
    view: &VaultView<'_>,
    drafts: &[Draft],
    agreed: &HashMap<String, Agreed>,
) -> Result<Vec<Change>, StoreError> {
    let kept: HashSet<ApplicationId> = drafts.iter().map(|draft| draft.application).collect();
    let mut changes = Vec::new();
    for known in agreed.values().filter(|known| known.fields.is_some()) {
        let Ok(RoamingId::Draft(application)) = known.id.parse() else {
            continue;
        };
        let is_gone = !kept.contains(&application)
            && view.find_outbox_row(application)?.is_none()
            && is_open(view, application)?;
        if is_gone {
            changes.push(change(RoamingId::Draft(application), Some(known), None));
        }
    }
    Ok(changes)
}

/// The portal has nothing of it, or wants it corrected.
fn is_open(view: &VaultView<'_>, application: ApplicationId) -> Result<bool, StoreError> {
    let found = view.find_application(application)?;
    Ok(found.is_none_or(|found| found.state == ListedState::NeedsCorrection))
}

fn change(id: RoamingId, known: Option<&Agreed>, fields: Option<Answers>) -> Change {
    Change {
        id,
        version: RoamingVersion {
            base: known.map_or(0, |known| known.revision),
            fields,
        },
    }
}

/// Says whether the portal has the change, or never will; `false` where another device was faster.
async fn send(core: &Core, change: Change) -> Result<bool, IpcError> {
    let Change { id, version } = change;
    if !is_sendable(core, id, &version).await? {
        return Ok(true);
    }
    core.desk.roaming_sent().insert(id, version.clone());
    let written = core.call(Call::<WriteRoaming>::new((), version).of(id));
    match written.await {
        Ok(Answer::New(record, _)) => {
            core.keep(move |tx| agree(tx, &record)).await?;
            Ok(true)
        }
        Err(PortalError::Problem { problem, .. }) => {
            let is_outdated = problem.code == ProblemCode::RevisionConflict;
            if !is_outdated {
                tracing::info!(code = ?problem.code, "the portal does not keep what follows the person");
            }
            Ok(!is_outdated)
        }
        Ok(Answer::Known) | Err(_) => Err(IpcError::Offline),
    }
}

/// Files go before the draft that names them, or other devices could not send it.
async fn is_sendable(
    core: &Core,
    id: RoamingId,
    version: &RoamingVersion,
) -> Result<bool, IpcError> {
    let size = serde_json::to_vec(&version.fields).map_or(usize::MAX, |bytes| bytes.len());
    match (id, &version.fields) {
        _ if size > MAX_ROAMING_BYTES => Ok(false),
        (RoamingId::Draft(application), Some(fields)) => {
            outbox::bring_files(core, application, fields).await
        }
        _ => Ok(true),
    }
}

async fn refetch(core: &Core, id: RoamingId) -> Result<(), IpcError> {
    match core.call(Call::<FetchRoaming>::new((), ()).of(id)).await {
        Ok(Answer::New(record, _)) if record.id == id => take(core, record).await,
        // The portal lost it: the next version is the first again.
        Err(PortalError::Problem { problem, .. }) if problem.code == ProblemCode::NotFound => {
            let agreed = Agreed {
                id: id.to_string(),
                revision: 0,
                fields: None,
            };
            core.keep(move |tx| tx.update_agreed(&agreed)).await
        }
        Ok(Answer::New(..) | Answer::Known) | Err(_) => Err(IpcError::Offline),
    }
}
