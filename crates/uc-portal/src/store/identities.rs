//! Persons as other identity providers know them, and browsers that left for one.

use jiff::Timestamp;
use uc_model::PersonId;

use super::Reply;
use crate::{
    data_dir::hex,
    entropy::TokenHash,
    journal::{Scene, Word},
    upstream::{Identity, Trip},
};

/// A browser that leaves for a provider.
#[derive(Debug, Clone)]
pub struct NewTrip {
    /// Of the state that comes back.
    pub state: TokenHash,
    /// The id of the flow that it leaves.
    pub flow: String,
    /// Of the browser's secret.
    pub browser: TokenHash,
    /// Where to.
    pub provider: Word,
    /// What the answer is checked against.
    pub trip: Trip,
}

/// A trip that ends.
#[derive(Debug, Clone)]
pub struct EndedTrip {
    /// The id of the flow that it came from.
    pub flow: String,
    /// Where it led.
    pub provider: Word,
    /// What the answer is checked against.
    pub trip: Trip,
}

/// Somebody from a provider whose account is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The provider that they came from.
    pub provider: Word,
    /// What it calls them.
    pub called: Option<String>,
}

/// Somebody at a provider who opens an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityLink {
    /// The provider.
    pub issuer: String,
    /// Its name of them.
    pub subject: String,
    /// What it called them when they were linked.
    pub called: Option<String>,
    /// Since when.
    pub linked_at: Timestamp,
}

impl IdentityLink {
    /// What addresses of pages call it: nothing of the person is in it.
    #[must_use]
    pub fn id(&self) -> String {
        let both = format!("{} {}", self.issuer, self.subject);
        hex(&TokenHash::of(&both).0).as_str().to_owned()
    }
}

/// Links to other identity providers.
pub trait IdentityStore {
    /// Begins a trip; `false` when its flow is not the browser's or has ended.
    fn insert_trip(&self, trip: NewTrip, now: Timestamp) -> Reply<'_, bool>;

    /// Ends the trip that this state and browser began, once. Another browser's is left as it is.
    fn take_trip(
        &self,
        state: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<EndedTrip>>;

    /// Whose account this is. Says in the journal where they came from.
    fn recognise_identity(
        &self,
        identity: Identity,
        provider: Word,
        scene: Scene,
    ) -> Reply<'_, Option<PersonId>>;

    /// Keeps somebody until a password tells whose account is to be linked; a password that was given before does not.
    fn insert_stranger(&self, flow: TokenHash, identity: Identity, provider: Word)
    -> Reply<'_, ()>;

    /// Forgets them.
    fn delete_stranger(&self, flow: TokenHash) -> Reply<'_, ()>;

    /// Who opens this person's account, oldest first.
    fn list_links(&self, person: PersonId) -> Reply<'_, Vec<IdentityLink>>;

    /// Ends a link of this person, and says so in the journal; `false` when there is none.
    fn delete_link(
        &self,
        person: PersonId,
        link: IdentityLink,
        provider: Option<Word>,
        scene: Scene,
    ) -> Reply<'_, bool>;
}
