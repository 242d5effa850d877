//! Search of the store beside the bare index, in one run: same library, same stems, the last word a prefix.
//!
//! `cargo run --release -p uc-store --example bench_search -- [--json FILE] [--strict] [--repeats 11]`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program speaks through its output and ends at the first fault"
)]

#[path = "../tests/store/catalogue.rs"]
mod catalogue;

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use clap::Parser;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use uc_model::SecretBytes;
use uc_store::{PublicStore, Service, ServiceFilter, index_text};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const FOUND: u32 = 20;
const RATIO_GOAL: f64 = 1.5;
const HIT_GOAL_ALONE: f64 = 1.0;
const HIT_GOAL_CROWDED: f64 = 0.9;

/// Measures the search of the catalogue.
#[derive(Parser)]
struct Options {
    /// Writes all figures to a file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where a goal is missed.
    #[arg(long)]
    strict: bool,
    /// Rounds over all queries; the first is dropped.
    #[arg(long, default_value_t = 11)]
    repeats: usize,
}

#[derive(Deserialize)]
struct Searches {
    query: Vec<Judged>,
}

#[derive(Deserialize)]
struct Judged {
    text: String,
    expect: String,
}

#[derive(Serialize)]
struct Report {
    sizes: Vec<Figures>,
    hit_at_5_alone: f64,
    hit_at_5_among_100k: f64,
}

#[derive(Serialize)]
struct Figures {
    services: usize,
    ours_p50_ms: f64,
    ours_p95_ms: f64,
    bare_p50_ms: f64,
    bare_p95_ms: f64,
    ratio_p50: f64,
    ratio_p95: f64,
    ratio_total: f64,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let judged = judged()?;
    let alone = open(&folder.path().join("alone"), catalogue::real().into_iter())?;
    let hit_at_5_alone = hit_at_5(&alone, &judged)?;
    let mut sizes = Vec::new();
    let mut hit_at_5_among_100k = 0.0;
    for size in SIZES {
        let services = || {
            catalogue::real()
                .into_iter()
                .chain(catalogue::synthetic(size))
        };
        let store = open(&folder.path().join(size.to_string()), services())?;
        let bare = bare_index(&folder.path().join(format!("{size}.bare")), services())?;
        let figures = measure(&store, &bare, &judged, size, options.repeats)?;
        println!(
            "{size:>7} services: ours p50 {:.3} p95 {:.3} ms, bare FTS5 p50 {:.3} p95 {:.3} ms, ratio p50 {:.2} p95 {:.2} total {:.2}",
            figures.ours_p50_ms,
            figures.ours_p95_ms,
            figures.bare_p50_ms,
            figures.bare_p95_ms,
            figures.ratio_p50,
            figures.ratio_p95,
            figures.ratio_total,
        );
        sizes.push(figures);
        hit_at_5_among_100k = hit_at_5(&store, &judged)?;
    }
    let report = Report {
        sizes,
        hit_at_5_alone,
        hit_at_5_among_100k,
    };
    finish(&report, &options)
}

fn finish(report: &Report, options: &Options) -> anyhow::Result<()> {
    if let Some(path) = &options.json {
        fs::write(path, serde_json::to_vec_pretty(report)?)?;
    }
    let mut good = true;
    let mut line = |name: &str, figure: f64, goal: &str, holds: bool| {
        good &= holds;
        let verdict = if holds { "ok" } else { "short" };
        println!("{name}: {figure:.2} (goal {goal}) {verdict}");
    };
    for figures in &report.sizes {
        for (name, ratio) in [("p50", figures.ratio_p50), ("p95", figures.ratio_p95)] {
            line(
                &format!("search-ratio-{name}-{}", figures.services),
                ratio,
                &format!("<= {RATIO_GOAL}"),
                ratio <= RATIO_GOAL,
            );
        }
    }
    for (name, hit, goal) in [
        ("search-hit5-alone", report.hit_at_5_alone, HIT_GOAL_ALONE),
        (
            "search-hit5-among-100k",
            report.hit_at_5_among_100k,
            HIT_GOAL_CROWDED,
        ),
    ] {
        line(name, hit, &format!(">= {goal}"), hit >= goal);
    }
    anyhow::ensure!(good || !options.strict, "a goal is missed");
    Ok(())
}

fn judged() -> anyhow::Result<Vec<Judged>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/searches.toml");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(toml::from_str::<Searches>(&text)?.query)
}

fn open(path: &Path, services: impl Iterator<Item = Service>) -> anyhow::Result<PublicStore> {
    let store = PublicStore::open(path, &SecretBytes::new([1; 32]))?;
    catalogue::fill(&store, services);
    Ok(store)
}

fn hit_at_5(store: &PublicStore, judged: &[Judged]) -> anyhow::Result<f64> {
    let mut hits = 0.0;
    for query in judged {
        let text = query.text.clone();
        let found = store.read_blocking(move |view| {
            view.search_services(&text, &ServiceFilter::default(), None, 5)
        })?;
        if found
            .items
            .iter()
            .any(|service| service.title.starts_with(&query.expect))
        {
            hits += 1.0;
        } else {
            println!("missed: {}", query.text);
        }
    }
    let count = u32::try_from(judged.len())?;
    Ok(hits / f64::from(count))
}

/// The bare index: no key, no key-value rows beside what a list shows.
fn bare_index(path: &Path, services: impl Iterator<Item = Service>) -> anyhow::Result<Connection> {
    let mut db = Connection::open(path)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         CREATE VIRTUAL TABLE search USING fts5(title, keywords, body, content='', contentless_delete=1,
           detail=column, tokenize=\"unicode61 remove_diacritics 0\");
         CREATE TABLE service (key INTEGER PRIMARY KEY, id TEXT, title TEXT, title_en TEXT, agency TEXT);",
    )?;
    let tx = db.transaction()?;
    for (key, service) in (1_i64..).zip(services) {
        tx.prepare_cached("INSERT INTO search (rowid, title, keywords, body) VALUES (?, ?, ?, ?)")?
            .execute(params![
                key,
                index_text(&service.name.title),
                index_text(&service.keywords.join(" ")),
                index_text(&service.body)
            ])?;
        tx.prepare_cached("INSERT INTO service VALUES (?, ?, ?, ?, ?)")?
            .execute(params![
                key,
                service.name.id.as_str(),
                service.name.title,
                service.name.title_en,
                service.name.agency.as_str()
            ])?;
    }
    tx.commit()?;
    Ok(db)
}

fn search_bare(db: &Connection, query: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let stems = index_text(query);
    let mut words: Vec<String> = stems.split(' ').map(|stem| format!("\"{stem}\"")).collect();
    if let Some(last) = words.last_mut() {
        last.push('*');
    }
    db.prepare_cached(
        "SELECT service.title, service.agency FROM search JOIN service ON service.key = search.rowid
         WHERE search MATCH ? ORDER BY bm25(search) LIMIT ?",
    )?
    .query_map(params![words.join(" AND "), FOUND], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

fn measure(
    store: &PublicStore,
    bare: &Connection,
    judged: &[Judged],
    services: usize,
    repeats: usize,
) -> anyhow::Result<Figures> {
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for round in 0..repeats.max(2) {
        for query in queries(judged) {
            let text = query.clone();
            let begun = Instant::now();
            black_box(store.read_blocking(move |view| {
                view.search_services(&text, &ServiceFilter::default(), None, FOUND)
            })?);
            let our_time = begun.elapsed();
            let begun = Instant::now();
            black_box(search_bare(bare, &query)?);
            let raw_time = begun.elapsed();
            if round > 0 {
                ours.push(our_time);
                raw.push(raw_time);
            }
        }
    }
    let total = |times: &[Duration]| times.iter().sum::<Duration>().as_secs_f64();
    let ratio_total = total(&ours) / total(&raw);
    let (ours_p50_ms, ours_p95_ms) = percentiles(ours);
    let (bare_p50_ms, bare_p95_ms) = percentiles(raw);
    Ok(Figures {
        services,
        ours_p50_ms,
        ours_p95_ms,
        bare_p50_ms,
        bare_p95_ms,
        ratio_p50: ours_p50_ms / bare_p50_ms,
        ratio_p95: ours_p95_ms / bare_p95_ms,
        ratio_total,
    })
}

/// The judged queries and ones that find much: both must find something in the bare index too.
fn queries(judged: &[Judged]) -> Vec<String> {
    let judged = judged.iter().map(|query| query.text.clone());
    let broad = [
        "справка",
        "выдача лицензии",
        "пособия многодетным",
        "регистрация маломерного судна",
        "замена карты",
        "компенсации студентам",
        "свидетельства нотариусам",
        "разрешения в лесном фонде",
    ];
    judged.chain(broad.map(str::to_owned)).collect()
}

fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    (at(50), at(95))
}
