//! Keeping the catalogue in step, beside the replication of npm `PouchDB`, on the same documents in one run.
//!
//! Ours is the whole way of the app from the bytes of an answer on: reading, stems, the encrypted store with its search
//! index, on disk. The answers come from files, so that no server's time is counted. Theirs is from memory to memory,
//! without cipher and index. What counts is each process's own processor time.
//!
//! `cargo xtask bench sync [-- --json FILE --strict --services 100000]`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program speaks through its output and ends at the first fault"
)]

#[expect(dead_code, reason = "the real services are too few")]
#[path = "../../../../crates/uc-store/tests/store/catalogue.rs"]
mod catalogue;
#[expect(dead_code, reason = "written for another measurement")]
#[path = "../bench_identity/cpu.rs"]
mod cpu;
mod documents;
mod fit;
mod report;
mod way;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use clap::Parser;
use report::{Report, Step};
use serde::Deserialize;
use serde_json::{Value, json};
use uc_interop::{
    line_program::LineProgram,
    peers::{Peer, Peers},
};
use uc_ipc::{Commands as _, SyncNow};
use uc_testkit::{MemoryKeyring, TestApp};
use way::{Served, Way};

/// Deltas, in rows: from them the fit of the cost to the change.
const DELTAS: [u32; 6] = [10, 100, 300, 1_000, 3_000, 10_000];

/// Measures how the catalogue is kept in step.
#[derive(Parser)]
struct Options {
    /// Writes all figures to a file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where a goal is missed.
    #[arg(long)]
    strict: bool,
    /// Services in the catalogue.
    #[arg(long, default_value_t = 100_000)]
    services: u32,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let mut report = ours(folder.path(), options.services).await?;
    theirs(folder.path(), &mut report).await?;
    report.finish(options.json.as_deref(), options.strict)
}

async fn ours(folder: &Path, services: u32) -> anyhow::Result<Report> {
    let server = Arc::new(Served::new(&folder.join("changes"))?);
    let laid = Arc::clone(&server);
    let app = TestApp::start_through(MemoryKeyring::default(), move |inner| {
        Arc::new(Way::new(inner, laid))
    })
    .await;
    settle().await;
    documents::write(&folder.join("documents.jsonl"), &server, services)?;
    let idle_mib = memory("VmRSS:")?;
    fs::write("/proc/self/clear_refs", "5").context("resetting the peak of memory")?;
    let first = step(&app, &server, services).await?;
    let mut report = Report {
        first,
        grew_mib: memory("VmHWM:")? - idle_mib,
        ..Report::default()
    };
    report.unchanged = step(&app, &server, 0).await?;
    for rows in DELTAS.into_iter().filter(|rows| *rows <= services) {
        documents::change_first(&server, rows)?;
        report.deltas.push(step(&app, &server, rows).await?);
    }
    Ok(report)
}

/// One sync of so many changes, which must all arrive.
async fn step(app: &TestApp, server: &Served, rows: u32) -> anyhow::Result<Step> {
    let before = server.take_count();
    ensure!(before.changes == 0, "the app asked by itself");
    let begun = cpu::of_process(std::process::id())?;
    app.core().sync_now(SyncNow {}).await?;
    let spent = cpu::of_process(std::process::id())?.saturating_sub(begun);
    let count = server.take_count();
    ensure!(
        count.changes == rows,
        "{} of {rows} changes were fetched",
        count.changes
    );
    Ok(Step {
        rows,
        cpu_s: spent.as_secs_f64(),
        requests: count.requests,
        bytes: count.bytes,
    })
}

/// The app's own first looks at a catalogue that is still empty.
async fn settle() {
    tokio::time::sleep(Duration::from_secs(2)).await;
}

#[derive(Deserialize)]
struct Replicated {
    written: u32,
    cpu_s: f64,
    rss_mib: f64,
}

async fn theirs(folder: &Path, report: &mut Report) -> anyhow::Result<()> {
    let mut program = LineProgram::start(Peers::ensure_installed()?.command(Peer::Pouchdb))?;
    let documents = json!({ "documents": folder.join("documents.jsonl") });
    let version = program.ask("load", documents).await?;
    version
        .as_str()
        .unwrap_or_default()
        .clone_into(&mut report.peer);
    let first = replicate(&mut program, report.first.rows).await?;
    report.peer_mib = first.rss_mib;
    report.peer_first_cpu_s = first.cpu_s;
    for delta in &report.deltas {
        program
            .ask("change", json!({ "count": delta.rows }))
            .await?;
        let replicated = replicate(&mut program, delta.rows).await?;
        report.peer_deltas_cpu_s.push(replicated.cpu_s);
    }
    Ok(program.end().await?)
}

async fn replicate(program: &mut LineProgram, rows: u32) -> anyhow::Result<Replicated> {
    let answer: Value = program.ask("replicate", json!({})).await?;
    let replicated: Replicated = serde_json::from_value(answer)?;
    ensure!(replicated.written == rows, "the peer lost documents");
    Ok(replicated)
}

/// A figure of this process in MiB, by its name in `/proc/self/status`.
fn memory(name: &str) -> anyhow::Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(f64::from(kib.context("no such figure")?.parse::<u32>()?) / 1024.0)
}
