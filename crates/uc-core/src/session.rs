//! Where the person stands.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex as AsyncMutex;
use tokio_util::sync::CancellationToken;
use uc_auth::{
    ProofKey,
    lock::{Attempts, Verdict},
};
use uc_ipc::{
    Appearance, AtStake, Connectivity, Freshness, IpcError, Phase, PortalInfo, Session,
    SyncProgress, Upkeep,
};
use uc_model::ApplicationId;

use crate::{
    Core, appearance, at_stake,
    gate::Stage,
    inbox,
    keys::{Keys, OpenKeys},
    news::NotifyToken,
    ports::Ports,
    sign_in::Arrival,
    sync, upkeep,
};
use uc_store::Vault;

/// How long before its end a session is said to end.
const WARNED_BEFORE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What the core knows of the moment.
pub(crate) struct State {
    /// Who may do what.
    pub(crate) standing: Standing,
    /// A sign-in that waits for the browser.
    pub(crate) signing_in: Option<CancellationToken>,
    /// How it looks.
    pub(crate) appearance: Appearance,
    /// Whether the portal was reached the last time.
    pub(crate) connectivity: Connectivity,
    /// A running sync.
    pub(crate) sync: Option<SyncProgress>,
    /// Whether the portal is asked for news by itself.
    pub(crate) upkeep: Upkeep,
    /// What a click outside the window asked for.
    pub(crate) requested: Option<ApplicationId>,
    /// A damaged vault was set aside.
    pub(crate) vault_was_damaged: bool,
    /// What a wipe would lose, where it is known.
    pub(crate) at_stake: Option<AtStake>,
    /// Applications with news since it was locked, as far as the portal was asked.
    pub(crate) news: u32,
    /// Ends when a vault that was locked is not in use any more.
    pub(crate) closing: Option<BoxFuture<'static, ()>>,
    /// When it locks itself unless somebody uses it: known for the last moments before.
    pub(crate) locks_at: Option<Timestamp>,
    /// Uptime of the last use.
    last_used: Duration,
}

/// Who may do what.
pub(crate) enum Standing {
    /// Nobody is signed in.
    SignedOut,
    /// Signed in, and nothing stored yet.
    NeedsPasscode(Box<Arrival>),
    /// A vault is there, and its keys are not.
    Locked,
    /// At work.
    Open(Box<OpenSession>),
}

/// A person at work.
pub(crate) struct OpenSession {
    /// Their data.
    pub(crate) vault: Arc<Vault>,
    /// What the passcode opened.
    pub(crate) keys: Arc<AsyncMutex<OpenKeys>>,
    /// The portal's name of the person.
    pub(crate) subject: String,
    /// Given name, for the greeting.
    pub(crate) first_name: String,
    /// The portal refused the session.
    pub(crate) sign_in_needed: bool,
    /// When the session ends, by the portal's clock.
    pub(crate) ends_at: Option<Timestamp>,
    /// Signs what only the person may do.
    pub(crate) device_key: Option<Arc<ProofKey>>,
    /// Whether the portal has certified it for this session.
    pub(crate) is_certified: bool,
    /// How often the person signed in anew: an answer to an earlier session says nothing of this one.
    pub(crate) sign_ins: u32,
    /// Whether the portal counts news for the client when it is locked.
    pub(crate) notify_token: NotifyToken,
    /// Ends when the vault is not in use any more.
    pub(crate) closed: BoxFuture<'static, ()>,
}

impl OpenSession {
    /// A person at work with their vault.
    pub(crate) fn new(mut vault: Vault, keys: OpenKeys, device_key: Option<Arc<ProofKey>>) -> Self {
        Self {
            closed: vault.when_closed().boxed(),
            vault: Arc::new(vault),
            ends_at: keys.likeliest_session().and_then(|session| session.ends_at),
            subject: keys.bundle().subject.clone(),
            first_name: keys.bundle().first_name.clone(),
            keys: Arc::new(AsyncMutex::new(keys)),
            sign_in_needed: false,
            device_key,
            is_certified: false,
            sign_ins: 0,
            notify_token: NotifyToken::Unasked,
        }
    }
}

impl OpenSession {
    /// The person has signed in anew: what the portal knew of the session before is over.
    pub(crate) fn begin_anew(&mut self) {
        self.sign_in_needed = false;
        self.is_certified = false;
        self.sign_ins += 1;
        self.notify_token = NotifyToken::Unasked;
    }

    fn ends_soon(&self, now: Timestamp) -> Option<Timestamp> {
        let last_days = now.checked_add(WARNED_BEFORE).ok()?;
        self.ends_at
            .filter(|end| !self.sign_in_needed && *end <= last_days)
    }
}

impl State {
    /// As the profile's files have it.
    pub(crate) fn at_start(keys: &Keys, ports: &Ports) -> Self {
        Self {
            standing: if keys.has_bundle() {
                Standing::Locked
            } else {
                Standing::SignedOut
            },
            signing_in: None,
            appearance: appearance::load(&*ports.files),
            connectivity: Connectivity::Unknown,
            sync: None,
            upkeep: upkeep::load(&*ports.files),
            requested: None,
            vault_was_damaged: keys.lost_a_vault(),
            at_stake: at_stake::load(&*ports.files),
            news: 0,
            closing: None,
            locks_at: None,
            last_used: ports.clock.uptime(),
        }
    }

    /// The phase, for the gate.
    pub(crate) fn stage(&self) -> Stage {
        match &self.standing {
            Standing::SignedOut if self.signing_in.is_some() => Stage::SigningIn,
            Standing::SignedOut => Stage::SignedOut,
            Standing::NeedsPasscode(_) => Stage::NeedsPasscode,
            Standing::Locked => Stage::Locked,
            Standing::Open(_) => Stage::Open,
        }
    }

    /// The open vault, or what is to be done first.
    pub(crate) fn vault(&self) -> Result<Arc<Vault>, IpcError> {
        match &self.standing {
            Standing::Open(open) => Ok(Arc::clone(&open.vault)),
            Standing::Locked => Err(IpcError::Locked),
            Standing::SignedOut | Standing::NeedsPasscode(_) => Err(IpcError::SignInRequired),
        }
    }

    /// The person at work, if there is one.
    pub(crate) fn open_session(&mut self) -> Option<&mut OpenSession> {
        match &mut self.standing {
            Standing::Open(open) => Some(open),
            Standing::SignedOut | Standing::NeedsPasscode(_) | Standing::Locked => None,
        }
    }

    /// Somebody uses the client. True where it was about to lock itself.
    pub(crate) fn touch(&mut self, uptime: Duration) -> bool {
        self.last_used = uptime;
        self.locks_at.take().is_some()
    }

    /// How long nobody has used it.
    pub(crate) fn idle(&self, uptime: Duration) -> Duration {
        uptime.saturating_sub(self.last_used)
    }

    fn phase(&self, attempts: Attempts, core: &Core) -> Phase {
        match &self.standing {
            Standing::SignedOut if self.signing_in.is_some() => Phase::SigningIn,
            Standing::SignedOut => Phase::SignedOut,
            Standing::NeedsPasscode(_) => Phase::NeedsPasscode,
            Standing::Locked => Phase::Locked {
                attempts_left: attempts.left(),
                wait_until: wait_until(attempts, core),
                sensor: None,
                at_stake: self.at_stake,
                news: self.news,
            },
            Standing::Open(open) => Phase::Open {
                first_name: open.first_name.clone(),
                sign_in_needed: open.sign_in_needed,
                ends_soon: open.ends_soon(core.server_now()),
                locks_at: self.locks_at,
            },
        }
    }
}

/// When the next passcode is taken, for people to read.
pub(crate) fn wait_until(attempts: Attempts, core: &Core) -> Option<Timestamp> {
    match attempts.verdict(core.clock().uptime()) {
        Verdict::Allowed | Verdict::UsedUp => None,
        Verdict::Wait(remaining) => {
            let remaining = SignedDuration::try_from(remaining).unwrap_or(SignedDuration::ZERO);
            core.now().checked_add(remaining).ok()
        }
    }
}

/// What is true for every screen.
pub(crate) async fn open(core: &Core) -> Session {
    let (mut session, vault) = at_hand(core);
    if let Phase::Locked { sensor, .. } = &mut session.phase {
        *sensor = core.keys.ready_sensor().await;
    }
    let unread = match &vault {
        Some(vault) => inbox::count_unread(core, vault).await,
        None => 0,
    };
    Session {
        freshness: sync::freshness(core, vault.as_deref()).await,
        unread,
        ..session
    }
}

/// What is known without asking the stores.
fn at_hand(core: &Core) -> (Session, Option<Arc<Vault>>) {
    let attempts = core.keys.attempts();
    let state = core.state();
    let session = Session {
        phase: state.phase(attempts, core),
        appearance: state.appearance,
        keyring: core.keys.status(),
        portal: portal(core),
        connectivity: state.connectivity,
        freshness: Freshness::default(),
        sync: state.sync,
        upkeep: state.upkeep,
        unread: 0,
        requested: state.requested,
        vault_was_damaged: state.vault_was_damaged,
    };
    (session, state.vault().ok())
}

fn portal(core: &Core) -> PortalInfo {
    let portal = &core.config.portal;
    PortalInfo {
        address: portal.address.origin().ascii_serialization(),
        demo: portal.demo,
        authority_fingerprint: portal.authority_fingerprint.clone(),
    }
}
