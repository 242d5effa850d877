//! Which files are taken, and what is left of them.
//!
//! The kind is read from the first bytes: neither a name nor a media type that somebody sends is believed. Pictures lose
//! all that is not the picture (place, camera, owner, whatever follows the end), so that what is kept is nothing else at
//! the same time.

use super::{MAX_FILE_BYTES, picture};

/// Kinds of files that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// PDF. Kept as it came: never shown, only downloaded.
    Pdf,
}

impl FileKind {
    const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Pdf];

    /// Its media type, which it is stored and answered as.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// What its name ends with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    /// Whether people look at it.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png)
    }

    /// Reads [`FileKind::media_type`].
    #[must_use]
    pub fn read(media_type: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.media_type() == media_type)
    }

    /// By the first bytes.
    fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        if starts(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if starts(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if starts(b"%PDF-1.") || starts(b"%PDF-2.") {
            Some(Self::Pdf)
        } else {
            None
        }
    }
}

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
