//! Applications and the person's feed. The case model is Dialogporten's dialog.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::{
    ActingFor, AgencyId, Answers, ApplicationId, ApplicationStatus, PersonId, ServiceId,
};

use crate::{Capacity, Endpoint, Method, PersonProfile, RoamingRecord};

/// Changes in one page of the feed, at most.
pub const FEED_PAGE: usize = 200;

/// `PUT /v1/applications/{id}`: submits a revision. Needs the idempotency key header.
///
/// The same key and body again answer with the stored reply; the same key with another body is 422
/// `idempotency_mismatch`; without a key it is 400 `idempotency_key_missing`.
#[derive(Debug, Clone, Copy)]
pub struct SubmitApplication;

impl Endpoint for SubmitApplication {
    const METHOD: Method = Method::Put;
    const PATH: &'static str = "/v1/applications/{id}";
    const AUTHENTICATED: bool = true;
    const DEVICE_PROVEN: bool = true;
    type Query = ();
    type Body = SubmittedApplication;
    type Response = Dialog;
}

/// `GET /v1/applications/{id}`.
#[derive(Debug, Clone, Copy)]
pub struct FetchApplication;

impl Endpoint for FetchApplication {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/applications/{id}";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = ();
    type Response = Dialog;
}

/// `POST /v1/applications/{id}/cancel`: withdraws. Needs the idempotency key header; 409 `already_decided` when too late.
#[derive(Debug, Clone, Copy)]
pub struct CancelApplication;

impl Endpoint for CancelApplication {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v1/applications/{id}/cancel";
    const AUTHENTICATED: bool = true;
    const DEVICE_PROVEN: bool = true;
    type Query = ();
    type Body = ();
    type Response = Dialog;
}

/// The body of a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmittedApplication {
    /// What is applied for.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub service: ServiceId,
    /// The form's version; another than the portal's is 409 `stale_form`.
    pub form_version: u32,
    /// 1 for the first submission, one more for each correction.
    pub revision: u32,
    /// In whose name, where it is not the person's own; the same in every correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub acting_for: Option<ActingFor>,
    /// Answers by property of the form's schema.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answers: Answers,
}

/// `GET /v1/feed`: everything that changed for the person after a cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FetchFeed {
    /// The `next` of the last page applied; absent for a first sync.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Endpoint for FetchFeed {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/feed";
    const AUTHENTICATED: bool = true;
    type Query = Self;
    type Body = ();
    type Response = Feed;
}

/// One page of the feed, to be applied with its cursor in one transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Feed {
    /// In the order in which to apply them.
    pub changes: Vec<FeedChange>,
    /// Where the next page begins.
    pub next: String,
    /// Another page waits.
    pub has_more: bool,
}

/// A change in the person's affairs: the whole new value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FeedChange {
    /// An application is new or changed.
    Application(Box<Dialog>),
    /// The profile changed.
    Profile(Box<PersonProfile>),
    /// Something that follows the person between devices changed.
    Roaming(Box<RoamingRecord>),
}

/// Dialogporten's status of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DialogStatus {
    /// The agency works.
    InProgress,
    /// Not sent.
    Draft,
    /// The person must act.
    RequiresAttention,
    /// Decided or withdrawn.
    Completed,
    /// No status applies.
    NotApplicable,
    /// Waits for the agency to begin.
    Awaiting,
}

impl From<ApplicationStatus> for DialogStatus {
    fn from(status: ApplicationStatus) -> Self {
        match status {
            ApplicationStatus::Registered => Self::Awaiting,
            ApplicationStatus::InProgress => Self::InProgress,
            ApplicationStatus::NeedsCorrection => Self::RequiresAttention,
            ApplicationStatus::Approved
            | ApplicationStatus::Refused
            | ApplicationStatus::Cancelled => Self::Completed,
        }
    }
}

/// An application with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Dialog {
    /// The application's id, made by the client.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ApplicationId,
    /// Grows with every change; the greater one is the truth.
    pub revision: u64,
    /// The agency.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub org: AgencyId,
    /// Whose it is.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub party: PersonId,
    /// In whose name, where it was not the person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<Capacity>,
    /// What is applied for.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub service_resource: ServiceId,
    /// Dialogporten's status, derived from `extended_status`.
    pub status: DialogStatus,
    /// Our status.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub extended_status: ApplicationStatus,
    /// Done, in percent.
    pub progress: u8,
    /// By when the agency must decide, if the term is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub due_at: Option<Timestamp>,
    /// When the portal got it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// When anything last changed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub updated_at: Timestamp,
    /// The number for people: `ЕК-2026-000042`.
    pub external_reference: String,
    /// Words.
    pub content: DialogContent,
    /// What happened, oldest first.
    pub activities: Vec<Activity>,
    /// Messages from the agency, oldest first.
    pub transmissions: Vec<Transmission>,
    /// What the person may do now.
    pub gui_actions: Vec<GuiAction>,
    /// What to correct, when `extended_status` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// Number of the submission that the portal holds.
    pub submission: u32,
    /// The form's version of that submission.
    pub form_version: u32,
    /// Its answers: another device of the person shows and corrects them.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub answers: Answers,
}

/// The words of a dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DialogContent {
    /// The public service's name.
    pub title: String,
    /// What is the matter now, in one sentence; Russian.
    pub summary: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// What.
    #[serde(rename = "type")]
    pub kind: ActivityKind,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// The status from then on.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub status: ApplicationStatus,
    /// The agency's words, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The same in English, if the agency wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_en: Option<String>,
}

/// Dialogporten's kinds of activity, as far as they occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ActivityKind {
    /// The portal got the application.
    DialogCreated,
    /// A form was sent, first or corrected.
    FormSubmitted,
    /// The status changed.
    Information,
    /// The person must send the form again.
    SentToFormFill,
    /// Decided or withdrawn.
    DialogClosed,
}

/// A message from the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Transmission {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: uc_model::MessageId,
    /// When it was sent.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// Its words, Russian.
    pub text: String,
    /// Its words in English, if the agency wrote them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_en: Option<String>,
}

/// What the person may do with a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GuiAction {
    /// Send a corrected form.
    Correct,
    /// Withdraw.
    Cancel,
}

/// What the agency wants corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    /// Why, in the agency's words.
    pub note: String,
    /// The same in English, if the agency wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note_en: Option<String>,
    /// The properties concerned; empty for the whole form.
    pub fields: Vec<String>,
}
