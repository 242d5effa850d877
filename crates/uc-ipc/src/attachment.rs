//! Files that answer questions of a form.

use std::fmt;

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uc_model::{ApplicationId, Attachment};

/// Bytes of a part, at most.
pub const MAX_PART_BYTES: usize = 1024 * 1024;

/// Gives the core a part of a file that answers a question. The parts come one after the other; the first begins the file
/// anew, the last makes it whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachFile {
    /// The draft.
    pub application: ApplicationId,
    /// The question.
    pub property: String,
    /// What the file is called.
    pub name: String,
    /// Bytes of the whole file.
    pub size: u64,
    /// Bytes that were given before.
    pub start: u64,
    /// From there on, 1 byte to [`MAX_PART_BYTES`]; nothing of an empty file.
    pub part: FilePart,
}

/// Bytes of a file; base64 (RFC 4648 §4) where they are written.
#[derive(Clone, PartialEq, Eq)]
pub struct FilePart(pub Vec<u8>);

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilePart({})", self.0.len())
    }
}

impl Serialize for FilePart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for FilePart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text.as_bytes());
        bytes.map(Self).map_err(|_| D::Error::custom("not base64"))
    }
}

/// How much of a file the core has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProgress {
    /// Bytes: where the next part begins.
    pub received: u64,
    /// The answer, once all have come.
    pub attachment: Option<Attachment>,
}
