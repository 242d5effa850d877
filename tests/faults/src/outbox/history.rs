//! One history: what the person does, what happens meanwhile, and what must be true at its end.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, OnceLock},
};

use anyhow::{Context as _, Result};
use futures_util::future::{Either, select};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use uc_core::Core;
use uc_ipc::{
    ApplicationFilter, ApplicationRow, ApplicationState, CancelApplication, Commands as _,
    IpcError, ListApplications, OpenForm, SubmitApplication, SyncNow,
};
use uc_model::ApplicationId;
use uc_testkit::{CERTIFICATE, MemoryKeyring, PASSCODE, TestApp, completed_certificate};

use super::{
    Figures,
    network::{FAULTS, Fate, FaultyWay},
};

/// What a person does in one history, at most.
const MOST_ACTS: usize = 6;
/// Syncs until everything must be settled.
const MOST_SYNCS: usize = 12;

/// What a person may believe of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Belief {
    /// It was sent, or will be.
    Sent,
    /// The client ended before it said so.
    Perhaps,
    /// It came back before it left.
    TakenBack,
}

/// How far an application got. It never goes back but by the person's own act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Draft,
    OnItsWay,
    AtThePortal,
    Over,
}

const fn stage(state: &ApplicationState) -> Stage {
    match state {
        ApplicationState::Draft | ApplicationState::Returned => Stage::Draft,
        ApplicationState::Queued { .. } | ApplicationState::Sending | ApplicationState::Unknown => {
            Stage::OnItsWay
        }
        ApplicationState::Registered
        | ApplicationState::InProgress
        | ApplicationState::NeedsCorrection => Stage::AtThePortal,
        ApplicationState::Approved | ApplicationState::Refused | ApplicationState::Cancelled => {
            Stage::Over
        }
    }
}

/// What is known of one application.
#[derive(Debug, Clone, Copy)]
struct Known {
    belief: Belief,
    seen: Stage,
}

/// A client and its portal, through many histories.
pub(super) struct World {
    app: TestApp,
    way: FaultyWay,
    known: BTreeMap<ApplicationId, Known>,
    /// The planted bug: at a crash the disk gives back what it held when the history began.
    forgetful: bool,
    before: PathBuf,
}

impl World {
    /// Somebody who has signed in.
    pub(super) async fn begin(forgetful: bool) -> Result<Self> {
        let laid: OnceLock<FaultyWay> = OnceLock::new();
        let app = TestApp::start_through(MemoryKeyring::default(), |inner| {
            Arc::new(laid.get_or_init(|| FaultyWay::new(inner)).clone())
        })
        .await;
        let way = laid.into_inner().context("a way")?;
        app.enter().await;
        app.core().sync_now(SyncNow {}).await?;
        let before = app.profile().with_file_name("before");
        Ok(Self {
            app,
            way,
            known: BTreeMap::new(),
            forgetful,
            before,
        })
    }

    /// One history; what was broken in it.
    pub(super) async fn live(&mut self, seed: u64, figures: &mut Figures) -> Result<Vec<String>> {
        let mut rng = StdRng::seed_from_u64(seed);
        let faults_before = self.way.faults();
        self.way.set_fates(fates(&mut rng));
        let mut violations = Vec::new();
        self.remember()?;
        for _ in 0..rng.random_range(1..=MOST_ACTS) {
            Box::pin(self.act(&mut rng, figures)).await?;
            self.begin_anew_if_crashed(figures).await?;
            self.look(&mut violations).await?;
        }
        Box::pin(self.heal(figures)).await?;
        self.judge(&mut violations).await?;
        figures.network_faults += self.way.faults() - faults_before;
        Ok(violations)
    }

    /// Ends both.
    pub(super) async fn end(mut self) {
        self.app.stop_app().await;
        self.app.stop_portal().await;
    }

    async fn act(&mut self, rng: &mut StdRng, figures: &mut Figures) -> Result<()> {
        match rng.random_range(0..100) {
            0..50 => self.submit(figures).await,
            50..65 => self.take_back(rng).await,
            65..75 => {
                self.app.restart().await;
                self.unlock().await
            }
            75..90 => {
                self.way.set_down(rng.random());
                Ok(())
            }
            _ => {
                let core = Arc::clone(self.app.core());
                // Whatever comes of it is looked at afterwards.
                self.unless_crashed(Box::pin(core.sync_now(SyncNow {})))
                    .await;
                Ok(())
            }
        }
    }

    async fn submit(&mut self, figures: &mut Figures) -> Result<()> {
        let core = Arc::clone(self.app.core());
        let form = core.open_form(OpenForm {
            service: CERTIFICATE.parse().context("a service")?,
            application: None,
        });
        let form = form.await?;
        let id = form.application;
        figures.submissions += 1;
        let sent = core.submit_application(SubmitApplication {
            chosen: Vec::new(),
            application: id,
            service: form.service.clone(),
            acting_for: None,
            answers: completed_certificate(&form),
        });
        let belief = match self.unless_crashed(Box::pin(sent)).await {
            Some(told) => {
                told.context("a submission was refused")?;
                Belief::Sent
            }
            None => Belief::Perhaps,
        };
        let seen = Stage::Draft;
        self.known.insert(id, Known { belief, seen });
        Ok(())
    }

    /// Takes one of the applications back, whatever became of it.
    async fn take_back(&mut self, rng: &mut StdRng) -> Result<()> {
        let ids: Vec<ApplicationId> = self.known.keys().copied().collect();
        let Some(id) = ids.choose(rng).copied() else {
            return Ok(());
        };
        let core = Arc::clone(self.app.core());
        let request = CancelApplication { application: id };
        let told = self
            .unless_crashed(Box::pin(core.cancel_application(request)))
            .await;
        if let Some(known) = self.known.get_mut(&id) {
            match told {
                Some(Ok(details)) if stage(&details.row.state) == Stage::Draft => {
                    known.belief = Belief::TakenBack;
                    known.seen = Stage::Draft;
                }
                // Withdrawn, or the person was told that nothing has changed.
                Some(Ok(_) | Err(_)) => {}
                None => {
                    known.belief = Belief::Perhaps;
                    known.seen = Stage::Draft;
                }
            }
        }
        Ok(())
    }

    /// `None` when the client is to end meanwhile.
    async fn unless_crashed<T>(
        &self,
        work: Pin<Box<impl Future<Output = Result<T, IpcError>>>>,
    ) -> Option<Result<T, IpcError>> {
        match select(work, Box::pin(self.way.crash())).await {
            Either::Left((told, _)) => Some(told),
            Either::Right(_) => None,
        }
    }

    /// A client that is to end ends, and another begins.
    async fn begin_anew_if_crashed(&mut self, figures: &mut Figures) -> Result<()> {
        while self.way.has_crashed() {
            figures.crashes += 1;
            self.app.stop_app().await;
            if self.forgetful {
                replace_folder(&self.before, &self.app.profile())?;
            }
            self.way.recover();
            self.app.launch().await;
            self.unlock().await?;
        }
        Ok(())
    }

    async fn unlock(&self) -> Result<()> {
        let unlocked = self.app.unlock(PASSCODE).await;
        unlocked.map(drop).context("the client does not open")
    }

    fn remember(&self) -> Result<()> {
        if self.forgetful {
            replace_folder(&self.app.profile(), &self.before)?;
        }
        Ok(())
    }

    /// All faults end, and everything gets where it is to get.
    async fn heal(&mut self, figures: &mut Figures) -> Result<()> {
        self.way.set_fates([]);
        self.way.set_down(false);
        for _ in 0..MOST_SYNCS {
            let core = Arc::clone(self.app.core());
            self.unless_crashed(Box::pin(core.sync_now(SyncNow {})))
                .await;
            drop(core);
            self.begin_anew_if_crashed(figures).await?;
            let rows = rows(self.app.core()).await?;
            if rows.iter().all(|row| stage(&row.state) != Stage::OnItsWay) {
                break;
            }
        }
        Ok(())
    }

    /// No status has gone back.
    async fn look(&mut self, violations: &mut Vec<String>) -> Result<()> {
        for row in rows(self.app.core()).await? {
            let now = stage(&row.state);
            match self.known.get_mut(&row.id) {
                Some(known) if now < known.seen => violations.push(format!(
                    "{} went back from {:?} to {now:?}",
                    row.id, known.seen
                )),
                Some(known) => known.seen = now,
                None => {}
            }
        }
        Ok(())
    }

    /// What was said to be sent exists once, what came back does not, and nothing else does.
    async fn judge(&mut self, violations: &mut Vec<String>) -> Result<()> {
        self.look(violations).await?;
        let rows = rows(self.app.core()).await?;
        let at_portal: BTreeMap<ApplicationId, &ApplicationRow> = rows
            .iter()
            .filter(|row| stage(&row.state) >= Stage::AtThePortal)
            .map(|row| (row.id, row))
            .collect();
        for (id, known) in &self.known {
            match (known.belief, at_portal.contains_key(id)) {
                (Belief::Sent, false) => violations.push(format!("{id} was sent and is not there")),
                (Belief::TakenBack, true) => {
                    violations.push(format!("{id} was taken back and is there"));
                }
                _ => {}
            }
        }
        for id in at_portal.keys().filter(|id| !self.known.contains_key(id)) {
            violations.push(format!("{id} is there and was never sent"));
        }
        let mut numbers: Vec<_> = at_portal.values().map(|row| row.number.clone()).collect();
        let all = numbers.len();
        numbers.sort();
        numbers.dedup();
        if numbers.len() < all {
            violations.push("two applications share a number".to_owned());
        }
        Ok(())
    }
}

/// Half of the exchanges meet a fault.
fn fates(rng: &mut StdRng) -> Vec<Fate> {
    let mut fates = Vec::new();
    for _ in 0..rng.random_range(0..8) {
        let fault = FAULTS.choose(rng).copied().filter(|_| rng.random());
        fates.push(fault.unwrap_or(Fate::Passes));
    }
    fates
}

async fn rows(core: &Core) -> Result<Vec<ApplicationRow>> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = core.list_applications(ListApplications {
            filter: ApplicationFilter::default(),
            after,
        });
        let page = page.await?;
        rows.extend(page.applications);
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

fn replace_folder(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
