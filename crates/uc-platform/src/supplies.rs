//! What each system tells of its network and its battery.

#[cfg(target_os = "linux")]
mod linux;

use std::sync::Arc;

#[cfg(target_os = "linux")]
pub use linux::LinuxSupplies;

use uc_core::ports::Supplies;

/// What tells on this system.
#[cfg(target_os = "linux")]
pub(crate) fn of_this_system() -> Arc<dyn Supplies> {
    Arc::new(LinuxSupplies::on(None))
}

/// What tells on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn of_this_system() -> Arc<dyn Supplies> {
    Arc::new(uc_core::ports::Plenty)
}
