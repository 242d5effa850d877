//! What a file is named by.

use sha2::{Digest, Sha256};
use uc_model::ContentHash;

/// The name of these bytes.
#[must_use]
pub fn hash_of(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}
