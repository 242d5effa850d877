//! What each system knows its person by.

#[cfg(target_os = "linux")]
mod keeper;
#[cfg(target_os = "linux")]
mod polkit;

use std::sync::Arc;

#[cfg(target_os = "linux")]
pub use polkit::Polkit;

use uc_core::ports::Biometrics;

/// The sensor of this system.
#[cfg(target_os = "linux")]
pub(crate) fn of_this_system() -> Arc<dyn Biometrics> {
    Arc::new(Polkit::on(None))
}

/// The sensor of this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn of_this_system() -> Arc<dyn Biometrics> {
    Arc::new(uc_core::ports::NoSensor)
}
