//! Settings that are the person's own.

use uc_ipc::{AutoLock, IpcError, OpenSettings, Settings, UpdateAutoLock, View};
use uc_store::Vault;

use crate::{Core, sensor_unlock};

const AUTO_LOCK: &str = "auto_lock";

/// Everything the settings screen shows beyond the session.
pub(crate) async fn open_settings(core: &Core, _: OpenSettings) -> Result<Settings, IpcError> {
    let (auto_lock, applications) = core
        .look(|view| Ok((view.find_setting(AUTO_LOCK)?, view.count_applications()?)))
        .await?;
    Ok(Settings {
        auto_lock: parse(auto_lock),
        sensor_unlock: sensor_unlock::open(core).await?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        services: core.browse(|view| view.count_services()).await?,
        applications,
    })
}

/// Changes after how long the client locks itself.
pub(crate) async fn update_auto_lock(
    core: &Core,
    request: UpdateAutoLock,
) -> Result<Settings, IpcError> {
    keep_auto_lock(core, request.auto_lock).await?;
    core.desk.roaming_bell.notify_one();
    core.changed(View::Settings);
    open_settings(core, OpenSettings {}).await
}

/// Keeps after how long the client locks itself.
pub(crate) async fn keep_auto_lock(core: &Core, auto_lock: AutoLock) -> Result<(), IpcError> {
    let value = serde_json::to_string(&auto_lock).map_err(|error| core.internal(&error))?;
    core.keep(move |tx| tx.update_setting(AUTO_LOCK, &value))
        .await
}

/// After how long an open vault is closed.
pub(crate) async fn auto_lock(vault: &Vault) -> AutoLock {
    let kept = vault.read(|view| view.find_setting(AUTO_LOCK)).await;
    parse(kept.ok().flatten())
}

fn parse(value: Option<String>) -> AutoLock {
    value
        .and_then(|value| serde_json::from_str(&value).ok())
        .unwrap_or_default()
}
