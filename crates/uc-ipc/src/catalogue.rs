//! The catalogue as people see it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uc_model::{
    AccountLevel, AgencyId, ApplicationId, Audience, Channel, Level, LifeSituationId, Marks, Money,
    RegionId, ServiceId, Term,
};

use crate::{Query, View};

/// Asks for the [`CatalogueOverview`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCatalogue {}

impl Query for OpenCatalogue {
    const VIEW: View = View::Catalogue;
}

/// Ways into the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueOverview {
    /// Public services in all.
    pub services: u32,
    /// Life situations, in their own order.
    pub life_situations: Vec<LifeSituationCard>,
    /// Agencies with services, by name.
    pub agencies: Vec<AgencyCard>,
    /// Regions and municipalities with services of their own, by name.
    pub regions: Vec<RegionCard>,
}

/// A life situation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifeSituationCard {
    /// Its id.
    pub id: LifeSituationId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// A Lucide icon's name.
    pub icon: String,
    /// Public services in it.
    pub services: u32,
}

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyCard {
    /// Its id.
    pub id: AgencyId,
    /// The name people use.
    pub short: String,
    /// Its full name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// Where it stands.
    pub level: Level,
    /// Public services of it.
    pub services: u32,
}

/// A region or municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionCard {
    /// Its id.
    pub id: RegionId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// A municipality.
    pub municipality: bool,
    /// Public services of its own.
    pub services: u32,
}

/// Finds public services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchServices {
    /// Words as typed; empty for all that pass the filter, most popular first.
    pub text: String,
    /// Narrows.
    pub filter: ServiceFilter,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl Query for SearchServices {
    const VIEW: View = View::Catalogue;
}

/// Narrows a search; what is absent does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFilter {
    /// Only of this life situation.
    pub life_situation: Option<LifeSituationId>,
    /// Only of this agency.
    pub agency: Option<AgencyId>,
    /// Only of this region or municipality.
    pub region: Option<RegionId>,
    /// Only those that can be applied for here.
    pub with_form: bool,
    /// Only those for these.
    #[serde(default)]
    pub audience: Option<Audience>,
}

/// A page of services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServicePage {
    /// The services, best first.
    pub services: Vec<ServiceRow>,
    /// Where the next page begins; absent at the end.
    pub next: Option<String>,
    /// Services found in all.
    pub total: u32,
}

/// A service in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    /// Its id.
    pub id: ServiceId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// The agency's short name.
    pub agency: String,
    /// The region's name, for services that are not federal.
    pub region: Option<String>,
    /// The term in words, if known.
    pub term: Option<String>,
    /// What it costs, if known.
    pub fee: Option<Money>,
    /// It can be applied for here.
    pub has_form: bool,
    /// What a search found of its names; nothing in other lists.
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
}

/// Asks which services are meant by what is typed so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestServices {
    /// Words as typed.
    pub text: String,
}

impl Query for SuggestServices {
    const VIEW: View = View::Catalogue;
}

/// Services that may be meant, a handful.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// The most popular first; none while nothing is typed.
    pub services: Vec<ServiceRow>,
}

/// Asks for a service's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenService {
    /// Which.
    pub service: ServiceId,
}

impl Query for OpenService {
    const VIEW: View = View::Catalogue;
}

/// A service's page. What is not known is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceDetails {
    /// What a list shows of it.
    pub row: ServiceRow,
    /// What it gives.
    pub summary: String,
    /// Who answers for it.
    pub level: Level,
    /// The agency's full name.
    pub agency_title: String,
    /// The agency's name in English.
    pub agency_title_en: String,
    /// Who may use it.
    pub audience: Vec<Audience>,
    /// What an account must be to apply.
    pub account_level: AccountLevel,
    /// Who may apply, in words.
    pub who: String,
    /// What one gets.
    pub result: String,
    /// Documents needed.
    pub documents: Vec<String>,
    /// Ways to get it.
    pub channels: Vec<Channel>,
    /// How long it takes.
    pub term: Option<Term>,
    /// What it costs.
    pub fee: Option<FeeView>,
    /// Laws and regulations.
    pub legal_ground: Vec<String>,
    /// Where these facts were taken from.
    pub source: String,
    /// The day on which they were known to hold.
    pub as_of: Date,
    /// A draft for it that was begun.
    pub draft: Option<ApplicationId>,
}

/// What a service costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeView {
    /// The usual sum; zero is free of charge.
    pub sum: Money,
    /// The sum and its exceptions in words.
    pub text: String,
    /// The article that sets it.
    pub legal_ground: Option<String>,
}
