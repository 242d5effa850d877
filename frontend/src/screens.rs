//! Screens: one file for each place, which may ask the core.

pub(crate) mod account;
pub(crate) mod application_form;
pub(crate) mod catalogue;
pub(crate) mod change_passcode;
pub(crate) mod home;
pub(crate) mod inbox;
pub(crate) mod not_found;
pub(crate) mod profile;
pub(crate) mod receipt;
pub(crate) mod request;
pub(crate) mod requests;
pub(crate) mod service;
pub(crate) mod services;
pub(crate) mod set_passcode;
pub(crate) mod settings;
pub(crate) mod unlock;
pub(crate) mod welcome;
