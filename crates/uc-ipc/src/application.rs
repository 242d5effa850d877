//! Applications: forms, drafts, lists, details.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uc_model::{ActingFor, Answers, ApplicationId, ServiceId};

use crate::{MessageView, Query, View};

/// Asks for a form to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenForm {
    /// What is applied for.
    pub service: ServiceId,
    /// A draft to go on with, or an application to correct; absent for a new draft.
    pub application: Option<ApplicationId>,
}

/// A form with what is filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationForm {
    /// The draft's id: it is the application's from now on.
    pub application: ApplicationId,
    /// What is applied for.
    pub service: ServiceId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// The agency's short name.
    pub agency: String,
    /// In whose name it may be made.
    pub acting: Acting,
    /// JSON Schema 2020-12, for `uc_forms::Form::parse`.
    pub schema: Value,
    /// JSON Forms layout, for `uc_forms::Form::parse`.
    pub layout: Value,
    /// Answers so far.
    pub answers: Answers,
    /// Properties that were filled from the profile.
    pub from_profile: Vec<String>,
    /// The step to go on with, from 0.
    pub step: u32,
    /// What the agency wants corrected.
    pub correction: Option<CorrectionView>,
    /// The draft was begun with an older version of the form: look through it again.
    pub form_changed: bool,
    /// Answers that another device changed differently; `null` where it has none. The person chooses.
    pub conflicts: Answers,
}

/// In whose name an application may be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// The chosen one; absent for the person's own.
    pub chosen: Option<ActingFor>,
    /// The person may apply in their own name.
    pub own: bool,
    /// Other names that they may apply in.
    pub names: Vec<ActingName>,
}

/// A name that a person may act in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActingName {
    /// The number in the register.
    pub number: ActingFor,
    /// The legal entity's name, or the person's own.
    pub name: String,
    /// Until when; absent where it has no term.
    pub until: Option<Timestamp>,
}

/// Keeps what was filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaveDraft {
    /// The draft.
    pub application: ApplicationId,
    /// What is applied for.
    pub service: ServiceId,
    /// In whose name, where it is not the person's own.
    pub acting_for: Option<ActingFor>,
    /// All answers so far.
    pub answers: Answers,
    /// Properties for which the person has chosen between two answers.
    #[serde(default)]
    pub chosen: Vec<String>,
    /// The step shown, from 0.
    pub step: u32,
}

/// A draft is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftSaved {
    /// Since when.
    pub saved_at: Timestamp,
    /// Another device changed it, too: the form shows all of it when it is opened again.
    pub changed_elsewhere: bool,
}

/// Throws a draft away; answers with the first page of applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscardDraft {
    /// The draft.
    pub application: ApplicationId,
}

/// Sends a filled form: a new application, or a correction of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitApplication {
    /// The draft's id.
    pub application: ApplicationId,
    /// What is applied for.
    pub service: ServiceId,
    /// In whose name, where it is not the person's own.
    pub acting_for: Option<ActingFor>,
    /// All answers.
    pub answers: Answers,
    /// Properties for which the person has chosen between two answers.
    #[serde(default)]
    pub chosen: Vec<String>,
}

/// Withdraws an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelApplication {
    /// Which.
    pub application: ApplicationId,
}

/// Asks for a page of applications.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListApplications {
    /// Narrows.
    pub filter: ApplicationFilter,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl Query for ListApplications {
    const VIEW: View = View::Applications;
}

/// Narrows a list; what is absent does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationFilter {
    /// Words in the service's name, the agency's or the number.
    pub text: String,
    /// Only of this group.
    pub group: Option<StateGroup>,
}

/// Groups of states that people ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateGroup {
    /// Not sent.
    Drafts,
    /// On their way, or at the agency.
    Active,
    /// Wait for the person.
    NeedsYou,
    /// Decided or withdrawn.
    Finished,
}

/// A page of applications, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationPage {
    /// The applications.
    pub applications: Vec<ApplicationRow>,
    /// Where the next page begins; absent at the end.
    pub next: Option<String>,
    /// Applications that pass the filter.
    pub total: u32,
}

/// An application in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRow {
    /// Its id.
    pub id: ApplicationId,
    /// What is applied for.
    pub service: ServiceId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// The agency's short name.
    pub agency: String,
    /// The portal's number; absent until it has one.
    pub number: Option<String>,
    /// The state.
    pub state: ApplicationState,
    /// When anything last changed.
    pub updated_at: Timestamp,
    /// By when the agency must decide.
    pub due_at: Option<Timestamp>,
}

/// The honest state of an application, portal's and device's side in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ApplicationState {
    /// Not sent.
    Draft,
    /// Waits on this device to be sent.
    Queued {
        /// Since when.
        since: Timestamp,
    },
    /// Being sent.
    Sending,
    /// Sent, and the answer did not arrive: the portal may have it. It will be asked.
    Unknown,
    /// The portal refused it for a reason that can be mended; it is a draft again.
    Returned,
    /// The portal has it.
    Registered,
    /// The agency works on it.
    InProgress,
    /// The agency asks for a correction.
    NeedsCorrection,
    /// Decided in the person's favour.
    Approved,
    /// Decided against the person.
    Refused,
    /// Withdrawn.
    Cancelled,
}

/// Asks for an application with its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenApplication {
    /// Which.
    pub application: ApplicationId,
}

impl Query for OpenApplication {
    const VIEW: View = View::Applications;
}

/// An application with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationDetails {
    /// What a list shows of it.
    pub row: ApplicationRow,
    /// In whose name it was made, where it was not the person's own.
    pub acting_for: Option<ActingName>,
    /// What comes next.
    pub next_step: NextStep,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Messages from the agency, oldest first.
    pub messages: Vec<MessageView>,
    /// What the agency wants corrected.
    pub correction: Option<CorrectionView>,
    /// Why the portal gave it back, field by field.
    pub returned: Vec<ReturnedAnswer>,
    /// What may be done.
    pub actions: Vec<Action>,
    /// What was filled in.
    pub answers: Vec<AnswerView>,
}

/// What comes next, in words of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Fill in and send.
    FinishDraft,
    /// Sent as soon as the portal can be reached.
    WaitForNetwork,
    /// The portal will be asked whether it has it.
    WaitForAnswer,
    /// Mend and send again.
    Mend,
    /// The agency will take it up.
    WaitForAgency,
    /// The agency will decide.
    WaitForDecision,
    /// Correct and send again.
    Correct,
    /// Nothing.
    Nothing,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// When.
    pub at: Timestamp,
    /// The state from then on.
    pub state: ApplicationState,
    /// The agency's words, if any.
    pub note: Option<String>,
    /// The same in English, if the agency wrote it.
    pub note_en: Option<String>,
}

/// What the agency wants corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionView {
    /// Why, in the agency's words.
    pub note: String,
    /// The same in English, if the agency wrote it.
    pub note_en: Option<String>,
    /// The properties concerned; empty for the whole form.
    pub fields: Vec<String>,
}

/// What may be done with an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Go on filling in.
    Continue,
    /// Send a corrected form.
    Correct,
    /// Withdraw.
    Cancel,
}

/// An answer with its question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerView {
    /// The question.
    pub title: String,
    /// The question in English, if the form has it.
    pub title_en: Option<String>,
    /// The answer, in words.
    pub text: String,
    /// The answer in English, where it is one of the form's options and the form has it.
    pub text_en: Option<String>,
}

/// An answer that the portal refused, with its question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnedAnswer {
    /// The question; the property where the form does not know it.
    pub title: String,
    /// The question in English, if the form has it.
    pub title_en: Option<String>,
    /// The rule that the answer breaks.
    pub fault: uc_forms::FieldFault,
}
