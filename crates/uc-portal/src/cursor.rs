//! Cursors of deltas: a place in a sequence, and the life of the data that the sequence belongs to.

use std::fmt;

use sha2::{Digest, Sha256};
use uc_model::PersonId;
use uc_portal_api::ProblemCode;

use crate::{
    data_dir::hex,
    entropy::Entropy,
    http::ApiError,
    store::{SettingStore, StoreError},
};

const SETTING: &str = "epoch";

/// A life of the data: a database made anew gets another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch(String);

/// A place in a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    epoch: Epoch,
    /// What has been applied: everything up to here.
    pub seq: u64,
}

impl Epoch {
    /// The database's.
    pub async fn load<S: SettingStore + ?Sized>(
        store: &S,
        entropy: &Entropy,
    ) -> Result<Self, StoreError> {
        if let Some(kept) = store.find_setting(SETTING).await? {
            return Ok(Self(kept));
        }
        let fresh = hex(&entropy.bytes::<8>()).to_string();
        store.update_setting(SETTING, fresh.clone()).await?;
        Ok(Self(fresh))
    }

    /// That of one person's feed: another person's cursor is a stranger to it.
    #[must_use]
    pub fn of_person(&self, person: &PersonId) -> Self {
        let digest = Sha256::new()
            .chain_update(&self.0)
            .chain_update([0])
            .chain_update(person.as_str())
            .finalize();
        Self(hex(&digest[..8]).to_string())
    }

    /// A place in it.
    #[must_use]
    pub fn at(&self, seq: u64) -> Cursor {
        Cursor {
            epoch: self.clone(),
            seq,
        }
    }

    /// The place that a client names; the beginning, when it names none. A place of another life is gone; so is one
    /// beyond `last`, which a restored backup has not reached yet.
    pub fn read(&self, text: Option<&str>, last: u64) -> Result<u64, ApiError> {
        let Some(text) = text else {
            return Ok(0);
        };
        text.split_once('.')
            .filter(|(epoch, _)| *epoch == self.0)
            .and_then(|(_, seq)| seq.parse().ok())
            .filter(|seq| *seq <= last)
            .ok_or_else(|| ApiError::new(ProblemCode::CursorGone))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch.0, self.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cat_02_a_cursor_of_another_life_is_gone() {
        let epoch = Epoch("a".into());
        let gone = Err(ApiError::new(ProblemCode::CursorGone));
        for (text, expected) in [
            (None, Ok(0)),
            (Some("a.7"), Ok(7)),
            (Some("a.8"), gone.clone()),
            (Some("b.7"), gone.clone()),
            (Some("a.-1"), gone.clone()),
            (Some(""), gone),
        ] {
            assert_eq!(epoch.read(text, 7), expected, "{text:?}");
        }
        assert_eq!(epoch.read(Some(&epoch.at(3).to_string()), 7), Ok(3));
    }
}
