//! A portal and a client's profile, and what must still be there after a kill.

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use tempfile::TempDir;
use uc_core::Core;
use uc_ipc::{Commands as _, OpenForm, OpenSession, Phase, SaveDraft, SyncNow};
use uc_model::{ApplicationId, ServiceId};
use uc_portal::{Config, RunningPortal, Times};

use crate::{
    act::{self, Act},
    killed::{self, Attempt, End, Kill},
    report::say,
    rig::{self, Fate, Place},
};

const SERVICE: &str = "criminal-record-certificate";
const FIELD: &str = "birth_place";
/// Agencies are not asked for anything here.
const AGENCY_SPEED: u32 = 1;

/// What a kill must not cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// The session.
    SignedOut,
    /// What was filled in.
    Draft,
    /// Everything on the device.
    Vault,
}

/// What was filled in, and the client told that it is kept.
#[derive(Debug, Clone)]
struct Draft {
    application: ApplicationId,
    words: String,
}

/// A client's profile, whose portal is gone.
pub(crate) struct Profile {
    place: Place,
    passcode: String,
    draft: Draft,
    _folder: TempDir,
}

impl Profile {
    /// Where it lies.
    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    /// What opens it.
    pub(crate) fn passcode(&self) -> &str {
        &self.passcode
    }

    /// Whether what was filled in is there.
    pub(crate) async fn has_draft(&self, core: &Core) -> Result<bool> {
        has_draft(core, &self.draft).await
    }
}

/// A portal with one client.
pub(crate) struct World {
    place: Place,
    torn: bool,
    rounds: u32,
    /// What opens the vault; `None` while nobody is signed in.
    passcode: Option<String>,
    draft: Option<Draft>,
    _portal: RunningPortal,
    folder: TempDir,
}

impl World {
    /// A fresh portal and an empty profile.
    pub(super) async fn begin(torn: bool) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let times = Times::Real {
            agency_speed: AGENCY_SPEED,
        };
        let portal = uc_portal::spawn(Config::demo(folder.path().join("portal"), times)).await?;
        let place = Place {
            folder: folder.path().to_owned(),
            portal: portal.issuer().to_owned(),
            authority: portal.ca_path().to_owned(),
        };
        std::fs::create_dir(place.keyring())?;
        Ok(Self {
            place,
            torn,
            rounds: 0,
            passcode: None,
            draft: None,
            _portal: portal,
            folder,
        })
    }

    /// Somebody who has signed in and filled something in.
    pub(crate) async fn signed_in() -> Result<Profile> {
        let mut world = Self::begin(false).await?;
        let passcode = world.fresh();
        let core = rig::start(&world.place, &Fate::default()).await?;
        Act::SignIn.carry_out(&core, &passcode, &passcode).await?;
        told_of_services(&core).await?;
        world.fill_in(&core).await?;
        core.stop().await;
        Ok(Profile {
            place: world.place,
            passcode,
            draft: world.draft.context("a draft")?,
            _folder: world.folder,
        })
    }

    pub(super) const fn is_signed_in(&self) -> bool {
        self.passcode.is_some()
    }

    /// A client does something and is killed; `None` when it hangs.
    pub(super) async fn attempt(&mut self, act: Act, kill: Kill) -> Result<Option<End>> {
        self.rounds += 1;
        let passcode = self.passcode.clone().unwrap_or_else(|| self.fresh());
        let next = self.fresh();
        let attempt = Attempt {
            act,
            passcode: &passcode,
            next: &next,
            kill,
            torn: self.torn,
        };
        killed::run(&self.place, attempt).await
    }

    /// A passcode that keeps the rules, another one in each round.
    fn fresh(&self) -> String {
        format!("48{:04}", 5_170 + self.rounds % 1_000)
    }

    /// Starts the client again and looks what is left; then goes on from there.
    pub(super) async fn look(&mut self, act: Act, end: End) -> Result<Option<Loss>> {
        let core = rig::start(&self.place, &Fate::default()).await?;
        let found = self.examine(&core, act, end).await;
        core.stop().await;
        found
    }

    async fn examine(&mut self, core: &Core, act: Act, end: End) -> Result<Option<Loss>> {
        match phase(core).await? {
            Phase::SignedOut => Ok(self.left(act, end)),
            Phase::Locked { .. } => self.examine_locked(core, act, end).await,
            Phase::SigningIn | Phase::NeedsPasscode | Phase::Open { .. } => {
                bail!("a start leads to no such phase")
            }
        }
    }

    /// Nobody is signed in: right after a sign-out, and before a sign-in was done.
    fn left(&mut self, act: Act, end: End) -> Option<Loss> {
        let rightly = act == Act::SignOut || (act == Act::SignIn && end == End::Killed);
        self.passcode = None;
        self.draft = None;
        (!rightly).then_some(Loss::Vault)
    }

    async fn examine_locked(&mut self, core: &Core, act: Act, end: End) -> Result<Option<Loss>> {
        if act == Act::SignOut && end == End::Done {
            bail!("a sign-out that was done left a vault");
        }
        let Some(passcode) = self.open(core, act, end).await else {
            return Ok(Some(Loss::Vault));
        };
        self.passcode = Some(passcode);
        if !is_kept(core).await? {
            return Ok(Some(Loss::SignedOut));
        }
        if !self.has_draft(core).await? {
            return Ok(Some(Loss::Draft));
        }
        self.fill_in(core).await?;
        Ok(None)
    }

    /// The passcode that opens: the new one once a change was done, either where it was cut.
    async fn open(&self, core: &Core, act: Act, end: End) -> Option<String> {
        let old = self.passcode.clone();
        let next = self.fresh();
        let candidates = match (act, end) {
            (Act::ChangePasscode, End::Done) | (Act::SignIn, _) => vec![next],
            (Act::ChangePasscode, End::Killed) => [Some(next), old].into_iter().flatten().collect(),
            (Act::Refresh | Act::SignInAgain | Act::SignOut, _) => old.into_iter().collect(),
        };
        let mut refusals = Vec::new();
        for candidate in candidates {
            match act::unlock(core, &candidate).await {
                Ok(()) => return Some(candidate),
                Err(refusal) => refusals.push(refusal),
            }
        }
        say(&format!("  {}: nothing opens: {refusals:?}", act.name()));
        None
    }

    async fn has_draft(&self, core: &Core) -> Result<bool> {
        match &self.draft {
            Some(draft) => has_draft(core, draft).await,
            None => Ok(true),
        }
    }

    /// Somebody types on.
    async fn fill_in(&mut self, core: &Core) -> Result<()> {
        let request = OpenForm {
            service: service()?,
            application: self.draft.as_ref().map(|draft| draft.application),
        };
        let form = core.open_form(request).await.context("a form")?;
        let words = format!("г. Тула, {}", self.rounds);
        let mut answers = form.answers;
        answers.insert(FIELD.to_owned(), json!(words));
        let application = form.application;
        let saved = core.save_draft(SaveDraft {
            chosen: Vec::new(),
            application,
            service: service()?,
            acting_for: None,
            answers,
            step: 0,
        });
        saved.await.context("a draft")?;
        self.draft = Some(Draft { application, words });
        Ok(())
    }
}

async fn has_draft(core: &Core, draft: &Draft) -> Result<bool> {
    let request = OpenForm {
        service: service()?,
        application: Some(draft.application),
    };
    let form = core.open_form(request).await;
    Ok(form.is_ok_and(|form| form.answers.get(FIELD) == Some(&json!(draft.words))))
}

/// Once it is known what the portal offers.
async fn told_of_services(core: &Core) -> Result<()> {
    let synced = core.sync_now(SyncNow {}).await;
    synced.map(drop).context("a sync")
}

fn service() -> Result<ServiceId> {
    SERVICE.parse().context("a service")
}

async fn phase(core: &Core) -> Result<Phase> {
    let session = core.open_session(OpenSession {}).await;
    Ok(session.context("a session")?.phase)
}

/// The portal still knows the client.
async fn is_kept(core: &Core) -> Result<bool> {
    let session = core.sync_now(SyncNow {}).await.context("a sync")?;
    let Phase::Open { sign_in_needed, .. } = session.phase else {
        bail!("the vault was closed");
    };
    Ok(!sign_in_needed)
}
