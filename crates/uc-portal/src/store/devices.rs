//! Browsers of persons.

use uc_model::PersonId;

use super::Reply;
use crate::{accounts::Device, entropy::TokenHash};

/// Browsers.
pub trait DeviceStore {
    /// The browser with this secret, as this person's; nobody has none, which is found out as slowly.
    fn find_device(&self, token: TokenHash, person: Option<PersonId>) -> Reply<'_, Option<Device>>;
}
