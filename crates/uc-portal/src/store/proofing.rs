//! What persons say of their documents, and what operators decide on it.

use jiff::Timestamp;
use uc_model::{ContentHash, PersonId};
use uc_portal_api::PersonProfile;
use uuid::Uuid;

use super::Reply;
use crate::{
    files::Cleaned,
    journal::Scene,
    pages::Language,
    proofing::{Decision, Papers, Proofing, ScanPage},
    senders::NewMessage,
};

/// What a person says of their documents.
#[derive(Debug, Clone)]
pub struct NewPapers {
    /// Who.
    pub person: PersonId,
    /// The id of this change.
    pub id: Uuid,
    /// What.
    pub papers: Papers,
    /// When and where.
    pub scene: Scene,
}

/// A page that a person shows.
#[derive(Debug, Clone)]
pub struct NewScan {
    /// Who.
    pub person: PersonId,
    /// The id of this change.
    pub id: Uuid,
    /// Which page.
    pub page: ScanPage,
    /// A file of the person.
    pub hash: ContentHash,
}

/// Who asks at the desk. Whether they may is looked up in the transaction.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Who.
    pub person: PersonId,
    /// When.
    pub now: Timestamp,
}

/// A row of what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingProof {
    /// The last change.
    pub id: Uuid,
    /// Since when it waits.
    pub since: Timestamp,
}

/// What an operator sees.
#[derive(Debug, Clone)]
pub struct OpenedProof {
    /// Who it is about, as the portal knows them.
    pub profile: PersonProfile,
    /// What they say and show.
    pub proofing: Proofing,
    /// The language in which they sent it.
    pub language: Language,
}

/// A decision of an operator.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// Who decides.
    pub operator: Operator,
    /// On which change.
    pub id: Uuid,
    /// What.
    pub decision: Decision,
    /// What the person is told.
    pub notice: Option<NewMessage>,
}

/// Why an operator does not get what they ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeskRefusal {
    /// They have not the power.
    #[error("the person has no such power at the desk")]
    NotEmpowered,
    /// It waits no longer: decided, or changed by its person.
    #[error("it waits no longer")]
    Gone,
    /// Nobody decides on their own documents.
    #[error("the documents are the operator's own")]
    Own,
    /// A number belongs to another confirmed person.
    #[error("a number belongs to another person")]
    NumberTaken,
}

/// The answer to an operator.
pub type DeskReply<'a, T> = Reply<'a, Result<T, DeskRefusal>>;

/// Proofing.
pub trait ProofingStore {
    /// What a person says and shows.
    fn find_proofing(&self, person: PersonId) -> Reply<'_, Option<Proofing>>;

    /// Keeps what a person says, and raises the account to the standard level; `false` when it waits or is confirmed.
    fn save_papers(&self, new: NewPapers) -> Reply<'_, bool>;

    /// Keeps a page that a person shows; `false` when nothing is said yet, or it waits or is confirmed.
    fn attach_scan(&self, new: NewScan) -> Reply<'_, bool>;

    /// Sends it to the operators; `false` unless it is ready.
    fn send_proofing(&self, person: PersonId, language: Language, scene: Scene) -> Reply<'_, bool>;

    /// A page that a person shows.
    fn find_scan(&self, person: PersonId, page: ScanPage) -> Reply<'_, Option<Cleaned>>;

    /// What waits, the longest first; the operator's own is not among it.
    fn list_waiting(&self, operator: Operator, limit: usize) -> DeskReply<'_, Vec<WaitingProof>>;

    /// What waits under this id. The journal tells the person who looked.
    fn open_waiting(&self, operator: Operator, id: Uuid) -> DeskReply<'_, OpenedProof>;

    /// The same for the operator who has looked at it already.
    fn find_waiting(&self, operator: Operator, id: Uuid) -> DeskReply<'_, OpenedProof>;

    /// A page of it.
    fn find_waiting_scan(
        &self,
        operator: Operator,
        id: Uuid,
        page: ScanPage,
    ) -> DeskReply<'_, Cleaned>;

    /// Decides: the numbers become the person's and the account is confirmed, or it goes back to the person.
    fn decide(&self, ruling: Ruling) -> DeskReply<'_, ()>;
}
