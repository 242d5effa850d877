//! What was measured, with the goals.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Result, ensure};
use serde::Serialize;

/// Of one start.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Figures {
    /// From the start of the process to the first words.
    pub(crate) milliseconds: f64,
    /// Proportional set size of all its processes, idle.
    pub(crate) mebibytes: f64,
}

/// All figures.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) starts: BTreeMap<&'static str, Vec<Figures>>,
    /// From Enter after the passcode to the home screen, with a full vault.
    pub(crate) unlock_ms: f64,
    /// From each key to the list that stands still.
    pub(crate) keys_ms: Vec<f64>,
}

/// A ratio with its goal: name, the one, the other, the most.
type Goal = (&'static str, f64, f64, f64);

impl Report {
    /// The lines with goals, last.
    pub(crate) fn finish(&self, json: Option<&Path>, strict: bool) -> Result<()> {
        if let Some(path) = json {
            fs::write(path, serde_json::to_vec_pretty(self)?)?;
        }
        for name in self.starts.keys() {
            println!(
                "    {name:<8} {:.0} ms, {:.0} MiB",
                self.time(name),
                self.memory(name)
            );
        }
        println!(
            "    PIN to home with a full vault: {:.0} ms; key to list: p50 {:.0} ms, p95 {:.0} ms",
            self.unlock_ms,
            percentile(&self.keys_ms, 50),
            percentile(&self.keys_ms, 95)
        );
        let mut good = true;
        for (name, one, other, most) in self.goals() {
            let ratio = one / other;
            good &= ratio <= most;
            let verdict = if ratio <= most { "ok" } else { "short" };
            println!("app-{name}: {ratio:.2} (goal <= {most}) {verdict}");
        }
        ensure!(good || !strict, "a goal is missed");
        Ok(())
    }

    fn goals(&self) -> [Goal; 8] {
        let (time, memory) = (|name| self.time(name), |name| self.memory(name));
        [
            ("start-empty-to-bare", time("empty"), time("bare"), 1.4),
            ("start-full-to-bare", time("full"), time("bare"), 1.4),
            ("start-full-to-empty", time("full"), time("empty"), 1.1),
            ("start-to-browser", time("full"), time("browser"), 0.8),
            ("memory-empty-to-bare", memory("empty"), memory("bare"), 1.3),
            ("memory-full-to-bare", memory("full"), memory("bare"), 1.3),
            (
                "memory-full-to-empty",
                memory("full"),
                memory("empty"),
                1.15,
            ),
            ("memory-to-browser", memory("full"), memory("browser"), 0.6),
        ]
    }

    fn time(&self, name: &str) -> f64 {
        self.median(name, |figures| figures.milliseconds)
    }

    fn memory(&self, name: &str) -> f64 {
        self.median(name, |figures| figures.mebibytes)
    }

    fn median(&self, name: &str, of: impl Fn(&Figures) -> f64) -> f64 {
        let all: Vec<f64> = self
            .starts
            .get(name)
            .into_iter()
            .flatten()
            .map(of)
            .collect();
        percentile(&all, 50)
    }
}

fn percentile(all: &[f64], percent: usize) -> f64 {
    let mut sorted = all.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let place = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}
