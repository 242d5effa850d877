//! Persons and how they prove who they are: what is compared, what is counted, and what is known of a browser.

mod device;
mod limits;
mod password;
mod peer;

pub use device::{Device, DeviceId, DeviceName, SeenDevice};
pub use limits::{Allowance, Subject, Tally};
pub use password::{RecogniseError, Recognised, Visit, recognise};
pub use peer::{CoarseAddress, CountedAddress, Peer};
