//! Where the client can be killed: before and after each thing that it does outside itself.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use rustix::process::{Signal, getpid, kill_process};

/// Counts the points that were passed, and kills at one of them. Clones count together.
#[derive(Debug, Clone, Default)]
pub(crate) struct FaultPoints {
    passed: Arc<AtomicU32>,
    deadly: Option<u32>,
}

impl FaultPoints {
    /// Kills at the point with this number, from 0.
    pub(crate) fn killing_at(deadly: Option<u32>) -> Self {
        Self {
            passed: Arc::default(),
            deadly,
        }
    }

    /// How many were passed.
    pub(crate) fn passed(&self) -> u32 {
        self.passed.load(Ordering::SeqCst)
    }

    /// One of them.
    pub(crate) fn pass(&self) {
        let number = self.passed.fetch_add(1, Ordering::SeqCst);
        if self.deadly == Some(number) {
            // Nothing runs after it: no destructor, no flush.
            let _ = kill_process(getpid(), Signal::KILL);
            loop {
                std::thread::park();
            }
        }
    }
}
