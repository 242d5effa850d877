//! Persons and how they prove who they are: where from, and in which browsers.

mod device;
mod peer;

pub use device::{Device, DeviceId, DeviceName, SeenDevice};
pub use peer::{CoarseAddress, CountedAddress, Peer};
