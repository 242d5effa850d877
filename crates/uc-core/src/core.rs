//! The core itself: its state, its commands, its life.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use jiff::Timestamp;
use rand::{TryCryptoRng, TryRng};
use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;
use uc_auth::ServerClock;
use uc_ipc::{
    AccountSessions, ApplicationDetails, ApplicationForm, ApplicationPage, AttachFile,
    CancelApplication, CancelSignIn, CatalogueOverview, ChangePasscode, Command, Commands,
    Dashboard, DiscardDraft, DraftSaved, EndAccountSession, EndOtherSessions, Event, FileProgress,
    InboxPage, IpcError, KeepAwake, ListApplications, ListMessages, Lock, MarkRead,
    OpenAccountSessions, OpenApplication, OpenCatalogue, OpenDashboard, OpenForm, OpenPortalPage,
    OpenProfile, OpenService, OpenSession, OpenSettings, OpenSignIns, PauseSync, Profile, Query,
    RenameDevice, SaveDraft, SearchServices, ServiceDetails, ServicePage, Session, SetPasscode,
    Settings, SignIn, SignIns, SignOut, SubmitApplication, SuggestServices, Suggestions, SyncNow,
    Unlock, UpdateAppearance, UpdateAutoLock, UpdateSensorUnlock, View,
};
use uc_store::{PublicStore, Vault};
use url::Url;
use uuid::Uuid;

use crate::{
    account, appearance, applications, attach, catalogue, change_passcode, dashboard,
    desk::Desk,
    events::Events,
    forms,
    gate::{self, Gated},
    inbox,
    keys::Keys,
    link, notifications,
    portal::Portal,
    ports::{Clock, Entropy, Files, Notifier, Ports, ProfileFile},
    profile, sensor_unlock,
    session::{self, State},
    settings, sign_in, sign_out, submit_application, sync, unlock, upkeep,
};

/// What differs between installations.
#[derive(Debug, Clone)]
pub struct Config {
    /// The portal.
    pub portal: PortalConfig,
    /// How expensive it is to guess a passcode.
    pub kdf: uc_auth::lock::KdfParams,
}

/// The portal talked to.
#[derive(Debug, Clone)]
pub struct PortalConfig {
    /// Its address and issuer: an https origin.
    pub address: Url,
    /// The client's id there.
    pub client_id: String,
    /// It holds demo data.
    pub demo: bool,
    /// SHA-256 of the certificate authority that alone is trusted for it, as colon-separated hex.
    pub authority_fingerprint: Option<String>,
}

/// Why the core cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The profile's folder cannot be used.
    #[error("profile folder cannot be used")]
    Files(#[from] std::io::Error),
    /// The store of the catalogue cannot be opened.
    #[error("catalogue store cannot be opened")]
    Store(#[from] uc_store::OpenError),
}

/// The application. One for each profile; shared behind [`Arc`].
pub struct Core {
    pub(crate) config: Config,
    pub(crate) ports: Ports,
    pub(crate) keys: Keys,
    pub(crate) portal: Portal,
    pub(crate) server_clock: Arc<ServerClock>,
    public: Arc<PublicStore>,
    pub(crate) desk: Desk,
    events: Events,
    state: Mutex<State>,
    this: Weak<Self>,
    tasks: TaskTracker,
    stopped: CancellationToken,
}

impl Core {
    /// Opens the profile and starts the background work. Nothing personal is opened yet.
    pub async fn start(config: Config, ports: Ports) -> Result<Arc<Self>, StartError> {
        let keys = Keys::open(&ports).await?;
        let public = open_public_store(&keys)?;
        let state = State::at_start(&keys, &ports);
        let core = Arc::new_cyclic(|this| Self {
            portal: Portal::new(&config.portal),
            server_clock: Arc::default(),
            config,
            ports,
            keys,
            public,
            desk: Desk::default(),
            events: Events::new(),
            state: Mutex::new(state),
            this: this.clone(),
            tasks: TaskTracker::new(),
            stopped: CancellationToken::new(),
        });
        core.spawn(sync::run);
        core.spawn(notifications::run);
        core.spawn(unlock::run_auto_lock);
        let departures = core.ports.departures.watch();
        core.spawn(|core| unlock::run_departures(core, departures));
        core.spawn(unlock::run_quarantine);
        Ok(core)
    }

    /// Events from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Follows a link that came from outside; anybody can have written it, so it opens a view and does nothing else.
    pub fn open_link(&self, text: &str) {
        link::open(self, text);
    }

    /// Locks, ends all background work and waits for it.
    pub async fn stop(&self) {
        self.stopped.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        unlock::close_vault(self);
    }

    /// Runs work in the background until it or the core ends.
    pub(crate) fn spawn<F>(&self, work: impl FnOnce(Arc<Self>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Some(core) = self.this.upgrade() else {
            return;
        };
        let work = work(core);
        let stopped = self.stopped.clone();
        self.tasks.spawn(async move {
            stopped.run_until_cancelled(work).await;
        });
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.ports.clock
    }

    /// Now, by the wall clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// Notifications outside the window.
    pub(crate) fn notifier(&self) -> &dyn Notifier {
        &*self.ports.notifier
    }

    /// The folder that this session uses: the profile's, or a temporary one when nothing can be kept.
    pub(crate) fn files(&self) -> &dyn Files {
        self.keys.files()
    }

    /// Random numbers.
    pub(crate) fn rng(&self) -> PortRng<'_> {
        PortRng(&*self.ports.entropy)
    }

    /// A new UUID of version 7: ids made later sort later.
    pub(crate) fn new_uuid(&self) -> Uuid {
        let mut random = [0; 10];
        self.ports.entropy.fill(&mut random);
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Tells that answers made of `view` are stale.
    pub(crate) fn changed(&self, view: View) {
        self.events.changed(view, self.clock().uptime());
    }

    /// Asks the shell to bring the window to the front.
    pub(crate) fn want_window(&self) {
        self.events.want_window();
    }

    /// Remembers outside the vault how far its outbox got: to be called after each write that changed the outbox.
    pub(crate) async fn keep_mark(&self, vault: &Vault) -> Result<(), IpcError> {
        unlock::keep_mark(self, vault).await
    }

    /// The store of the catalogue.
    pub(crate) fn public(&self) -> &Arc<PublicStore> {
        &self.public
    }

    /// The open vault, or what is to be done first.
    pub(crate) fn vault(&self) -> Result<Arc<Vault>, IpcError> {
        self.state().vault()
    }

    /// Where the person stands. Never hold it across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A fault of ours: its details go to the log, the id to the interface.
    pub(crate) fn internal(&self, error: &(dyn std::error::Error + 'static)) -> IpcError {
        let incident = self.new_uuid().simple().to_string();
        tracing::error!(%incident, error, "internal fault");
        IpcError::Internal { incident }
    }

    /// Carries a command out, if the phase lets it through. It counts as use.
    async fn admit<C: Gated>(
        &self,
        work: impl Future<Output = Result<C::Output, IpcError>>,
    ) -> Result<C::Output, IpcError> {
        self.touch(self.clock().uptime());
        self.pass::<C>(work).await
    }

    /// As `admit`, for questions: those that only echo an event do not count as use.
    async fn ask<C: Gated + Query>(
        &self,
        work: impl Future<Output = Result<C::Output, IpcError>>,
    ) -> Result<C::Output, IpcError> {
        let uptime = self.clock().uptime();
        if !matches!(C::VIEW, View::Session) && !self.events.is_echo(C::VIEW, uptime) {
            self.touch(uptime);
        }
        self.pass::<C>(work).await
    }

    fn touch(&self, uptime: Duration) {
        if self.state().touch(uptime) {
            self.changed(View::Session);
        }
    }

    async fn pass<C: Gated>(
        &self,
        work: impl Future<Output = Result<C::Output, IpcError>>,
    ) -> Result<C::Output, IpcError> {
        let stage = self.state().stage();
        gate::check::<C>(stage)?;
        let span = tracing::info_span!("command", name = <C as Command>::NAME);
        work.instrument(span).await
    }
}

fn open_public_store(keys: &Keys) -> Result<Arc<PublicStore>, StartError> {
    let path = keys.files().path(ProfileFile::Public);
    let key = keys.device().public_store_key();
    Ok(Arc::new(PublicStore::open(&path, &key)?))
}

impl Commands for Core {
    async fn open_session(&self, _: OpenSession) -> Result<Session, IpcError> {
        self.ask::<OpenSession>(async { Ok(session::open(self).await) })
            .await
    }

    async fn sign_in(&self, _: SignIn) -> Result<Session, IpcError> {
        self.admit::<SignIn>(Box::pin(sign_in::sign_in(self))).await
    }

    async fn cancel_sign_in(&self, _: CancelSignIn) -> Result<Session, IpcError> {
        self.admit::<CancelSignIn>(async { Ok(sign_in::cancel(self).await) })
            .await
    }

    async fn set_passcode(&self, request: SetPasscode) -> Result<Session, IpcError> {
        self.admit::<SetPasscode>(unlock::set_passcode(self, request))
            .await
    }

    async fn change_passcode(&self, request: ChangePasscode) -> Result<Session, IpcError> {
        self.admit::<ChangePasscode>(change_passcode::change_passcode(self, request))
            .await
    }

    async fn unlock(&self, request: Unlock) -> Result<Session, IpcError> {
        self.admit::<Unlock>(unlock::unlock(self, request)).await
    }

    async fn lock(&self, _: Lock) -> Result<Session, IpcError> {
        self.admit::<Lock>(async { Ok(unlock::lock(self).await) })
            .await
    }

    async fn keep_awake(&self, _: KeepAwake) -> Result<(), IpcError> {
        self.admit::<KeepAwake>(async { Ok(()) }).await
    }

    async fn sign_out(&self, request: SignOut) -> Result<Session, IpcError> {
        self.admit::<SignOut>(sign_out::sign_out(self, request))
            .await
    }

    async fn pause_sync(&self, request: PauseSync) -> Result<Session, IpcError> {
        self.admit::<PauseSync>(upkeep::pause(self, request)).await
    }

    async fn update_appearance(&self, request: UpdateAppearance) -> Result<Session, IpcError> {
        self.admit::<UpdateAppearance>(appearance::update(self, request))
            .await
    }

    async fn sync_now(&self, request: SyncNow) -> Result<Session, IpcError> {
        self.admit::<SyncNow>(sync::sync_now(self, request)).await
    }

    async fn open_dashboard(&self, request: OpenDashboard) -> Result<Dashboard, IpcError> {
        self.ask::<OpenDashboard>(dashboard::open_dashboard(self, request))
            .await
    }

    async fn open_catalogue(&self, request: OpenCatalogue) -> Result<CatalogueOverview, IpcError> {
        self.ask::<OpenCatalogue>(catalogue::open_catalogue(self, request))
            .await
    }

    async fn search_services(&self, request: SearchServices) -> Result<ServicePage, IpcError> {
        self.ask::<SearchServices>(catalogue::search_services(self, request))
            .await
    }

    async fn suggest_services(&self, request: SuggestServices) -> Result<Suggestions, IpcError> {
        self.ask::<SuggestServices>(catalogue::suggest_services(self, request))
            .await
    }

    async fn open_service(&self, request: OpenService) -> Result<ServiceDetails, IpcError> {
        self.ask::<OpenService>(catalogue::open_service(self, request))
            .await
    }

    async fn open_form(&self, request: OpenForm) -> Result<ApplicationForm, IpcError> {
        self.admit::<OpenForm>(forms::open_form(self, request))
            .await
    }

    async fn save_draft(&self, request: SaveDraft) -> Result<DraftSaved, IpcError> {
        self.admit::<SaveDraft>(forms::save_draft(self, request))
            .await
    }

    async fn attach_file(&self, request: AttachFile) -> Result<FileProgress, IpcError> {
        self.admit::<AttachFile>(attach::attach_file(self, request))
            .await
    }

    async fn discard_draft(&self, request: DiscardDraft) -> Result<ApplicationPage, IpcError> {
        self.admit::<DiscardDraft>(forms::discard_draft(self, request))
            .await
    }

    async fn submit_application(
        &self,
        request: SubmitApplication,
    ) -> Result<ApplicationDetails, IpcError> {
        self.admit::<SubmitApplication>(submit_application::submit_application(self, request))
            .await
    }

    async fn list_applications(
        &self,
        request: ListApplications,
    ) -> Result<ApplicationPage, IpcError> {
        self.ask::<ListApplications>(applications::list_applications(self, request))
            .await
    }

    async fn open_application(
        &self,
        request: OpenApplication,
    ) -> Result<ApplicationDetails, IpcError> {
        self.ask::<OpenApplication>(applications::open_application(self, request))
            .await
    }

    async fn cancel_application(
        &self,
        request: CancelApplication,
    ) -> Result<ApplicationDetails, IpcError> {
        self.admit::<CancelApplication>(applications::cancel_application(self, request))
            .await
    }

    async fn list_messages(&self, request: ListMessages) -> Result<InboxPage, IpcError> {
        self.ask::<ListMessages>(inbox::list_messages(self, request))
            .await
    }

    async fn mark_read(&self, request: MarkRead) -> Result<InboxPage, IpcError> {
        self.admit::<MarkRead>(inbox::mark_read(self, request))
            .await
    }

    async fn open_settings(&self, request: OpenSettings) -> Result<Settings, IpcError> {
        self.ask::<OpenSettings>(settings::open_settings(self, request))
            .await
    }

    async fn update_sensor_unlock(
        &self,
        request: UpdateSensorUnlock,
    ) -> Result<Settings, IpcError> {
        self.admit::<UpdateSensorUnlock>(sensor_unlock::update(self, request))
            .await
    }

    async fn open_account_sessions(
        &self,
        request: OpenAccountSessions,
    ) -> Result<AccountSessions, IpcError> {
        self.ask::<OpenAccountSessions>(account::open_sessions(self, request))
            .await
    }

    async fn end_account_session(
        &self,
        request: EndAccountSession,
    ) -> Result<AccountSessions, IpcError> {
        self.admit::<EndAccountSession>(account::end_session(self, request))
            .await
    }

    async fn end_other_sessions(
        &self,
        request: EndOtherSessions,
    ) -> Result<AccountSessions, IpcError> {
        self.admit::<EndOtherSessions>(account::end_others(self, request))
            .await
    }

    async fn rename_device(&self, request: RenameDevice) -> Result<AccountSessions, IpcError> {
        self.admit::<RenameDevice>(account::rename_device(self, request))
            .await
    }

    async fn open_sign_ins(&self, request: OpenSignIns) -> Result<SignIns, IpcError> {
        self.ask::<OpenSignIns>(account::open_sign_ins(self, request))
            .await
    }

    async fn open_profile(&self, request: OpenProfile) -> Result<Profile, IpcError> {
        self.ask::<OpenProfile>(profile::open(self, request)).await
    }

    async fn open_portal_page(&self, request: OpenPortalPage) -> Result<(), IpcError> {
        self.admit::<OpenPortalPage>(profile::open_page(self, request))
            .await
    }

    async fn update_auto_lock(&self, request: UpdateAutoLock) -> Result<Settings, IpcError> {
        self.admit::<UpdateAutoLock>(settings::update_auto_lock(self, request))
            .await
    }
}

/// The device's chance as a random number generator.
pub(crate) struct PortRng<'a>(pub(crate) &'a dyn Entropy);

impl TryRng for PortRng<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for PortRng<'_> {}
