//! Filling forms in.

use uc_ipc::{
    ApplicationForm, ApplicationPage, DiscardDraft, DraftSaved, IpcError, OpenForm, SaveDraft,
};

use crate::Core;

pub(crate) async fn open_form(_: &Core, _: OpenForm) -> Result<ApplicationForm, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn save_draft(_: &Core, _: SaveDraft) -> Result<DraftSaved, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn discard_draft(_: &Core, _: DiscardDraft) -> Result<ApplicationPage, IpcError> {
    Err(IpcError::NotFound)
}
