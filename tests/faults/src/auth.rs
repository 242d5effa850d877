//! Kills in the acts that move keys and tokens (RP-21, KR-05, LK-08): nobody is signed out, nothing filled in is lost.

pub(crate) mod world;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context as _, Result, ensure};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;

use self::world::{Loss, World};
use crate::{
    act::Act,
    killed::{End, Kill},
    report::say,
};

/// Rounds until a planted bug must be found.
const PLANTED_ROUNDS: u32 = 200;
/// One kill in so many comes at a moment of chance, between fault points.
const BY_CHANCE: u32 = 4;
/// The longest that an act takes, more or less.
const ACT: Duration = Duration::from_millis(900);
/// How often the run says that it goes on.
const TOLD_EVERY: u32 = 100;

/// Kills the client at every fault point of sign-in, refresh, change of passcode and sign-out.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many kills
    #[arg(long, default_value_t = 1000)]
    kills: u32,
    /// Chooses the moments of chance; printed, so that a run can be repeated
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes all figures to a file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where something was lost
    #[arg(long)]
    strict: bool,
}

/// What came of the kills.
#[derive(Debug, Default, Serialize)]
struct Figures {
    kills: u32,
    points: BTreeMap<String, u32>,
    forced_sign_outs: u32,
    lost_drafts: u32,
    lost_vaults: u32,
    hangs: u32,
}

impl Figures {
    fn count(&mut self, loss: Loss) {
        match loss {
            Loss::SignedOut => self.forced_sign_outs += 1,
            Loss::Draft => self.lost_drafts += 1,
            Loss::Vault => self.lost_vaults += 1,
        }
    }

    fn count_kill(&mut self) {
        self.kills += 1;
        if self.kills.is_multiple_of(TOLD_EVERY) {
            say(&format!("  {} kills", self.kills));
        }
    }

    /// What must not happen.
    fn faults(&self) -> u32 {
        self.losses() + self.hangs
    }

    fn losses(&self) -> u32 {
        self.forced_sign_outs + self.lost_drafts + self.lost_vaults
    }
}

/// Finds the planted bug first, then kills in earnest.
pub(crate) async fn run(options: &Options) -> Result<ExitCode> {
    let planted = find_planted(options.seed).await?;
    say(&format!(
        "planted bug (keys written in place): found after {planted} kills"
    ));
    let earnest = Kills {
        torn: false,
        acts: &Act::SIGNED_IN,
    };
    let figures = earnest.run(options.kills, options.seed, |_| false).await?;
    for (act, points) in &figures.points {
        say(&format!("  {act}: {points} fault points"));
    }
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    let losses = figures.losses();
    let verdict = if figures.faults() == 0 { "ok" } else { "short" };
    say(&format!(
        "faults-auth: {losses} losses in {} kills: {} forced sign-outs, {} lost drafts, {} lost vaults; {} hangs (goal 0) {verdict}",
        figures.kills,
        figures.forced_sign_outs,
        figures.lost_drafts,
        figures.lost_vaults,
        figures.hangs
    ));
    Ok(if figures.faults() > 0 && options.strict {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn find_planted(seed: u64) -> Result<u32> {
    let planted = Kills {
        torn: true,
        acts: &[Act::Refresh],
    };
    let figures = planted
        .run(PLANTED_ROUNDS, seed, |figures| figures.losses() > 0)
        .await?;
    ensure!(figures.losses() > 0, "the planted bug was not found");
    Ok(figures.kills)
}

/// Which client is killed, and in what.
struct Kills {
    /// It has the planted bug.
    torn: bool,
    /// What it does once it is signed in.
    acts: &'static [Act],
}

impl Kills {
    /// Kills until it is enough, with a look at what is left after each.
    async fn run(
        &self,
        kills: u32,
        seed: u64,
        enough: impl Fn(&Figures) -> bool,
    ) -> Result<Figures> {
        let mut world = World::begin(self.torn).await?;
        let mut plan = Plan::new(seed, self.acts);
        let mut figures = Figures::default();
        while figures.kills < kills && !enough(&figures) {
            let act = plan.next_act(world.is_signed_in());
            let kill = plan.next_kill(act);
            let Some(end) = world.attempt(act, kill).await? else {
                say(&format!("  {}: hangs, to be ended by {kill:?}", act.name()));
                figures.hangs += 1;
                figures.count_kill();
                world = World::begin(self.torn).await?;
                continue;
            };
            plan.learn(act, kill, end);
            if let Some(loss) = Box::pin(world.look(act, end)).await.context(act.name())? {
                say(&format!("  {}: {loss:?} after {kill:?}", act.name()));
                figures.count(loss);
                world = World::begin(self.torn).await?;
            }
            if end == End::Killed {
                figures.count_kill();
            }
        }
        figures.points = plan.points();
        Ok(figures)
    }
}

/// Which act is next, and where it ends.
struct Plan {
    rng: StdRng,
    acts: &'static [Act],
    round: u32,
    /// The fault point to come.
    next: BTreeMap<Act, u32>,
    /// The most that an act has passed.
    most: BTreeMap<Act, u32>,
}

impl Plan {
    fn new(seed: u64, acts: &'static [Act]) -> Self {
        Self {
            acts,
            rng: StdRng::seed_from_u64(seed),
            round: 0,
            next: BTreeMap::new(),
            most: BTreeMap::new(),
        }
    }

    fn next_act(&mut self, signed_in: bool) -> Act {
        self.round += 1;
        if !signed_in {
            return Act::SignIn;
        }
        self.acts[self.round as usize % self.acts.len()]
    }

    fn next_kill(&mut self, act: Act) -> Kill {
        if self.rng.random_range(0..BY_CHANCE) == 0 {
            return Kill::After(self.rng.random_range(Duration::ZERO..ACT));
        }
        let next = self.next.entry(act).or_default();
        *next += 1;
        Kill::At(*next - 1)
    }

    /// An act that was done before its fault point has no more of them: the next round begins with its first.
    fn learn(&mut self, act: Act, kill: Kill, end: End) {
        if let (Kill::At(point), End::Done) = (kill, end) {
            self.next.insert(act, 0);
            let most = self.most.entry(act).or_default();
            *most = (*most).max(point);
        }
    }

    fn points(&self) -> BTreeMap<String, u32> {
        let tried = self.next.iter().map(|(act, next)| {
            let most = self.most.get(act).copied().unwrap_or_default();
            (act.name(), most.max(*next))
        });
        tried.collect()
    }
}
