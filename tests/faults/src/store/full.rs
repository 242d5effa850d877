//! A disk that is full (ST-04): at each write in turn, of the vault and of the catalogue. The store says so in its own word, shows what
//! it has, and goes on when there is room again.

use std::path::Path;

use anyhow::{Result, ensure};
use serde::Serialize;
use uc_model::SecretBytes;
use uc_store::{
    CatalogueCursor, PublicStore, Service, ServiceFilter, ServiceName, StoreError, Vault,
};

use super::{
    ledger::{self, Content},
    recorder::Recorder,
};
use crate::report::say;

/// More writes than any store takes.
const MOST_WRITES: u64 = 10_000;

/// A store that takes steps.
trait Subject: Sized {
    const NAME: &'static str;
    /// Steps that it takes.
    const STEPS: u64;

    /// A new one, closed.
    fn create(path: &Path) -> Result<()>;
    fn open(path: &Path) -> Result<Self>;
    fn act(&self, step: u64) -> Result<(), StoreError>;
    /// It has what so many steps leave, and shows it.
    fn holds(&self, steps: u64) -> bool;
    /// Its pages and indexes are sound.
    fn is_sound(path: &Path) -> Result<bool>;
}

impl Subject for Vault {
    const NAME: &'static str = "the vault";
    const STEPS: u64 = 6;

    fn create(path: &Path) -> Result<()> {
        drop(ledger::create(path)?);
        Ok(())
    }

    fn open(path: &Path) -> Result<Self> {
        Ok(ledger::open(path, 0)?)
    }

    fn act(&self, step: u64) -> Result<(), StoreError> {
        self.write_blocking(move |tx| ledger::act(tx, step))
    }

    fn holds(&self, steps: u64) -> bool {
        Content::of(self).is_ok_and(|it| it == Content::after(steps))
    }

    fn is_sound(path: &Path) -> Result<bool> {
        Ok(ledger::check(path)?.is_empty())
    }
}

/// Services of a page.
const PAGE: u64 = 60;
const WORD: &str = "справка";

/// A step is a page of the catalogue with its cursor.
impl Subject for PublicStore {
    const NAME: &'static str = "the catalogue";
    const STEPS: u64 = 3;

    fn create(path: &Path) -> Result<()> {
        <Self as Subject>::open(path).map(drop)
    }

    fn open(path: &Path) -> Result<Self> {
        Ok(Self::open(path, &SecretBytes::new([5; 32]))?)
    }

    fn act(&self, step: u64) -> Result<(), StoreError> {
        self.write_blocking(move |tx| {
            let page: Vec<Service> = (0..PAGE)
                .map(|place| service(step * PAGE + place))
                .collect();
            tx.update_services(&page)?;
            tx.update_catalogue_cursor(&CatalogueCursor {
                next: Some(step.to_string()),
                ..CatalogueCursor::default()
            })
        })
    }

    fn holds(&self, steps: u64) -> bool {
        let held = self.read_blocking(|view| {
            let cursor = view.load_catalogue_cursor()?.next;
            let page = view.search_services(WORD, &ServiceFilter::default(), None, 1)?;
            Ok((cursor, view.count_services()?, page.total))
        });
        let cursor = (steps > 0).then(|| steps.to_string());
        held.is_ok_and(|(next, count, found)| {
            next == cursor && u64::from(count) == steps * PAGE && found == count
        })
    }

    /// What is searched is what is kept: looked at by [`Subject::holds`].
    fn is_sound(path: &Path) -> Result<bool> {
        Ok(<Self as Subject>::open(path)?.holds(Self::STEPS))
    }
}

fn service(number: u64) -> Service {
    Service {
        name: ServiceName {
            id: format!("service-{number}").parse().expect("an id"),
            title: format!("Справка № {number}"),
            title_en: format!("Certificate {number}"),
            agency: "agency".parse().expect("an id"),
        },
        region: None,
        term: None,
        fee: None,
        has_form: false,
        popularity: 50,
        audience: Vec::new(),
        life_situations: Vec::new(),
        keywords: vec![WORD.to_owned()],
        body: "Выдаётся по заявлению".repeat(20),
        document: "{}".to_owned(),
    }
}

/// What came of full disks.
#[derive(Debug, Default, Serialize)]
pub(super) struct FullDisks {
    /// Writes at which the disk was full.
    pub(super) moments: u32,
    /// What was answered and is not there, or was not taken when there was room again.
    lost: u32,
    corrupt: u32,
    /// Refusals that did not say why.
    unclear: u32,
}

impl FullDisks {
    /// What must not happen.
    pub(super) const fn faults(&self) -> u32 {
        self.lost + self.corrupt + self.unclear
    }
}

/// What the one who writes does with a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// Tries again when there is room.
    Careful,
    /// Takes it for an answer: the planted bug.
    Deaf,
}

/// The disk is full at the first write, the second, and so on, until all of them fit.
pub(super) fn run() -> Result<FullDisks> {
    let planted = fill::<Vault>(Writer::Deaf)?;
    ensure!(planted.faults() > 0, "the planted bug was not found");
    say(&format!(
        "planted bug (a refusal taken for an answer): found after {} full disks",
        planted.moments
    ));
    let mut full = fill::<Vault>(Writer::Careful)?;
    full.add(&fill::<PublicStore>(Writer::Careful)?);
    Ok(full)
}

fn fill<S: Subject>(writer: Writer) -> Result<FullDisks> {
    let mut full = FullDisks::default();
    for room in 0..MOST_WRITES {
        if !full.at::<S>(room, writer)? {
            say(&format!(
                "full disks: {} at each of {} writes: {} lost, {} corrupt, {} unclear",
                S::NAME,
                full.moments,
                full.lost,
                full.corrupt,
                full.unclear
            ));
            return Ok(full);
        }
        full.moments += 1;
        if writer == Writer::Deaf && full.faults() > 0 {
            return Ok(full);
        }
    }
    anyhow::bail!("the writes have no end")
}

impl FullDisks {
    const fn add(&mut self, other: &Self) {
        self.moments += other.moments;
        self.lost += other.lost;
        self.corrupt += other.corrupt;
        self.unclear += other.unclear;
    }

    /// Room for so many writes; whether it ran out.
    fn at<S: Subject>(&mut self, room: u64, writer: Writer) -> Result<bool> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("store.db");
        S::create(&path)?;
        let recorder = Recorder::start()?;
        let store = S::open(&path)?;
        recorder.leave_room(room);
        let mut ran_out = false;
        for step in 1..=S::STEPS {
            let Err(refusal) = store.act(step) else {
                continue;
            };
            ran_out = true;
            self.unclear += u32::from(!matches!(refusal, StoreError::NoSpace));
            let has_all = store.holds(step - 1) || store.holds(step);
            self.lost += u32::from(!has_all);
            recorder.leave_room(u64::MAX);
            let again = writer == Writer::Deaf || store.act(step).is_ok();
            self.lost += u32::from(!again);
        }
        drop(store);
        drop(recorder);
        let is_there = S::open(&path).is_ok_and(|store| store.holds(S::STEPS));
        self.lost += u32::from(!is_there);
        self.corrupt += u32::from(!S::is_sound(&path)?);
        Ok(ran_out)
    }
}
