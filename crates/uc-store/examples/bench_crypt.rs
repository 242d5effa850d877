//! What the cipher costs: the catalogue's store with its key beside the same code and library on a plain file.
//!
//! Both take turns, and who begins changes with each round. A figure is the time with the key divided by the time without.
//!
//! `cargo xtask bench crypt [-- --json FILE --strict --services 100000 --repeats 9]`

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

use clap::Parser;
use serde::Serialize;
use uc_model::SecretBytes;
use uc_store::{CatalogueCursor, PublicStore, ServiceFilter};

/// Loads that count; each fills a store of its own.
const LOADS: usize = 3;
/// Services read, and commits made, in a round.
const POINTS: usize = 500;
/// Searches that find much and little.
const QUERIES: [&str; 10] = [
    "справка",
    "выдача лицензии",
    "пособия многодетным",
    "регистрация маломерного судна",
    "замена карты",
    "компенсации студентам",
    "свидетельства нотариусам",
    "разрешения в лесном фонде",
    "заменить паспорт",
    "налоговый вычет за лечение",
];

/// Measures what the cipher costs.
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
    services: usize,
    /// Rounds of each look-up; the first is dropped.
    #[arg(long, default_value_t = 9)]
    repeats: usize,
}

/// One thing measured, keyed and plain.
#[derive(Serialize)]
struct Cost {
    name: &'static str,
    goal: f64,
    keyed_us: f64,
    plain_us: f64,
}

impl Cost {
    fn ratio(&self) -> f64 {
        self.keyed_us / self.plain_us
    }
}

/// A pair of stores: with a key, and plain.
struct Pair([PublicStore; 2]);

impl Pair {
    fn open(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self([
            PublicStore::open(&folder.join("keyed"), &SecretBytes::new([1; 32]))?,
            PublicStore::open_unkeyed(&folder.join("plain"))?,
        ]))
    }

    /// Both do it once, in an order that changes with the round.
    fn take_turns(&self, round: usize, work: impl Fn(&PublicStore)) -> [Duration; 2] {
        let mut times = [Duration::ZERO; 2];
        for turn in [round % 2, 1 - round % 2] {
            let begun = Instant::now();
            work(&self.0[turn]);
            times[turn] = begun.elapsed();
        }
        times
    }
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let mut loads = Vec::new();
    let mut pair = None;
    for round in 0..LOADS {
        let filled = Pair::open(&folder.path().join(round.to_string()))?;
        loads.push(filled.take_turns(round, |store| {
            let services = catalogue::synthetic(options.services);
            catalogue::fill(store, catalogue::real().into_iter().chain(services));
        }));
        pair = Some(filled);
    }
    let pair = pair.unwrap();
    ensure_one_is_plain(folder.path())?;
    let costs = [
        cost("bulk", 1.25, loads, |times| percentile(times, 50)),
        search(&pair, options.repeats),
        points(&pair, &options),
        commits(&pair, options.repeats),
    ];
    finish(&costs, &options)
}

/// The comparison is none unless one file is readable and the other is not.
fn ensure_one_is_plain(folder: &Path) -> anyhow::Result<()> {
    let begins_plainly = |name: &str| -> anyhow::Result<bool> {
        Ok(fs::read(folder.join("0").join(name))?.starts_with(b"SQLite format 3\0"))
    };
    anyhow::ensure!(begins_plainly("plain")? && !begins_plainly("keyed")?);
    Ok(())
}

fn search(pair: &Pair, repeats: usize) -> Cost {
    let mut times = Vec::new();
    for round in 0..=repeats {
        for query in QUERIES {
            let taken = pair.take_turns(round, |store| {
                let found = store.read_blocking(|view| {
                    view.search_services(query, &ServiceFilter::default(), None, 20)
                });
                assert!(black_box(found.unwrap()).total > 0);
            });
            if round > 0 {
                times.push(taken);
            }
        }
    }
    cost("search-p95", 1.15, times, |times| percentile(times, 95))
}

/// Whole services by id, all over the file: most pages are not in the cache.
fn points(pair: &Pair, options: &Options) -> Cost {
    let mut times = Vec::new();
    for round in 0..=options.repeats {
        let taken = pair.take_turns(round, |store| {
            for point in 0..POINTS {
                let number = (point * 7_919 + round * 104_729) % options.services;
                let id = format!("synthetic-{number}").parse().unwrap();
                let found = store.read_blocking(|view| view.find_service_document(&id));
                assert!(black_box(found.unwrap()).is_some());
            }
        });
        if round > 0 {
            times.push(taken);
        }
    }
    cost("point-read", 2.5, times, |times| percentile(times, 50))
}

fn commits(pair: &Pair, repeats: usize) -> Cost {
    let mut times = Vec::new();
    for round in 0..=repeats {
        let taken = pair.take_turns(round, |store| {
            for point in 0..POINTS {
                let cursor = CatalogueCursor {
                    next: Some(format!("{round}-{point}")),
                    ..CatalogueCursor::default()
                };
                store
                    .write_blocking(move |tx| tx.update_catalogue_cursor(&cursor))
                    .unwrap();
            }
        });
        if round > 0 {
            times.push(taken);
        }
    }
    cost("commit", 2.5, times, |times| percentile(times, 50))
}

fn cost(
    name: &'static str,
    goal: f64,
    times: Vec<[Duration; 2]>,
    figure: impl Fn(Vec<Duration>) -> Duration,
) -> Cost {
    let (keyed, plain) = times.into_iter().map(Into::into).unzip();
    let microseconds = |times| figure(times).as_secs_f64() * 1e6;
    Cost {
        name,
        goal,
        keyed_us: microseconds(keyed),
        plain_us: microseconds(plain),
    }
}

fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

fn finish(costs: &[Cost], options: &Options) -> anyhow::Result<()> {
    if let Some(path) = &options.json {
        fs::write(path, serde_json::to_vec_pretty(costs)?)?;
    }
    let mut good = true;
    for cost in costs {
        println!(
            "    {:<10} with the key {:.0} µs, plain {:.0} µs",
            cost.name, cost.keyed_us, cost.plain_us
        );
    }
    for cost in costs {
        let holds = cost.ratio() <= cost.goal;
        good &= holds;
        println!(
            "crypt-{}: {:.2} (goal <= {}) {}",
            cost.name,
            cost.ratio(),
            cost.goal,
            if holds { "ok" } else { "short" }
        );
    }
    anyhow::ensure!(good || !options.strict, "a goal is missed");
    Ok(())
}
