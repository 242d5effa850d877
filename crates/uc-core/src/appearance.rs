//! Language, theme and size of text: nothing personal, so they are kept readable, for the screen before unlocking.

use uc_ipc::{Appearance, IpcError, Session, UpdateAppearance, View};

use crate::{
    Core,
    ports::{Files, ProfileFile},
    session,
};

/// As it was left, or as it is at first.
pub(crate) fn load(files: &dyn Files) -> Appearance {
    files
        .find(ProfileFile::Appearance)
        .ok()
        .flatten()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Changes and keeps it.
pub(crate) async fn update(core: &Core, request: UpdateAppearance) -> Result<Session, IpcError> {
    keep(core, request.appearance)?;
    core.desk.roaming_bell.notify_one();
    core.changed(View::Session);
    Ok(session::open(core).await)
}

/// Keeps it.
pub(crate) fn keep(core: &Core, appearance: Appearance) -> Result<(), IpcError> {
    let bytes = serde_json::to_vec(&appearance).map_err(|error| core.internal(&error))?;
    core.ports
        .files
        .replace(ProfileFile::Appearance, &bytes)
        .map_err(|_| IpcError::NoSpace)?;
    core.state().appearance = appearance;
    Ok(())
}
