//! What each system knows its person by.

#[cfg(any(target_os = "macos", target_os = "ios"))]
mod apple;
#[cfg(target_os = "windows")]
mod hello;
#[cfg(target_os = "linux")]
mod keeper;
#[cfg(target_os = "linux")]
mod polkit;
mod prompted;
mod status;

#[cfg(not(target_os = "android"))]
use std::{path::Path, sync::Arc};

#[cfg(target_os = "linux")]
pub use polkit::Polkit;
pub use prompted::{Prompt, PromptedSensor};
pub use status::of_biometric_prompt;

#[cfg(not(target_os = "android"))]
use uc_core::ports::Biometrics;

/// The sensor of this system, for the profile in this folder.
#[cfg(target_os = "linux")]
pub(crate) fn of_this_system(_: &Path) -> Arc<dyn Biometrics> {
    Arc::new(Polkit::on(None))
}

/// The sensor of this system, for the profile in this folder.
#[cfg(any(target_os = "macos", target_os = "ios"))]
pub(crate) fn of_this_system(folder: &Path) -> Arc<dyn Biometrics> {
    Arc::new(apple::AppleBiometry::new(crate::keyring::profile_name(
        folder,
    )))
}

/// The sensor of this system, for the profile in this folder.
#[cfg(target_os = "windows")]
pub(crate) fn of_this_system(folder: &Path) -> Arc<dyn Biometrics> {
    let keyring = crate::OsKeyring::new(folder);
    let name = crate::keyring::profile_name(folder);
    Arc::new(hello::WindowsHello::new(&name, keyring))
}
