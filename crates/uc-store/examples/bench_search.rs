//! Search of the store beside the bare index, in one run: same library, same stems, the last word a prefix.
//!
//! Three ways in: `ours` as the app asks, which picks the thread by the catalogue's size; `hop` always through a reader's
//! thread; `direct` always on the caller's. Goals are set for `ours`.
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
use uc_store::{
    Page, PublicStore, PublicView, Service, ServiceFilter, ServiceSummary, StoreError, index_text,
};

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
    bare: Times,
    ours: Times,
    hop: Times,
    direct: Times,
}

#[derive(Serialize)]
struct Times {
    p50_ms: f64,
    p95_ms: f64,
    total_s: f64,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
        Self {
            p50_ms: at(50),
            p95_ms: at(95),
            total_s: times.iter().sum::<Duration>().as_secs_f64(),
        }
    }

    fn say(&self, name: &str, bare: &Self) {
        println!(
            "    {name:<6} p50 {:.3} p95 {:.3} ms, ratio p50 {:.2} p95 {:.2} total {:.2}",
            self.p50_ms,
            self.p95_ms,
            self.p50_ms / bare.p50_ms,
            self.p95_ms / bare.p95_ms,
            self.total_s / bare.total_s,
        );
    }
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
        println!("{size} services");
        for (name, times) in [
            ("bare", &figures.bare),
            ("ours", &figures.ours),
            ("hop", &figures.hop),
            ("direct", &figures.direct),
        ] {
            times.say(name, &figures.bare);
        }
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
        let (ours, bare) = (&figures.ours, &figures.bare);
        for (name, ratio) in [
            ("p50", ours.p50_ms / bare.p50_ms),
            ("p95", ours.p95_ms / bare.p95_ms),
        ] {
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

/// The bare index: no key, no columns beside what a list shows; with positions, as `bm25` needs them.
fn bare_index(path: &Path, services: impl Iterator<Item = Service>) -> anyhow::Result<Connection> {
    let mut db = Connection::open(path)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         CREATE VIRTUAL TABLE search USING fts5(title, keywords, body, content='', contentless_delete=1,
           tokenize=\"unicode61 remove_diacritics 0\");
         CREATE TABLE service (key INTEGER PRIMARY KEY, id TEXT, title TEXT, title_en TEXT, agency TEXT);",
    )?;
    let tx = db.transaction()?;
    for (key, service) in (1_i64..).zip(services) {
        tx.prepare_cached("INSERT INTO search (rowid, title, keywords, body) VALUES (?, ?, ?, ?)")?
            .execute(params![
                key,
                index_text(&service.name.title),
                index_text(&service.words_beside_title()),
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
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let mut taken: [Vec<Duration>; 4] = Default::default();
    for round in 0..repeats.max(2) {
        for query in queries(judged) {
            let times = [
                timed(|| search_bare(bare, &query).unwrap()),
                timed(|| {
                    runtime
                        .block_on(store.read_briefly(search(&query)))
                        .unwrap()
                }),
                timed(|| runtime.block_on(store.read(search(&query))).unwrap()),
                timed(|| store.read_blocking(search(&query)).unwrap()),
            ];
            if round > 0 {
                for (all, time) in taken.iter_mut().zip(times) {
                    all.push(time);
                }
            }
        }
    }
    let [bare, ours, hop, direct] = taken.map(Times::of);
    Ok(Figures {
        services,
        bare,
        ours,
        hop,
        direct,
    })
}

fn search(
    query: &str,
) -> impl FnOnce(&PublicView<'_>) -> Result<Page<ServiceSummary>, StoreError> + Send + 'static {
    let text = query.to_owned();
    move |view| view.search_services(&text, &ServiceFilter::default(), None, FOUND)
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
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
