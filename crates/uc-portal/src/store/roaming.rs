//! What follows persons between devices.

use jiff::Timestamp;
use uc_model::PersonId;
use uc_portal_api::{RoamingId, RoamingRecord, RoamingVersion};

use super::Reply;

/// Records of a person that are not given up, at most.
pub const MAX_RECORDS: u64 = 500;

/// Why a version is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoamingRefusal {
    /// It is not made of the newest one.
    Outdated,
    /// The person keeps as many records as a person may.
    Full,
}

/// Roaming records.
pub trait RoamingStore {
    /// Writes a version that is made of the newest one; the same one again changes nothing.
    fn write_roaming(
        &self,
        person: PersonId,
        id: RoamingId,
        version: RoamingVersion,
        now: Timestamp,
    ) -> Reply<'_, Result<RoamingRecord, RoamingRefusal>>;

    /// The newest version.
    fn find_roaming(&self, person: PersonId, id: RoamingId) -> Reply<'_, Option<RoamingRecord>>;
}
