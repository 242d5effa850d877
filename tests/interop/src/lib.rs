//! Client and portal before judges that others wrote: our client with their provider, their clients with our portal.
//!
//! The judges are programs of Node and Python in `judges/`. They run on loopback, over TLS 1.3 under an authority that is
//! made for the run, and their clocks stand where the test's stands. [`peers`] are measured beside, not asked for a verdict.

pub mod authority;
pub mod client;
pub mod failure;
pub mod forms;
pub mod judges;
pub mod line_program;
mod packages;
pub mod peers;
pub mod provider;
pub mod walk;

#[cfg(all(test, target_os = "linux"))]
mod logind;
#[cfg(test)]
mod our_client;
#[cfg(test)]
mod our_portal;
#[cfg(test)]
mod our_portal_elsewhere;
#[cfg(all(test, target_os = "linux"))]
mod polkit;
#[cfg(all(test, target_os = "linux"))]
mod supplies;

pub use failure::{Failure, Result};
