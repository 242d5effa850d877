//! What the core needs of the app, which is built after it.

use std::sync::{Arc, OnceLock};

use tauri::AppHandle;
use uc_core::Core;
use uc_platform::{Profile, ProfileFolder, StartError};

/// The app, once it is built. Clones are the same app.
#[derive(Debug, Clone, Default)]
pub(crate) struct LateApp(Arc<OnceLock<AppHandle>>);

impl LateApp {
    /// Starts the core, whose sensor asks by this app where the system needs one.
    pub(crate) async fn start_core(
        self,
        profile: Profile,
        files: ProfileFolder,
    ) -> Result<Arc<Core>, StartError> {
        #[cfg(target_os = "android")]
        let sensor = crate::sensor::of_profile(&profile, self);
        #[cfg(not(target_os = "android"))]
        let sensor = uc_platform::sensor_of_this_system(&profile);
        uc_platform::start_with(profile, files, sensor).await
    }

    /// From now on it is there.
    pub(crate) fn attach(&self, app: &AppHandle) {
        // A second attachment would be of the same app.
        let _ = self.0.set(app.clone());
    }

    /// The app, or that it is not there yet.
    #[cfg(target_os = "android")]
    pub(crate) fn get(&self) -> Option<AppHandle> {
        self.0.get().cloned()
    }
}
