//! Search of the store beside the bare index, in one run: same library, same stems, the last word a prefix.
//!
//! Three ways in: `ours` as the app asks, which picks the thread by the catalogue's size; `hop` always through a reader's
//! thread; `direct` always on the caller's. Goals are set for `ours`. Beside them, on the same stems of the same services
//! and in the same rounds, what others wrote: tantivy, PostgreSQL, minisearch, flexsearch; they time themselves.
//!
//! `cargo xtask bench search [-- --json FILE --strict --repeats 11 --without-peers]`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program speaks through its output and ends at the first fault"
)]

mod bare;
#[path = "../../../../crates/uc-store/tests/store/catalogue.rs"]
mod catalogue;
mod crowd;
mod judged;
mod report;
mod times;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use bare::Bare;
use clap::Parser;
use crowd::Beside;
use judged::Kind;
use report::{Figures, OfPeer, Report, Typing};
use times::{Times, timed};
use uc_model::SecretBytes;
use uc_store::{Page, PublicStore, PublicView, Service, ServiceFilter, ServiceSummary, StoreError};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const FOUND: u32 = 20;

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
    /// Only beside the bare index.
    #[arg(long)]
    without_peers: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let alone = open(&folder.path().join("alone"), catalogue::real().into_iter())?;
    let mut report = Report {
        hits: judged::hits(&alone, 0)?,
        ..Report::default()
    };
    for size in SIZES {
        let is_last = size == SIZES[SIZES.len() - 1];
        let services = || {
            catalogue::real()
                .into_iter()
                .chain(catalogue::synthetic(size))
        };
        let store = open(&folder.path().join(size.to_string()), services())?;
        let bare = Bare::open(&folder.path().join(format!("{size}.bare")), services())?;
        let mut peers = if is_last && !options.without_peers {
            crowd::fill(folder.path(), services()).await?
        } else {
            Vec::new()
        };
        let figures = measure(&store, &bare, &mut peers, size, options.repeats).await?;
        figures.say();
        report.sizes.push(figures);
        if is_last {
            report.hits.extend(judged::hits(&store, size)?);
        }
        for peer in peers {
            peer.end().await?;
        }
    }
    report.finish(options.json.as_deref(), options.strict)
}

fn open(path: &Path, services: impl Iterator<Item = Service>) -> anyhow::Result<PublicStore> {
    let store = PublicStore::open(path, &SecretBytes::new([1; 32]))?;
    catalogue::fill(&store, services);
    Ok(store)
}

/// Every engine in each round, so that what else the machine does falls on all of them.
async fn measure(
    store: &PublicStore,
    bare: &Bare,
    peers: &mut [Beside],
    services: usize,
    repeats: usize,
) -> anyhow::Result<Figures> {
    let queries = queries(bare)?;
    let hard: Vec<String> = of_kinds(&[Kind::Typo, Kind::Layout])?;
    let mut taken: [Vec<Duration>; 5] = Default::default();
    for round in 0..repeats.max(2) {
        let counts = round > 0;
        for query in &queries {
            let times = [
                timed(|| bare.search(query).unwrap()),
                briefly(store, query).await,
                through_a_reader(store, query).await,
                timed(|| store.read_blocking(search(query)).unwrap()),
            ];
            if counts {
                for (all, time) in taken.iter_mut().zip(times) {
                    all.push(time);
                }
            }
        }
        for query in &hard {
            let time = briefly(store, query).await;
            if counts {
                taken[4].push(time);
            }
        }
        for peer in &mut *peers {
            peer.round(&queries, counts).await?;
        }
    }
    let typing = typing(store, bare, &queries, repeats).await?;
    let [bare, ours, hop, direct, lenient] = taken.map(Times::of);
    let peers = peers.iter_mut().map(OfPeer::take).collect();
    Ok(Figures {
        services,
        bare,
        ours,
        hop,
        direct,
        lenient,
        typing,
        peers,
    })
}

/// Every key of every query: what is suggested, beside the first twenty row ids of the bare index.
async fn typing(
    store: &PublicStore,
    bare: &Bare,
    queries: &[String],
    repeats: usize,
) -> anyhow::Result<Typing> {
    let typed = typed(bare, queries);
    let mut taken: [Vec<Duration>; 2] = Default::default();
    for round in 0..repeats.max(2) {
        for text in &typed {
            let times = [
                timed(|| bare.first_rowids(text).unwrap()),
                suggest(store, text).await,
            ];
            if round > 0 {
                for (all, time) in taken.iter_mut().zip(times) {
                    all.push(time);
                }
            }
        }
    }
    let [bare, ours] = taken.map(Times::of);
    Ok(Typing { bare, ours })
}

/// What stands in the field after each key, where the bare index finds something.
fn typed(bare: &Bare, queries: &[String]) -> Vec<String> {
    let beginnings = queries.iter().flat_map(|query| {
        let ends = query
            .char_indices()
            .map(|(place, letter)| place + letter.len_utf8());
        ends.map(|end| query[..end].to_owned())
    });
    beginnings
        .filter(|text| bare.first_rowids(text).is_ok_and(|found| !found.is_empty()))
        .collect()
}

async fn suggest(store: &PublicStore, text: &str) -> Duration {
    let begun = std::time::Instant::now();
    let text = text.to_owned();
    let suggested = store.read_briefly(move |view| view.suggest_services(&text, FOUND));
    std::hint::black_box(suggested.await.unwrap());
    begun.elapsed()
}

async fn briefly(store: &PublicStore, query: &str) -> Duration {
    let begun = std::time::Instant::now();
    std::hint::black_box(store.read_briefly(search(query)).await.unwrap());
    begun.elapsed()
}

async fn through_a_reader(store: &PublicStore, query: &str) -> Duration {
    let begun = std::time::Instant::now();
    std::hint::black_box(store.read(search(query)).await.unwrap());
    begun.elapsed()
}

fn search(
    query: &str,
) -> impl FnOnce(&PublicView<'_>) -> Result<Page<ServiceSummary>, StoreError> + Send + 'static {
    let text = query.to_owned();
    move |view| view.search_services(&text, &ServiceFilter::default(), None, FOUND)
}

/// Judged queries and ones that find much, those that find something in the bare index too.
fn queries(bare: &Bare) -> anyhow::Result<Vec<String>> {
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
    let mut queries = of_kinds(&[Kind::Form, Kind::Synonym])?;
    queries.extend(broad.map(str::to_owned));
    queries.retain(|query| bare.search(query).is_ok_and(|found| !found.is_empty()));
    Ok(queries)
}

fn of_kinds(kinds: &[Kind]) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for (_, file) in judged::HALVES {
        let of_kind = judged::load(file)?
            .into_iter()
            .filter(|query| kinds.contains(&query.kind));
        texts.extend(of_kind.map(|query| query.text));
    }
    Ok(texts)
}
