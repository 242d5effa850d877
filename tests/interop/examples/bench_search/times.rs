//! How long look-ups took.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde::Serialize;

/// Of many look-ups.
#[derive(Debug, Serialize)]
pub(crate) struct Times {
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) total_s: f64,
}

impl Times {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
        Self {
            p50_ms: at(50),
            p95_ms: at(95),
            total_s: times.iter().sum::<Duration>().as_secs_f64(),
        }
    }
}

/// How long `work` takes.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}
