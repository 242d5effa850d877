//! One window for each profile: a second start brings the first one's to the front.

use tauri::{Runtime, plugin::TauriPlugin};
use uc_platform::Profile;

use crate::window;

/// Hears later starts, and as a later start tells the first. `None` where a profile of one's own cannot be told apart.
pub(crate) fn plugin<R: Runtime>(profile: &Profile) -> Option<TauriPlugin<R>> {
    let builder = tauri_plugin_single_instance::Builder::new()
        .callback(|app, _arguments, _folder| window::show(app));
    let name = bus_name(profile);
    if cfg!(target_os = "linux") {
        return Some(builder.dbus_id(name).build());
    }
    profile.is_usual().then(|| builder.build())
}

/// A name on the session bus for each profile's folder.
fn bus_name(profile: &Profile) -> String {
    format!("org.edinyiklient.app.p{}", profile.fingerprint())
}
