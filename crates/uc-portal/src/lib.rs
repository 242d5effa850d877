//! The reference portal: OpenID provider, catalogue, applications, feed, agencies.
//!
//! One process, one data directory, one encrypted database. Time and chance come in from outside: [`clock`] and
//! [`entropy`]. SQL is in [`store`] only; handlers know its traits.

pub mod accounts;
pub mod agency;
pub mod applications;
pub mod catalogue;
pub mod clock;
pub mod config;
pub mod cursor;
pub mod data_dir;
pub mod demo;
pub mod desk;
pub mod device_proof;
pub mod entropy;
pub mod feed;
pub mod files;
pub mod fingerprint;
pub mod http;
pub mod journal;
pub mod oidc;
pub mod pages;
pub mod passwords;
pub mod pki;
pub mod portal;
pub mod proofing;
pub mod registry;
pub mod senders;
pub mod serve;
pub mod store;
pub mod upstream;
pub mod watch;
pub mod words;

pub use clock::{ManualClock, PortalClock, ScaledClock, SystemClock};
pub use config::{Config, Times};
pub use portal::Portal;
pub use serve::{RunningPortal, StartError, spawn};
