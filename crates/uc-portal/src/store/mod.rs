//! What the portal keeps, as traits. SQL is under [`sqlite`] and nowhere else.
//!
//! A method is one transaction: what it decides and what it writes belong together. An area adds a trait in a module
//! of its own, its SQL beside the others, and its name to [`Store`].

use std::{future::Future, pin::Pin};

mod agency;
mod applications;
mod catalogue;
mod codes;
mod devices;
mod factors;
mod feed;
mod files;
mod guesses;
mod identities;
mod journal;
mod logouts;
mod messages;
mod pairing;
mod passkeys;
mod people;
mod proofing;
mod recoveries;
mod registrations;
mod registry;
mod roaming;
mod sessions;
mod settings;
mod sign_in;
pub mod sqlite;

pub use agency::{AgencyStep, AgencyStore, DueJob};
pub use applications::{
    ApplicationCount, ApplicationStore, KeyedWrite, StoredReply, Submission, Terms, Withdrawal,
};
pub use catalogue::{CatalogueSlice, CatalogueStore};
pub use codes::{CodeTry, NewSentCode, Sending, SentCodeStore};
pub use devices::DeviceStore;
pub use factors::{FactorStore, FactorTry, HalfSignIn, TotpOffer};
pub use feed::{FeedSlice, FeedStore};
pub use files::{Appended, Beginning, FileStore, NewFile, NewUpload, Received};
pub use guesses::{Admission, Guess, GuessStore};
pub use identities::{EndedTrip, IdentityLink, IdentityStore, NewTrip, Stranger};
pub use journal::JournalStore;
pub use logouts::{LogoutNotice, LogoutStore};
pub use messages::{DeliveryEnd, MessageLog, MessageStore};
pub use pairing::{NewPairing, Pairing, PairingAnswer, PairingStore, Question};
pub use passkeys::{KeptPasskey, PasskeyStore};
pub use people::{Account, LoginName, NewEmail, NewPerson, PersonStore};
pub use proofing::{
    DeskRefusal, DeskReply, NewPapers, NewScan, OpenedProof, Operator, ProofingStore, Ruling,
    WaitingProof,
};
pub use recoveries::{NewRecovery, Recovered, Recovery, RecoveryStore};
pub use registrations::{NewRegistration, Registered, Registration, RegistrationStore};
pub use registry::RegistryStore;
pub use roaming::{MAX_RECORDS, RoamingRefusal, RoamingStore};
pub use sessions::{HistoryEntry, OpenSession, SessionEnder, SessionStore, Signed};
pub use settings::{SettingStore, StoredKey};
pub use sign_in::{
    AccessGrant, BrowserSession, ClientGrant, CodeRedemption, Flow, IssuedTokens, NewCode, NewFlow,
    NewSession, NewTokens, PushedRequest, RedeemedCode, Refresh, Rotation, Showing, SignInStore,
    SignedIn,
};

/// The answer of a store, when it comes.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused. Its message names tables and columns, never values.
    #[error("the database refused")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No space is left.
    #[error("no space is left for the database")]
    Full,
    /// A row does not read as what it should be.
    #[error("a stored {0} is malformed")]
    Malformed(&'static str),
    /// The transaction did not become durable.
    #[error("the transaction was not committed")]
    NotCommitted,
    /// The store is closed, or the work panicked.
    #[error("the store did not answer")]
    Stopped,
}

/// All that the portal keeps.
pub trait Store:
    AgencyStore
    + ApplicationStore
    + CatalogueStore
    + DeviceStore
    + FactorStore
    + FeedStore
    + FileStore
    + GuessStore
    + IdentityStore
    + JournalStore
    + LogoutStore
    + PairingStore
    + PasskeyStore
    + MessageStore
    + PersonStore
    + ProofingStore
    + RecoveryStore
    + RegistrationStore
    + RegistryStore
    + RoamingStore
    + SentCodeStore
    + SessionStore
    + SettingStore
    + SignInStore
    + Send
    + Sync
    + 'static
{
    /// Fails unless the store reads and writes.
    fn check(&self) -> Reply<'_, ()>;
}
