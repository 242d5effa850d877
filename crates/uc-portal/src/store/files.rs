//! Files of persons, and those on their way.

use jiff::Timestamp;
use uc_model::{ContentHash, PersonId};

use super::Reply;
use crate::files::Cleaned;

/// A file that a person means to send.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Whose.
    pub person: PersonId,
    /// Of the whole file.
    pub hash: ContentHash,
    /// Bytes of the whole file.
    pub size: u64,
    /// Until when it may be completed.
    pub expires_at: Timestamp,
}

/// A file to be kept.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// Whose.
    pub person: PersonId,
    /// Of what was sent.
    pub hash: ContentHash,
    /// Bytes of what was sent.
    pub size: u64,
    /// What is left of it.
    pub file: Cleaned,
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Bytes of the whole file.
    pub size: u64,
    /// Bytes that came, from the first.
    pub received: u64,
    /// Whether it is kept: whole and cleaned.
    pub is_stored: bool,
}

/// What became of a beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// It goes on from here.
    Open(Received),
    /// The person has begun too many, or keeps too much.
    Full,
}

/// What became of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// So far it has come. A chunk that does not begin there, or goes beyond the file, changed nothing.
    Now(Received),
    /// Nothing is on its way under this name.
    Unknown,
}

/// Files.
pub trait FileStore {
    /// Begins an upload or goes on with it; forgets those that have expired.
    fn begin_upload(&self, new: NewUpload, now: Timestamp) -> Reply<'_, Beginning>;

    /// How far a file has come.
    fn find_upload(
        &self,
        person: PersonId,
        hash: ContentHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Received>>;

    /// Adds a chunk where the others end.
    fn append_chunk(
        &self,
        person: PersonId,
        hash: ContentHash,
        start: u64,
        chunk: Vec<u8>,
        now: Timestamp,
    ) -> Reply<'_, Appended>;

    /// All bytes of an upload, when all have come.
    fn read_upload(&self, person: PersonId, hash: ContentHash) -> Reply<'_, Option<Vec<u8>>>;

    /// Forgets an upload.
    fn drop_upload(&self, person: PersonId, hash: ContentHash) -> Reply<'_, ()>;

    /// Keeps a file, and ends its upload; `false` when the person keeps too much.
    fn insert_file(&self, new: NewFile, now: Timestamp) -> Reply<'_, bool>;

    /// A file of this person.
    fn find_file(&self, person: PersonId, hash: ContentHash) -> Reply<'_, Option<Cleaned>>;
}
