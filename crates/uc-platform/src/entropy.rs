//! The system's random numbers.

use uc_core::ports::Entropy;

/// The system's random numbers.
#[derive(Debug, Clone, Copy)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a system without random numbers cannot keep secrets");
    }
}
