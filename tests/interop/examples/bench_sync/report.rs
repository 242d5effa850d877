//! What was measured, with the goals.

use std::{fs, path::Path};

use serde::Serialize;

use crate::fit::{self, Fit};

const RATIO_GOAL: f64 = 4.0;
const FIT_GOAL: f64 = 0.98;
const GROWTH_GOAL_MIB: f64 = 40.0;

/// One sync.
#[derive(Default, Serialize)]
pub(crate) struct Step {
    pub(crate) rows: u32,
    pub(crate) cpu_s: f64,
    pub(crate) requests: u32,
    pub(crate) bytes: usize,
}

/// All figures.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    pub(crate) first: Step,
    pub(crate) grew_mib: f64,
    pub(crate) unchanged: Step,
    pub(crate) deltas: Vec<Step>,
    pub(crate) peer: String,
    pub(crate) peer_mib: f64,
    pub(crate) peer_first_cpu_s: f64,
    pub(crate) peer_deltas_cpu_s: Vec<f64>,
    pub(crate) fit: Fit,
}

impl Report {
    /// The lines with goals, last.
    pub(crate) fn finish(mut self, json: Option<&Path>, strict: bool) -> anyhow::Result<()> {
        let points: Vec<(f64, f64)> = self
            .deltas
            .iter()
            .map(|delta| (f64::from(delta.rows), delta.cpu_s))
            .collect();
        self.fit = fit::line(&points);
        self.say();
        if let Some(path) = json {
            fs::write(path, serde_json::to_vec_pretty(&self)?)?;
        }
        let mut good = true;
        let mut line = |name: &str, figure: f64, goal: &str, holds: bool| {
            good &= holds;
            let verdict = if holds { "ok" } else { "short" };
            println!("{name}: {figure:.2} (goal {goal}) {verdict}");
        };
        let first = self.peer_first_cpu_s / self.first.cpu_s;
        line(
            "sync-first-times-pouchdb",
            first,
            ">= 4",
            first >= RATIO_GOAL,
        );
        let requests = self.unchanged.requests;
        let is_one = requests == 1 && self.unchanged.bytes == 0;
        line(
            "sync-unchanged-requests",
            f64::from(requests),
            "= 1, a 304",
            is_one,
        );
        let fits = self.fit.r_squared;
        line(
            "sync-cost-follows-change-r2",
            fits,
            ">= 0.98",
            fits >= FIT_GOAL,
        );
        let grew = self.grew_mib;
        line("sync-memory-mib", grew, "<= 40", grew <= GROWTH_GOAL_MIB);
        anyhow::ensure!(good || !strict, "a goal is missed");
        Ok(())
    }

    fn say(&self) {
        let first = &self.first;
        println!("beside {}, from memory to memory", self.peer);
        println!(
            "    first sync of {}: {:.1} s, {:.0} documents per second of processor time, {} requests; peer {:.1} s, {:.0}",
            first.rows,
            first.cpu_s,
            f64::from(first.rows) / first.cpu_s,
            first.requests,
            self.peer_first_cpu_s,
            f64::from(first.rows) / self.peer_first_cpu_s,
        );
        for (delta, peer) in self.deltas.iter().zip(&self.peer_deltas_cpu_s) {
            println!(
                "    {:>6} changed: {:.3} s, peer {peer:.3} s",
                delta.rows, delta.cpu_s
            );
        }
        println!(
            "    nothing changed: {:.3} s, {} request, {} bytes",
            self.unchanged.cpu_s, self.unchanged.requests, self.unchanged.bytes
        );
        println!(
            "    cost of a change: {:.1} ms + {:.3} ms a row, R² {:.4}",
            self.fit.base * 1e3,
            self.fit.per_row * 1e3,
            self.fit.r_squared
        );
        println!(
            "    memory grew by {:.0} MiB during the first sync; peer holds {:.0} MiB",
            self.grew_mib, self.peer_mib
        );
    }
}
