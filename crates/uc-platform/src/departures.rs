//! How each system tells that its person leaves.

#[cfg(target_os = "linux")]
mod logind;

use std::sync::Arc;

#[cfg(target_os = "linux")]
pub use logind::Logind;

use uc_core::ports::Departures;

/// What tells on this system.
#[cfg(target_os = "linux")]
pub(crate) fn of_this_system() -> Arc<dyn Departures> {
    Arc::new(Logind::on(None))
}

/// What tells on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn of_this_system() -> Arc<dyn Departures> {
    Arc::new(uc_core::ports::NoDepartures)
}
