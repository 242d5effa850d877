//! Linux: `NetworkManager` tells whether the network costs by volume, `UPower` how much the battery has left.

use std::time::Duration;

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{Scarcity, Supplies};

use crate::system_bus::SystemBus;

/// A service that takes longer tells nothing.
const PATIENCE: Duration = Duration::from_secs(2);

/// `NM_METERED_YES` and `NM_METERED_GUESS_YES`.
const METERED: [u32; 2] = [1, 3];
/// `UP_DEVICE_LEVEL_LOW`; critical ones and those before a switch-off come after it.
const LOW: u32 = 3;

/// The desktop's word on its network and its battery.
#[derive(Debug)]
pub struct LinuxSupplies {
    bus: SystemBus,
}

impl LinuxSupplies {
    /// On the bus at this address, or on the system's.
    #[must_use]
    pub const fn on(address: Option<String>) -> Self {
        Self {
            bus: SystemBus::new(address),
        }
    }
}

impl Supplies for LinuxSupplies {
    fn look(&self) -> BoxFuture<'_, Scarcity> {
        async {
            tokio::time::timeout(PATIENCE, ask(&self.bus))
                .await
                .unwrap_or_default()
        }
        .boxed()
    }
}

/// What nobody tells is not scarce.
async fn ask(bus: &SystemBus) -> Scarcity {
    let Ok(bus) = bus.connect().await else {
        return Scarcity::default();
    };
    let (metered, warning) = futures_util::join!(metered(&bus), warning_level(&bus));
    Scarcity {
        metered: metered.is_ok_and(|metered| METERED.contains(&metered)),
        low_battery: warning.is_ok_and(|level| level >= LOW),
    }
}

async fn metered(bus: &zbus::Connection) -> zbus::Result<u32> {
    NetworkManagerProxy::new(bus).await?.metered().await
}

async fn warning_level(bus: &zbus::Connection) -> zbus::Result<u32> {
    BatteryProxy::new(bus).await?.warning_level().await
}

#[zbus::proxy(
    interface = "org.freedesktop.NetworkManager",
    default_service = "org.freedesktop.NetworkManager",
    default_path = "/org/freedesktop/NetworkManager",
    gen_blocking = false
)]
trait NetworkManager {
    #[zbus(property)]
    fn metered(&self) -> zbus::Result<u32>;
}

/// All batteries as one.
#[zbus::proxy(
    interface = "org.freedesktop.UPower.Device",
    default_service = "org.freedesktop.UPower",
    default_path = "/org/freedesktop/UPower/devices/DisplayDevice",
    gen_blocking = false
)]
trait Battery {
    #[zbus(property)]
    fn warning_level(&self) -> zbus::Result<u32>;
}
