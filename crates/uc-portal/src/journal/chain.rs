//! How entries are bound together.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

use crate::data_dir::hex;

/// An entry as it is stored, field by field: what is hashed is what lies there, whether it reads as an event or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEntry {
    /// Its place, from 1.
    pub seq: i64,
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// The event as JSON.
    pub event: String,
    /// To whom.
    pub person: Option<String>,
    /// Where from.
    pub address: Option<String>,
    /// In which browser.
    pub device: Option<String>,
}

impl RawEntry {
    /// SHA-256 over the hash of the entry before and the canonical form: every field with its length, so that no two
    /// entries have the same.
    #[must_use]
    pub fn hash(&self, previous: [u8; 32]) -> [u8; 32] {
        let mut digest = Sha256::new()
            .chain_update(b"journal/v1\0")
            .chain_update(previous)
            .chain_update(self.seq.to_be_bytes())
            .chain_update(self.at.to_be_bytes());
        for field in [
            Some(&self.event),
            self.person.as_ref(),
            self.address.as_ref(),
            self.device.as_ref(),
        ] {
            digest = match field {
                Some(text) => digest
                    .chain_update([1])
                    .chain_update((text.len() as u64).to_be_bytes())
                    .chain_update(text),
                None => digest.chain_update([0]),
            };
        }
        digest.finalize().into()
    }
}

/// The last entry: how many there are, and the hash that stands for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHead {
    /// The last place; 0 for an empty journal.
    pub seq: i64,
    /// The hash of the last entry; zeros for an empty journal.
    pub hash: [u8; 32],
}

impl ChainHead {
    /// Before the first entry.
    pub const START: Self = Self {
        seq: 0,
        hash: [0; 32],
    };
}

impl fmt::Display for ChainHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.hash).as_str())
    }
}

/// The text is not `SEQ:HASH` as `journal verify` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a journal's head: SEQ:HASH is expected, as `journal verify` prints it")]
pub struct InvalidHead;

impl FromStr for ChainHead {
    type Err = InvalidHead;

    fn from_str(text: &str) -> Result<Self, InvalidHead> {
        let (seq, digits) = text.split_once(':').ok_or(InvalidHead)?;
        let mut hash = [0; 32];
        if digits.len() != 64 || !digits.is_ascii() {
            return Err(InvalidHead);
        }
        for (place, byte) in hash.iter_mut().enumerate() {
            let pair = &digits[place * 2..place * 2 + 2];
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidHead)?;
        }
        let seq = seq.parse().map_err(|_| InvalidHead)?;
        Ok(Self { seq, hash })
    }
}

/// Where a journal does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// An entry is not there.
    #[error("entry {0} is missing")]
    Missing(i64),
    /// An entry is not what was written, or stands where another was.
    #[error("entry {0} is not what was written there")]
    Altered(i64),
    /// There are entries after the end that the journal knows of.
    #[error("entry {0} stands behind the journal's end")]
    Surplus(i64),
    /// The journal was written anew from here, or earlier: it has another entry than the one that was written down.
    #[error("entry {0} is not the one that was written down elsewhere")]
    Rewritten(i64),
}

/// Reads a journal from its beginning, in the order of places.
#[derive(Debug, Clone, Copy)]
pub struct Chain {
    head: ChainHead,
    known: Option<ChainHead>,
}

impl Chain {
    /// Begins. `known` is a head that was written down elsewhere, where there is one.
    #[must_use]
    pub const fn begin(known: Option<ChainHead>) -> Self {
        Self {
            head: ChainHead::START,
            known,
        }
    }

    /// The next entry and the hash stored with it.
    pub fn accept(&mut self, entry: &RawEntry, stored: [u8; 32]) -> Result<(), ChainBreak> {
        let seq = self.head.seq + 1;
        if entry.seq > seq {
            return Err(ChainBreak::Missing(seq));
        }
        let hash = entry.hash(self.head.hash);
        if entry.seq < seq || hash != stored {
            return Err(ChainBreak::Altered(entry.seq));
        }
        self.head = ChainHead { seq, hash };
        match self.known {
            Some(known) if known.seq == seq && known.hash != hash => {
                Err(ChainBreak::Rewritten(seq))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The end; `stored` is the head that the journal keeps.
    pub fn finish(self, stored: ChainHead) -> Result<ChainHead, ChainBreak> {
        let known = self.known.map_or(0, |known| known.seq);
        let last = stored.seq.max(known);
        if self.head.seq < last {
            return Err(ChainBreak::Missing(self.head.seq + 1));
        }
        if self.head.seq > stored.seq {
            return Err(ChainBreak::Surplus(stored.seq + 1));
        }
        if self.head.hash != stored.hash {
            return Err(ChainBreak::Altered(stored.seq));
        }
        Ok(self.head)
    }
}
