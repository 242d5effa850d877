//! The weather of one seed: what happens to client, portal and network, and what must be true when it is over.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use turmoil::Sim;
use uc_model::{OutboxState, ServiceId};
use uc_sync::outbox::Pending;

use super::hosts::{CLIENT, Disk, Ledger, PORTAL, client, key, portal};

/// A step of the simulation.
const TICK: Duration = Duration::from_millis(250);
/// How long it storms.
const STORM: Duration = Duration::from_mins(8);
/// By then everything must be settled.
const CALM: Duration = Duration::from_hours(4);
/// Services that are applied for.
const SERVICES: [&str; 3] = ["passport", "certificate", "benefit"];

/// What is planted to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bug {
    None,
    /// The portal cannot know that it is asked again.
    KeyForEachAttempt,
}

/// What came of a seed.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) submissions: u64,
    pub(super) crashes: u64,
    pub(super) partitions: u64,
    pub(super) simulated: Duration,
    pub(super) violations: Vec<String>,
}

/// One simulation.
pub(super) fn weather(seed: u64, bug: Bug) -> Result<Told> {
    let mut rng = StdRng::seed_from_u64(seed);
    let (disk, ledger) = (Disk::default(), ledger(&mut rng));
    let mut sim = build(seed, &disk, &ledger, bug);
    let mut storm = Storm {
        wishes: wishes(&mut rng),
        rng,
        down: BTreeMap::new(),
        parted: false,
        registered: BTreeSet::new(),
        told: Told::default(),
    };
    while sim.elapsed() < STORM {
        storm.act(&mut sim, &disk);
        step(&mut sim)?;
        storm.watch(&disk);
    }
    storm.end(&mut sim, &disk);
    while sim.elapsed() < CALM && !is_settled(&disk) {
        step(&mut sim)?;
        storm.watch(&disk);
    }
    let mut told = storm.told;
    told.simulated = sim.elapsed();
    told.violations.extend(judge(&disk, &ledger, bug));
    Ok(told)
}

fn ledger(rng: &mut StdRng) -> Ledger {
    Ledger {
        keys: Rc::default(),
        moods: Rc::new(RefCell::new(StdRng::seed_from_u64(rng.random()))),
    }
}

fn build<'a>(seed: u64, disk: &Disk, ledger: &Ledger, bug: Bug) -> Sim<'a> {
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .tick_duration(TICK)
        .min_message_latency(Duration::from_millis(20))
        .max_message_latency(Duration::from_secs(3))
        .simulation_duration(CALM + STORM)
        .build();
    let ledger = ledger.clone();
    sim.host(PORTAL, move || portal(ledger.clone()));
    let disk = disk.clone();
    sim.host(CLIENT, move || client(disk.clone(), bug));
    sim
}

fn step(sim: &mut Sim<'_>) -> Result<()> {
    let stepped = sim.step();
    stepped
        .map(drop)
        .map_err(|error| anyhow!("the simulation ended: {error}"))
}

/// When «send» is pressed, and for what.
fn wishes(rng: &mut StdRng) -> Vec<(Duration, &'static str)> {
    let mut wishes: Vec<_> = (0..rng.random_range(1..=7))
        .map(|_| {
            let at = Duration::from_secs(rng.random_range(0..STORM.as_secs()));
            (at, SERVICES[rng.random_range(0..SERVICES.len())])
        })
        .collect();
    wishes.sort_unstable();
    wishes.reverse();
    wishes
}

/// What goes on outside.
struct Storm {
    rng: StdRng,
    /// The last is pressed next.
    wishes: Vec<(Duration, &'static str)>,
    /// Hosts that are down, with the instant at which they come back.
    down: BTreeMap<&'static str, Duration>,
    parted: bool,
    registered: BTreeSet<i64>,
    told: Told,
}

impl Storm {
    fn act(&mut self, sim: &mut Sim<'_>, disk: &Disk) {
        let elapsed = sim.elapsed();
        while let Some((_, service)) = self.wishes.pop_if(|(at, _)| *at <= elapsed) {
            self.told.submissions += 1;
            press(disk, service);
        }
        let back = |at: &Duration| *at <= elapsed;
        for host in [CLIENT, PORTAL] {
            if self.down.get(host).is_some_and(back) {
                self.down.remove(host);
                sim.bounce(host);
            } else if !self.down.contains_key(host) && self.rng.random_ratio(1, 300) {
                let pause = Duration::from_secs(self.rng.random_range(0..40));
                self.down.insert(host, elapsed + pause);
                self.told.crashes += 1;
                sim.crash(host);
            }
        }
        if self
            .rng
            .random_ratio(1, if self.parted { 100 } else { 250 })
        {
            self.part(sim);
        }
    }

    /// Parts the network, or brings it together.
    fn part(&mut self, sim: &Sim<'_>) {
        self.parted = !self.parted;
        if self.parted {
            self.told.partitions += 1;
            sim.partition(CLIENT, PORTAL);
        } else {
            sim.repair(CLIENT, PORTAL);
        }
    }

    /// All that is left is wished, everything runs, and the client hears that the network is back.
    fn end(&mut self, sim: &mut Sim<'_>, disk: &Disk) {
        while let Some((_, service)) = self.wishes.pop() {
            self.told.submissions += 1;
            press(disk, service);
        }
        for host in std::mem::take(&mut self.down).into_keys() {
            sim.bounce(host);
        }
        if self.parted {
            self.part(sim);
        }
        disk.eager.set(true);
    }

    /// What was registered once stays so.
    fn watch(&mut self, disk: &Disk) {
        for row in disk.rows.borrow().values() {
            if row.state == OutboxState::Registered {
                self.registered.insert(row.seq);
            } else if self.registered.contains(&row.seq) {
                let went_back = format!("submission {} went back to {:?}", row.seq, row.state);
                self.told.violations.push(went_back);
            }
        }
    }
}

/// The person presses «send»: the submission is on the disk before it is shown as sent.
fn press(disk: &Disk, service: &str) {
    let mut rows = disk.rows.borrow_mut();
    let seq = i64::try_from(rows.len()).unwrap_or(i64::MAX) + 1;
    let Ok(service) = service.parse::<ServiceId>() else {
        return;
    };
    let row = Pending {
        seq,
        service,
        state: OutboxState::Sealed,
        attempts: 0,
        next_at: Timestamp::UNIX_EPOCH,
    };
    rows.insert(seq, row);
}

fn is_settled(disk: &Disk) -> bool {
    let rows = disk.rows.borrow();
    rows.values()
        .all(|row| row.state == OutboxState::Registered)
}

/// What was pressed was carried out once and in order, for each service; and nothing else was.
fn judge(disk: &Disk, ledger: &Ledger, bug: Bug) -> Vec<String> {
    let (rows, keys) = (disk.rows.borrow(), ledger.keys.borrow());
    let mut violations = Vec::new();
    let mut order: BTreeMap<&ServiceId, Vec<i64>> = BTreeMap::new();
    for key in keys.iter() {
        let seq = i64::try_from(key >> 32).unwrap_or(i64::MAX);
        match rows.get(&seq) {
            Some(row) => order.entry(&row.service).or_default().push(seq),
            None => violations.push(format!("nobody asked for {seq}")),
        }
    }
    for row in rows.values() {
        let times = keys
            .iter()
            .filter(|it| *it >> 32 == key(row, bug) >> 32)
            .count();
        if row.state != OutboxState::Registered {
            violations.push(format!("submission {} ended as {:?}", row.seq, row.state));
        }
        if times != 1 {
            violations.push(format!(
                "submission {} was carried out {times} times",
                row.seq
            ));
        }
    }
    let disorder = order.iter().filter(|(_, carried)| !carried.is_sorted());
    violations.extend(disorder.map(|(service, carried)| format!("{service}: {carried:?}")));
    violations
}
