//! Files of persons: scans and what goes with an application.
//!
//! A file is named by the SHA-256 of what its person sent, and belongs to that person alone: nobody learns from an upload
//! what others have. What is kept was looked at and cleaned first ([`clean()`]); names of files are not kept. A file is
//! whole or not there: chunks become one when the last has come.

mod clean;
mod hash;
mod http;
mod jpeg;
mod picture;

use uc_model::{ContentHash, PersonId};

use crate::{
    portal::Portal,
    store::{NewFile, StoreError},
};

pub use clean::{Cleaned, FileFault, clean};
pub use hash::hash_of;
pub use http::router;
pub use uc_model::{FileKind, MAX_FILE_BYTES};

/// Bytes of all files of a person, begun ones at their full size, at most.
pub const MAX_PERSON_BYTES: u64 = 200 * 1024 * 1024;

/// Uploads that a person may have begun at a time.
pub const MAX_BEGUN: u64 = 8;

/// Hours that an upload may take; what is not whole by then is forgotten.
pub const UPLOAD_HOURS: i64 = 24;

/// Cleans a file, which must be of a kind that is taken here, and keeps it; also ends its upload, where it came by one.
pub async fn keep(
    portal: &Portal,
    person: &PersonId,
    bytes: Vec<u8>,
    is_taken: impl Fn(FileKind) -> bool,
) -> Result<Result<Kept, FileFault>, StoreError> {
    let (hash, size) = (hash_of(&bytes), bytes.len() as u64);
    let cleaned = tokio::task::spawn_blocking(move || clean(&bytes)).await;
    // A parser that panics has met a file that no parser reads.
    let file = match cleaned.unwrap_or(Err(FileFault::Damaged)) {
        Ok(file) if is_taken(file.kind) => file,
        Ok(_) => return Ok(Err(FileFault::WrongKind)),
        Err(fault) => return Ok(Err(fault)),
    };
    let kind = file.kind;
    let new = NewFile {
        person: person.clone(),
        hash,
        size,
        file,
    };
    let is_kept = portal.store.insert_file(new, portal.clock.now()).await?;
    Ok(if is_kept {
        Ok(Kept { hash, kind })
    } else {
        Err(FileFault::NoRoom)
    })
}

/// A file that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub hash: ContentHash,
    /// What it is.
    pub kind: FileKind,
}
