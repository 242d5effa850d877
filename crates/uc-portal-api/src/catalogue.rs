//! The catalogue and its delta.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uc_model::{
    AccountLevel, AgencyId, Audience, Channel, Level, LifeSituationId, Money, RegionId, ServiceId,
    Term,
};

use crate::{Endpoint, Method};

/// Changes in one page of the delta, at most.
pub const CATALOGUE_PAGE: usize = 500;

/// `GET /v1/catalogue`: changes after a cursor. Public; answers carry an `ETag` that names the state of the whole catalogue,
/// whatever the cursor: who has all of it is answered 304 until it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FetchCatalogue {
    /// The `next` of the last page applied; absent for a first sync. A cursor of another catalogue's life is answered
    /// with 410 `cursor_gone`: begin anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Endpoint for FetchCatalogue {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/catalogue";
    const AUTHENTICATED: bool = false;
    type Query = Self;
    type Body = ();
    type Response = CataloguePage;
}

/// One page of changes, to be applied with its cursor in one transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CataloguePage {
    /// In the order in which to apply them.
    pub changes: Vec<CatalogueChange>,
    /// Where the next page begins.
    pub next: String,
    /// Another page waits.
    pub has_more: bool,
    /// Changes from `after` to the end, this page included: for a progress bar.
    pub remaining: u64,
}

/// A [`CataloguePage`] whose changes, each a [`CatalogueChange`], are left as they were written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WrittenCataloguePage {
    /// In the order in which to apply them.
    pub changes: Vec<Box<RawValue>>,
    /// Where the next page begins.
    pub next: String,
    /// Another page waits.
    pub has_more: bool,
    /// Changes from `after` to the end, this page included: for a progress bar.
    pub remaining: u64,
}

/// A change: the whole new value, or a tombstone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CatalogueChange {
    /// A public service is new or changed.
    Service(Box<PublicService>),
    /// A form is new or changed.
    Form(Box<FormDefinition>),
    /// An agency is new or changed.
    Agency(Agency),
    /// A region is new or changed.
    Region(Region),
    /// A life situation is new or changed.
    LifeSituation(LifeSituation),
    /// Something is gone.
    Deleted {
        /// What kind of thing.
        kind: CatalogueKind,
        /// Its id; for a form, the id of its public service.
        id: String,
    },
}

/// Kinds of things in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CatalogueKind {
    /// A [`PublicService`].
    Service,
    /// A [`FormDefinition`].
    Form,
    /// An [`Agency`].
    Agency,
    /// A [`Region`].
    Region,
    /// A [`LifeSituation`].
    LifeSituation,
}

/// A public service (terms of CPSV-AP 3.2). What is not known is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicService {
    /// Its id, never reused.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ServiceId,
    /// Its official or usual name, in Russian.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// What it gives, in one or two sentences.
    pub summary: String,
    /// Who answers for it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub level: Level,
    /// The agency that renders it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub agency: AgencyId,
    /// The region or municipality; absent for federal ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub region: Option<RegionId>,
    /// Who may use it.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub audience: Vec<Audience>,
    /// What an account must be to apply for it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub account_level: AccountLevel,
    /// Life situations that it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub life_situations: Vec<LifeSituationId>,
    /// Other words that people use for it.
    pub keywords: Vec<String>,
    /// Editorial popularity, 1 to 100.
    pub popularity: u8,
    /// Who may apply, in words.
    pub who: String,
    /// What one gets.
    pub result: String,
    /// Documents needed.
    pub documents: Vec<String>,
    /// Ways to get it.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub channels: Vec<Channel>,
    /// How long it takes, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub term: Option<Term>,
    /// What it costs, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Fee>,
    /// Laws and regulations.
    pub legal_ground: Vec<String>,
    /// Where these facts were taken from.
    pub source: String,
    /// The day on which they were known to hold.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub as_of: Date,
    /// It can be applied for here: a [`FormDefinition`] exists.
    pub has_form: bool,
}

/// A state duty or a price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Fee {
    /// The usual sum; zero is free of charge.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub kopecks: Money,
    /// The sum and its exceptions in words.
    pub text: String,
    /// The article that sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_ground: Option<String>,
}

/// A form: data as JSON Schema 2020-12, layout as JSON Forms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FormDefinition {
    /// The public service it applies for.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub service: ServiceId,
    /// Grows with every change: an application names the version that it was filled in.
    pub version: u32,
    /// The JSON Schema.
    pub schema: serde_json::Value,
    /// The JSON Forms layout.
    pub layout: serde_json::Value,
}

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Agency {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: AgencyId,
    /// Its full name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// The name people use.
    pub short: String,
    /// Where it stands.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub level: Level,
    /// Its region or municipality; absent for federal ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub region: Option<RegionId>,
}

/// A region or a municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: RegionId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// A municipality rather than a subject of the Federation.
    #[serde(default)]
    pub municipality: bool,
}

/// A life situation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LifeSituation {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: LifeSituationId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// A Lucide icon's name.
    pub icon: String,
    /// Place among the others, from 0.
    pub position: u16,
}
