//! The application: one module for each thing a person does, and the ports it needs from the device.
//!
//! Locks are never held across the network; tasks belong to [`Core`] and end with it.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a path to a method of a store's view is not general over the view's lifetime"
)]

mod account;
mod acting;
mod appearance;
mod applications;
mod at_stake;
mod attach;
mod catalogue;
mod change_passcode;
mod core;
mod dashboard;
mod desk;
mod device_key;
mod events;
mod forms;
mod gate;
mod inbox;
mod keys;
mod link;
mod news;
mod notifications;
mod outbox;
mod portal;
mod portal_fault;
pub mod ports;
mod profile;
mod roaming;
mod sensor_unlock;
mod session;
mod settings;
mod sign_in;
mod sign_out;
mod store;
mod submit_application;
mod sync;
mod unlock;
mod upkeep;

pub use crate::core::{Config, Core, PortalConfig, StartError};
/// How expensive it is to guess a passcode.
pub use uc_auth::lock::KdfParams;
