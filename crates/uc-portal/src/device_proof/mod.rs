//! Acts that only the person at the device may do: signed by a key of the device, which the portal has certified.
//!
//! Tokens and their key are what a session needs to read. The device's key lies apart from them behind the passcode or the
//! sensor, so that who has come by a session alone can send nothing in the person's name.

mod acted;
mod authority;
mod http;

pub(crate) use acted::{Acted, NoBody};
pub use authority::{Certified, DeviceAuthority};
pub(crate) use http::router;
