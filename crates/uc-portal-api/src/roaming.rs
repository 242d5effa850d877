//! What follows a person between devices: drafts and settings, field by field.
//!
//! The portal keeps the newest version of each record and merges nothing: a device that writes names the version that it
//! has seen, and one that has not seen the newest is refused (409 `revision_conflict`), fetches it and merges.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::{Answers, ApplicationId};

use crate::{Endpoint, Method};

/// Bytes of a record's fields as JSON, at most.
pub const MAX_ROAMING_BYTES: usize = 64 * 1024;

/// Which record: `settings`, or `draft-` and the application that it becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RoamingId {
    /// A form being filled in.
    Draft(ApplicationId),
    /// The person's settings.
    Settings,
}

/// The text is no [`RoamingId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a roaming record's id")]
pub struct InvalidRoamingId;

const SETTINGS: &str = "settings";
const DRAFT: &str = "draft-";

impl FromStr for RoamingId {
    type Err = InvalidRoamingId;

    fn from_str(text: &str) -> Result<Self, InvalidRoamingId> {
        if text == SETTINGS {
            return Ok(Self::Settings);
        }
        let id = text.strip_prefix(DRAFT).ok_or(InvalidRoamingId)?;
        let id: ApplicationId = id.parse().map_err(|_| InvalidRoamingId)?;
        // A UUID can be written in other ways, and a record has one name.
        let found = Self::Draft(id);
        (found.to_string() == text)
            .then_some(found)
            .ok_or(InvalidRoamingId)
    }
}

impl fmt::Display for RoamingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft(id) => write!(f, "{DRAFT}{id}"),
            Self::Settings => f.write_str(SETTINGS),
        }
    }
}

impl TryFrom<String> for RoamingId {
    type Error = InvalidRoamingId;

    fn try_from(text: String) -> Result<Self, InvalidRoamingId> {
        text.parse()
    }
}

impl From<RoamingId> for String {
    fn from(id: RoamingId) -> Self {
        id.to_string()
    }
}

/// `PUT /v1/roaming/{id}`: writes a record. The same version written again, as after a lost answer, is answered as at first.
#[derive(Debug, Clone, Copy)]
pub struct WriteRoaming;

impl Endpoint for WriteRoaming {
    const METHOD: Method = Method::Put;
    const PATH: &'static str = "/v1/roaming/{id}";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = RoamingVersion;
    type Response = RoamingRecord;
}

/// `GET /v1/roaming/{id}`.
#[derive(Debug, Clone, Copy)]
pub struct FetchRoaming;

impl Endpoint for FetchRoaming {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/roaming/{id}";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = ();
    type Response = RoamingRecord;
}

/// A version to be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoamingVersion {
    /// The revision that it is made of; 0 where there was none.
    pub base: u64,
    /// The fields; absent where the record is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub fields: Option<Answers>,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoamingRecord {
    /// Which.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: RoamingId,
    /// Grows by one with each version.
    pub revision: u64,
    /// When it was written.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub updated_at: Timestamp,
    /// The fields; absent where the record was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub fields: Option<Answers>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ob_11_a_record_has_one_name() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let draft: RoamingId = format!("draft-{id}").parse().unwrap();
        assert_eq!(draft.to_string(), format!("draft-{id}"));
        assert_eq!("settings".parse(), Ok(RoamingId::Settings));
        for wrong in [
            "",
            "draft-",
            "Settings",
            id,
            &format!("draft-{}", id.to_uppercase()),
            &format!("draft-{}", id.replace('-', "")),
            "draft-../settings",
        ] {
            assert_eq!(wrong.parse::<RoamingId>(), Err(InvalidRoamingId), "{wrong}");
        }
    }
}
