//! Where persons are signed in, and the history that each may read.

use jiff::Timestamp;
use uc_model::{PersonId, SessionId};
use uuid::Uuid;

use super::Reply;
use crate::{
    accounts::{CoarseAddress, DeviceName, NamedDevice},
    journal::{JournalEntry, Scene},
    oidc::Scope,
    senders::NewMessage,
};

/// What is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// A client: the session's id is the grant's.
    Client {
        /// The client's id.
        id: String,
        /// What it was allowed.
        scope: Scope,
    },
    /// A browser: the session's id is the device's.
    Browser,
}

/// One place where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Its id.
    pub id: SessionId,
    /// What is signed in.
    pub signed: Signed,
    /// The browser that it is, or in which it was allowed.
    pub device: Option<NamedDevice>,
    /// When the person had signed in.
    pub signed_in_at: Timestamp,
    /// When tokens were last issued to it, or the browser last did something.
    pub last_used_at: Timestamp,
}

/// Who wants sessions to end.
#[derive(Debug, Clone)]
pub struct SessionEnder {
    /// Whose sessions.
    pub person: PersonId,
    /// The grant of the token that was shown.
    pub grant: Uuid,
    /// Where from.
    pub address: CoarseAddress,
    /// When.
    pub at: Timestamp,
    /// What the person is told if anything ends.
    pub notice: Option<NewMessage>,
}

/// An entry of the journal and the browser that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The entry.
    pub entry: JournalEntry,
    /// The browser, if it is still known.
    pub device: Option<NamedDevice>,
}

/// Sessions of persons.
pub trait SessionStore {
    /// Where a person is signed in, the last used first.
    fn list_sessions(&self, person: PersonId, now: Timestamp) -> Reply<'_, Vec<OpenSession>>;

    /// Ends a session, open or not; false when there was never such a session of this person.
    fn end_session(&self, ender: SessionEnder, id: SessionId) -> Reply<'_, bool>;

    /// Names the device of a session; false when this person has no such session, or it has no device.
    fn rename_device(&self, person: PersonId, id: SessionId, name: DeviceName) -> Reply<'_, bool>;

    /// When what a client was allowed ends at the latest; `None` when it has ended.
    fn find_grant_end(&self, grant: Uuid) -> Reply<'_, Option<Timestamp>>;

    /// Keeps the certificate of a session's device, unless there is one already; tells the one that is kept.
    fn keep_device_certificate(&self, grant: Uuid, certificate: Vec<u8>) -> Reply<'_, Vec<u8>>;

    /// The certificate of a session's device.
    fn find_device_certificate(&self, grant: Uuid) -> Reply<'_, Option<Vec<u8>>>;

    /// Ends what a client was allowed, and nothing else; false when this person never allowed it.
    fn end_access(&self, person: PersonId, id: SessionId, scene: Scene) -> Reply<'_, bool>;

    /// Ends all sessions but the one that asks.
    fn end_other_sessions(&self, ender: SessionEnder) -> Reply<'_, ()>;

    /// Entries of a person before a place, newest first.
    fn list_history(
        &self,
        person: PersonId,
        before: u64,
        limit: usize,
    ) -> Reply<'_, Vec<HistoryEntry>>;
}
