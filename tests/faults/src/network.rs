//! A hostile network (NW-01 to NW-08): certificates, protocols and answers that no portal gives, before the real client. Whatever
//! comes, nothing is lost, nobody is signed out, what was known stays readable, and memory stays small.

mod answers;
mod hostile;
mod memory;
mod replies;
mod surroundings;
mod transport;
mod way;

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::report::say;

pub(crate) use surroundings::{Probe, probe};

/// How much memory a hostile answer may cost.
const MOST_GROWTH_MIB: f64 = 32.0;

/// Puts a hostile network before the client.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Writes all figures to a file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where the client did not hold
    #[arg(long)]
    strict: bool,
}

/// What came of the rows.
#[derive(Debug, Default, Serialize)]
struct Figures {
    rows: Vec<Row>,
    panics: u32,
}

/// One hostile thing.
#[derive(Debug, Serialize)]
struct Row {
    /// The row of faults that it belongs to.
    id: &'static str,
    what: String,
    /// How much more memory the process held at most.
    grew_mib: f64,
    broken: Vec<String>,
}

impl Row {
    fn new(id: &'static str, what: impl Into<String>) -> Self {
        Self {
            id,
            what: what.into(),
            grew_mib: 0.0,
            broken: Vec::new(),
        }
    }

    fn check(&mut self, holds: bool, otherwise: impl Into<String>) {
        if !holds {
            self.broken.push(otherwise.into());
        }
    }
}

/// Finds the planted bug first: a client that reads answers without a bound.
pub(crate) async fn run(options: &Options) -> Result<ExitCode> {
    if std::env::var_os(memory::GIVEN_BACK.0).is_none() {
        return memory::begin_anew().await;
    }
    let planted = transport::read_without_bound().await?;
    ensure!(
        planted > MOST_GROWTH_MIB,
        "the planted bug was not found: {planted:.0} MiB"
    );
    say(&format!(
        "planted bug (answers are read without a bound): found, {planted:.0} MiB"
    ));
    let panics = count_panics();
    let mut figures = Figures::default();
    figures.rows.extend(transport::rows().await?);
    figures.rows.extend(surroundings::rows().await?);
    figures.rows.extend(Box::pin(replies::rows()).await?);
    figures.panics = panics.load(Ordering::SeqCst);
    finish(&figures, options)
}

/// A task that panics ends alone: nobody would see it.
fn count_panics() -> Arc<AtomicU32> {
    let count = Arc::new(AtomicU32::new(0));
    let (counted, shown) = (Arc::clone(&count), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        counted.fetch_add(1, Ordering::SeqCst);
        shown(panic);
    }));
    count
}

fn finish(figures: &Figures, options: &Options) -> Result<ExitCode> {
    for row in figures.rows.iter().filter(|row| !row.broken.is_empty()) {
        say(&format!(
            "  {} {}: {}",
            row.id,
            row.what,
            row.broken.join("; ")
        ));
    }
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(figures)?)?;
    }
    let broken = figures.rows.iter().filter(|row| !row.broken.is_empty());
    let broken = broken.count();
    let most = figures.rows.iter().map(|row| row.grew_mib);
    let most = most.fold(0.0, f64::max);
    let holds = broken == 0 && figures.panics == 0 && most <= MOST_GROWTH_MIB;
    say(&format!(
        "faults-network: {broken} broken of {} rows, {} panics, {most:.0} MiB more memory at most (goal 0, 0, <= {MOST_GROWTH_MIB}) {}",
        figures.rows.len(),
        figures.panics,
        if holds { "ok" } else { "short" }
    ));
    Ok(if !holds && options.strict {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
