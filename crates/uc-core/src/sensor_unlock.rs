//! Unlocking by the device's sensor: whether the person wants it, and the key that it holds for that.

use std::sync::Arc;

use uc_ipc::{IpcError, Language, OpenSettings, SensorUnlock, Settings, UpdateSensorUnlock, View};
use uc_notify::Tongue;
use uc_store::Vault;

use crate::{Core, keys::OpenKeys, settings};

const SENSOR_UNLOCK: &str = "sensor_unlock";

/// What the settings screen shows of it.
pub(crate) async fn open(core: &Core) -> Result<Option<SensorUnlock>, IpcError> {
    let Some(sensor) = core.keys.sensor().await else {
        return Ok(None);
    };
    let enabled = is_wanted(&*core.vault()?).await;
    Ok(Some(SensorUnlock { sensor, enabled }))
}

/// Turns it on, after the sensor has shown that it works, or off.
pub(crate) async fn update(core: &Core, request: UpdateSensorUnlock) -> Result<Settings, IpcError> {
    if request.enabled {
        turn_on(core).await?;
    } else {
        core.keys.forget_in_sensor().await;
    }
    let wanted = request.enabled.to_string();
    core.keep(move |tx| tx.update_setting(SENSOR_UNLOCK, &wanted))
        .await?;
    core.changed(View::Settings);
    settings::open_settings(core, OpenSettings {}).await
}

async fn turn_on(core: &Core) -> Result<(), IpcError> {
    let open = core
        .state()
        .open_session()
        .map(|open| Arc::clone(&open.keys));
    let keys = open.ok_or(IpcError::Locked)?;
    let kept = core
        .keys
        .keep_in_sensor(&*keys.lock().await, words(core))
        .await;
    let tried = match kept {
        Ok(()) => core.keys.try_sensor(words(core)).await,
        Err(fault) => Err(fault),
    };
    if let Err(fault) = tried {
        core.keys.forget_in_sensor().await;
        return Err(IpcError::SensorFailed { fault });
    }
    Ok(())
}

/// The passcode has opened the vault, or has changed: the sensor gets the key that it opens now.
pub(crate) async fn renew(core: &Core, vault: &Vault, keys: &OpenKeys) {
    if !is_wanted(vault).await {
        return;
    }
    if let Err(fault) = core.keys.keep_in_sensor(keys, words(core)).await {
        tracing::warn!(%fault, "the sensor takes no key");
        core.keys.forget_in_sensor().await;
    }
}

/// Words of the system's own question.
pub(crate) fn words(core: &Core) -> &'static str {
    match core.state().appearance.language {
        Language::Ru => Tongue::Ru,
        Language::En => Tongue::En,
    }
    .unlock()
}

async fn is_wanted(vault: &Vault) -> bool {
    let kept = vault.read(|view| view.find_setting(SENSOR_UNLOCK)).await;
    kept.ok().flatten().as_deref() == Some("true")
}
