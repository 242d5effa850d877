//! What was measured, with the goals.

use std::{fs, path::Path};

use serde::Serialize;
use uc_interop::peers::Peer;

use crate::{crowd::Beside, judged::Hits, times::Times};

const RATIO_GOAL: f64 = 1.5;
const TYPING_GOAL: f64 = 2.5;
const HIT_GOAL: f64 = 0.9;

/// All figures.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    pub(crate) sizes: Vec<Figures>,
    pub(crate) hits: Vec<Hits>,
}

/// Of a catalogue of one size.
#[derive(Serialize)]
pub(crate) struct Figures {
    pub(crate) services: usize,
    pub(crate) bare: Times,
    pub(crate) ours: Times,
    pub(crate) hop: Times,
    pub(crate) direct: Times,
    /// `ours` for slips of the finger and the other layout, which the bare index does not find at all.
    pub(crate) lenient: Times,
    pub(crate) typing: Typing,
    pub(crate) peers: Vec<OfPeer>,
}

/// Suggestions while one types.
#[derive(Serialize)]
pub(crate) struct Typing {
    /// The first row ids of the bare index, of which nothing is read.
    pub(crate) bare: Times,
    pub(crate) ours: Times,
}

/// What a peer took for the same queries.
#[derive(Serialize)]
pub(crate) struct OfPeer {
    name: &'static str,
    version: String,
    times: Times,
    empty: u32,
    #[serde(skip)]
    goal: f64,
}

impl OfPeer {
    pub(crate) fn take(beside: &mut Beside) -> Self {
        Self {
            name: beside.peer.name(),
            version: beside.version.clone(),
            times: Times::of(std::mem::take(&mut beside.times)),
            empty: beside.empty,
            goal: match beside.peer {
                Peer::Tantivy => 0.25,
                Peer::Postgres => 5.0,
                Peer::Minisearch => 100.0,
                Peer::Flexsearch | Peer::Pouchdb => 2.0,
            },
        }
    }
}

impl Figures {
    pub(crate) fn say(&self) {
        println!("{} services", self.services);
        let ways = [
            ("bare", &self.bare),
            ("ours", &self.ours),
            ("hop", &self.hop),
            ("direct", &self.direct),
            ("lenient", &self.lenient),
        ];
        for (name, times) in ways {
            self.say_times(name, times);
        }
        for (name, times) in [
            ("typing, bare", &self.typing.bare),
            ("typing, ours", &self.typing.ours),
        ] {
            println!(
                "    {name:<36} p50 {:.3} p95 {:.3} ms",
                times.p50_ms, times.p95_ms
            );
        }
        for peer in &self.peers {
            self.say_times(&peer.version, &peer.times);
            if peer.empty > 0 {
                println!("      found nothing {} times", peer.empty);
            }
        }
    }

    fn say_times(&self, name: &str, times: &Times) {
        println!(
            "    {name:<36} p50 {:.3} p95 {:.3} ms, ratio p50 {:.2} p95 {:.2} total {:.2}",
            times.p50_ms,
            times.p95_ms,
            times.p50_ms / self.bare.p50_ms,
            times.p95_ms / self.bare.p95_ms,
            times.total_s / self.bare.total_s,
        );
    }
}

impl Report {
    /// The lines with goals, last.
    pub(crate) fn finish(&self, json: Option<&Path>, strict: bool) -> anyhow::Result<()> {
        if let Some(path) = json {
            fs::write(path, serde_json::to_vec_pretty(self)?)?;
        }
        let mut good = true;
        let mut line = |name: String, figure: f64, goal: String, holds: bool| {
            good &= holds;
            let verdict = if holds { "ok" } else { "short" };
            println!("{name}: {figure:.2} (goal {goal}) {verdict}");
        };
        for figures in &self.sizes {
            let (ours, bare) = (&figures.ours, &figures.bare);
            for (name, ratio) in [
                ("p50", ours.p50_ms / bare.p50_ms),
                ("p95", ours.p95_ms / bare.p95_ms),
            ] {
                let name = format!("search-ratio-{name}-{}", figures.services);
                line(name, ratio, format!("<= {RATIO_GOAL}"), ratio <= RATIO_GOAL);
            }
            let typing = figures.typing.ours.p95_ms / figures.typing.bare.p95_ms;
            let name = format!("search-typing-ratio-p95-{}", figures.services);
            line(
                name,
                typing,
                format!("<= {TYPING_GOAL}"),
                typing <= TYPING_GOAL,
            );
            for peer in &figures.peers {
                let faster = peer.times.p95_ms / ours.p95_ms;
                let name = format!("search-times-faster-than-{}-p95", peer.name);
                line(
                    name,
                    faster,
                    format!(">= {}", peer.goal),
                    faster >= peer.goal,
                );
            }
        }
        for hits in &self.hits {
            let name = format!("search-hit5-{}-among-{}", hits.half, hits.among);
            let holds = hits.hit_at_5 >= HIT_GOAL;
            line(name, hits.hit_at_5, format!(">= {HIT_GOAL}"), holds);
        }
        anyhow::ensure!(good || !strict, "a goal is missed");
        Ok(())
    }
}
