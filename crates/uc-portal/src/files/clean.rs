//! Which files are taken, and what is left of them.
//!
//! The kind is read from the first bytes: neither a name nor a media type that somebody sends is believed. Pictures lose
//! all that is not the picture (place, camera, owner, whatever follows the end), so that what is kept is nothing else at
//! the same time.

use uc_model::{FileKind, MAX_FILE_BYTES};

use super::picture;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It has more bytes than are taken.
    #[error("the file is too large")]
    TooLarge,
    /// It is of another kind.
    #[error("the file is of a kind that is not taken")]
    WrongKind,
    /// It begins as one of the kinds and is none.
    #[error("the file is damaged")]
    Damaged,
    /// The picture has more points than are taken.
    #[error("the picture has too many points")]
    TooManyPoints,
    /// Its person keeps as much as a person may.
    #[error("no room is left for the person's files")]
    NoRoom,
}

/// A file as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// What it is.
    pub kind: FileKind,
    /// What is left of it.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Cleaned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cleaned({:?}, {} bytes)", self.kind, self.bytes.len())
    }
}

/// A PDF says so near its end, too.
const PDF_END: &[u8] = b"%%EOF";
const PDF_END_WITHIN: usize = 1024;

/// Looks at a file and keeps what is to be kept.
pub fn clean(bytes: &[u8]) -> Result<Cleaned, FileFault> {
    if bytes.is_empty() {
        return Err(FileFault::Empty);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FileFault::TooLarge);
    }
    let kind = FileKind::of(bytes).ok_or(FileFault::WrongKind)?;
    let bytes = match kind {
        FileKind::Jpeg => picture::clean_jpeg(bytes)?,
        FileKind::Png => picture::clean_png(bytes)?,
        FileKind::Pdf => whole_pdf(bytes)?,
    };
    Ok(Cleaned { kind, bytes })
}

fn whole_pdf(bytes: &[u8]) -> Result<Vec<u8>, FileFault> {
    let tail = &bytes[bytes.len().saturating_sub(PDF_END_WITHIN)..];
    let ends = tail.windows(PDF_END.len()).any(|part| part == PDF_END);
    ends.then(|| bytes.to_vec()).ok_or(FileFault::Damaged)
}

#[cfg(test)]
mod tests;
