//! What the portal knows of the person, as the vault keeps it, and the portal's own pages about it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uc_model::AccountLevel;

use crate::{ActingName, Query, View};

/// Asks for the [`Profile`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenProfile {}

impl Query for OpenProfile {
    const VIEW: View = View::Profile;
}

/// What the portal knows of the person. Empty until it came for the first time.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// How well the account is known to be theirs; absent while nothing is known.
    pub level: Option<AccountLevel>,
    /// Whom they may act for beside themselves.
    pub acts_for: Vec<ActingName>,
    /// Family name, given name, patronymic.
    pub name: String,
    /// Day of birth.
    pub birth_date: Option<Date>,
    /// `+79001234567`.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Address of residence in one line.
    pub address: Option<String>,
    /// СНИЛС, `112-233-445 95`.
    pub snils: Option<String>,
    /// ИНН.
    pub inn: Option<String>,
    /// Series and number of the passport, `4510 123456`.
    pub passport: Option<String>,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Profile(•••)")
    }
}

/// Opens one of the portal's own pages in the system browser. Whoever comes there signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPortalPage {
    /// Which.
    pub page: PortalPage,
}

/// A page of the portal about the person's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalPage {
    /// Documents, and the confirmation of the account.
    Documents,
    /// What is shown beside the password at a sign-in.
    Protection,
}
