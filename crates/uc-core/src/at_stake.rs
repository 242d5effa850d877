//! What a locked vault holds that nobody else has: a count, kept beside the vault, for whoever forgot the passcode.
//!
//! Two numbers and nothing of what they count. They are wiped with the vault.

use uc_ipc::AtStake;
use uc_store::Vault;

use crate::{
    Core,
    ports::{Files, ProfileFile},
};

/// As it was when the vault was last written; `None` where that is not known.
pub(crate) fn load(files: &dyn Files) -> Option<AtStake> {
    let bytes = files.find(ProfileFile::AtStake).ok()??;
    serde_json::from_slice(&bytes).ok()
}

/// Counts again and keeps it where it changed. A count that cannot be kept is forgotten: none is better than a wrong one.
pub(crate) async fn count(core: &Core, vault: &Vault) {
    let counted = vault
        .read(|view| {
            Ok(AtStake {
                waiting: view.count_outbox()?,
                drafts: view.count_drafts()?,
            })
        })
        .await
        .ok();
    if core.state().at_stake == counted && counted.is_some() {
        return;
    }
    core.state().at_stake = counted;
    let kept = counted
        .and_then(|counted| serde_json::to_vec(&counted).ok())
        .map(|bytes| core.files().replace(ProfileFile::AtStake, &bytes));
    if !matches!(kept, Some(Ok(())))
        && let Err(error) = core.files().wipe(ProfileFile::AtStake)
    {
        tracing::warn!(%error, "an old count of what is at stake stays");
    }
}
