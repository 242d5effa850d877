//! The person's profile: what fills forms.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use uc_model::{AccountLevel, ActingFor, InnPerson, PassportNumber, PersonId, Phone, Snils};

use crate::{Endpoint, Method};

/// `GET /v1/profile`.
#[derive(Debug, Clone, Copy)]
pub struct FetchProfile;

impl Endpoint for FetchProfile {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/profile";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = ();
    type Response = PersonProfile;
}

/// What the portal knows of a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PersonProfile {
    /// Whose.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: PersonId,
    /// How well the account is known to be theirs. A portal that does not say knows nothing of documents.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub level: AccountLevel,
    /// Family name.
    pub last_name: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Day of birth.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub birth_date: Date,
    /// СНИЛС.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub snils: Option<Snils>,
    /// ИНН.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub inn: Option<InnPerson>,
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub phone: Option<Phone>,
    /// E-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Address of residence in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Passport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub passport_number: Option<PassportNumber>,
    /// Day of the passport's issue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub passport_issued_on: Option<Date>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passport_issued_by: Option<String>,
    /// Code of the issuing department, `770-001`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passport_division_code: Option<String>,
    /// Whom they may act for beside themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<Capacity>,
}

/// Somebody whom a person may act for, or acted for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Capacity {
    /// The number in the register.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub number: ActingFor,
    /// The legal entity's name, or the person's own.
    pub name: String,
    /// Until when; absent where it has no term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub until: Option<Timestamp>,
}

impl PersonProfile {
    /// A profile with nothing in it but who somebody is.
    #[must_use]
    pub const fn new(
        id: PersonId,
        last_name: String,
        first_name: String,
        birth_date: Date,
    ) -> Self {
        Self {
            id,
            level: AccountLevel::Simplified,
            last_name,
            first_name,
            middle_name: None,
            birth_date,
            snils: None,
            inn: None,
            phone: None,
            email: None,
            address: None,
            passport_number: None,
            passport_issued_on: None,
            passport_issued_by: None,
            passport_division_code: None,
            capacities: Vec::new(),
        }
    }
}

impl std::fmt::Debug for PersonProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonProfile(•••)")
    }
}
