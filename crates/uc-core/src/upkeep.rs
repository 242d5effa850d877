//! What the portal is asked for by itself: as the person, the network and the battery allow.

use uc_ipc::{IpcError, PauseSync, Session, Upkeep, View};
use uc_sync::upkeep::{Plan, Situation, plan};

use crate::{
    Core,
    ports::{Files, ProfileFile, Scarcity},
    session,
};

/// The person's wish as it was left; without one, news comes.
pub(crate) fn load(files: &dyn Files) -> Upkeep {
    let kept = files.find(ProfileFile::Upkeep).ok().flatten();
    let wish = kept.and_then(|bytes| serde_json::from_slice::<PauseSync>(&bytes).ok());
    Upkeep {
        paused: wish.is_some_and(|wish| wish.paused),
        ..Upkeep::default()
    }
}

/// Keeps the person's wish; one who wants news again gets it at once.
pub(crate) async fn pause(core: &Core, request: PauseSync) -> Result<Session, IpcError> {
    let bytes = serde_json::to_vec(&request).map_err(|error| core.internal(&error))?;
    let files = &core.ports.files;
    files
        .replace(ProfileFile::Upkeep, &bytes)
        .map_err(|_| IpcError::NoSpace)?;
    core.state().upkeep.paused = request.paused;
    core.changed(View::Session);
    core.ring();
    Ok(session::open(core).await)
}

/// Looks at network and battery, and what that leaves to ask for.
pub(crate) async fn look(core: &Core) -> (Situation, Plan) {
    let upkeep = note(core, core.ports.supplies.look().await);
    let cursor = core
        .public()
        .read(|view| view.load_catalogue_cursor())
        .await;
    let synced_at = cursor.ok().and_then(|cursor| cursor.synced_at);
    let situation = Situation {
        paused: upkeep.paused,
        metered: upkeep.metered,
        low_battery: upkeep.low_battery,
        catalogue_age: synced_at.map(|at| core.now().duration_since(at)),
    };
    (situation, plan(situation))
}

/// What is scarce, for screens to say.
fn note(core: &Core, scarcity: Scarcity) -> Upkeep {
    let (before, after) = {
        let upkeep = &mut core.state().upkeep;
        let before = *upkeep;
        upkeep.metered = scarcity.metered;
        upkeep.low_battery = scarcity.low_battery;
        (before, *upkeep)
    };
    if before != after {
        core.changed(View::Session);
    }
    after
}
