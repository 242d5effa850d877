//! Settings as a record: how the client looks, and after how long it locks itself.

use serde_json::{Map, Value};
use uc_ipc::{Appearance, AutoLock, IpcError, View};
use uc_model::Answers;
use uc_portal_api::RoamingRecord;
use uc_store::Agreed;
use uc_sync::merge::merge;

use crate::{Core, appearance, settings};

const AUTO_LOCK: &str = "autoLock";

/// The settings of this device as the fields of a record.
pub(super) async fn fields(core: &Core) -> Result<Answers, IpcError> {
    let vault = core.vault()?;
    let appearance = core.state().appearance;
    let auto_lock = settings::auto_lock(&vault).await;
    write(core, appearance, auto_lock)
}

/// Those of a device on which nobody chose anything: what is different there was chosen.
pub(super) fn unchosen(core: &Core) -> Result<Answers, IpcError> {
    write(core, Appearance::default(), AutoLock::default())
}

fn write(core: &Core, appearance: Appearance, auto_lock: AutoLock) -> Result<Answers, IpcError> {
    let written = serde_json::to_value(appearance)
        .and_then(|appearance| Ok((appearance, serde_json::to_value(auto_lock)?)));
    let (appearance, auto_lock) = written.map_err(|error| core.internal(&error))?;
    let Value::Object(mut fields) = appearance else {
        return Ok(Answers::default());
    };
    fields.insert(AUTO_LOCK.to_owned(), auto_lock);
    Ok(fields.into_iter().collect())
}

/// Joins what came with what is here. Of a setting that both changed, the one of this device stays: its person looks at it.
pub(super) async fn join(core: &Core, record: &RoamingRecord) -> Result<(), IpcError> {
    let id = record.id.to_string();
    let asked = id.clone();
    let known = core.look(move |view| view.find_agreed(&asked)).await?;
    if known
        .as_ref()
        .is_some_and(|known| known.revision >= record.revision)
    {
        return Ok(());
    }
    let base = match known.and_then(|known| known.fields) {
        Some(base) => base,
        None => unchosen(core)?,
    };
    if let Some(theirs) = &record.fields {
        let merged = merge(&base, &fields(core).await?, theirs);
        apply(core, merged.fields).await?;
    }
    let agreed = Agreed {
        id,
        revision: record.revision,
        fields: record.fields.clone(),
    };
    core.keep(move |tx| tx.update_agreed(&agreed)).await
}

/// What a newer version of the client wrote and this one does not know stays as it is here.
async fn apply(core: &Core, mut fields: Answers) -> Result<(), IpcError> {
    let auto_lock = fields.remove(AUTO_LOCK);
    let auto_lock = auto_lock.and_then(|value| serde_json::from_value(value).ok());
    if let Some(auto_lock) = auto_lock {
        settings::keep_auto_lock(core, auto_lock).await?;
    }
    let look: Map<String, Value> = fields.0.into_iter().collect();
    if let Ok(look) = serde_json::from_value(Value::Object(look)) {
        appearance::keep(core, look)?;
    }
    core.changed(View::Settings);
    core.changed(View::Session);
    Ok(())
}
