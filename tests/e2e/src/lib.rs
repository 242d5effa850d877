//! Drives the product as a person would: the real window, a real browser, a real keyring and a real notification daemon.
//!
//! Everything runs in a private folder with a private session bus and display, so that a run neither sees nor leaves
//! anything of the person's own. [`main_job`] is the main job in eight steps, [`screens`] looks at every screen.

pub mod bridge;
pub mod browser;
pub mod desktop;
pub mod failure;
pub mod fault_proxy;
pub mod free_port;
pub mod gallery;
pub mod keyring;
pub mod main_job;
pub mod markers;
pub mod notifications;
pub mod page;
pub mod portal;
pub mod portal_pages;
pub mod process;
pub mod products;
pub mod screens;
pub mod wait;
pub mod window;

pub use failure::{Failure, Result, ensure};
