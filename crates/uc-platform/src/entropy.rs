//! The system's source of chance.

use uc_core::ports::Entropy;

/// The system's source of chance.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every supported system has a source of chance");
    }
}
