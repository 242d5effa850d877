//! What the sample core does for each command.

use std::future::Future;

use jiff::SignedDuration;
use uc_ipc::{
    AccountSessions, Action, ApplicationDetails, ApplicationForm, ApplicationPage, ApplicationRow,
    ApplicationState, AtStake, AttachFile, AutoLock, CancelApplication, CancelSignIn,
    CatalogueOverview, ChangePasscode, Commands, Connectivity, Dashboard, DiscardDraft, DraftSaved,
    EndAccountSession, EndOtherSessions, FileProgress, InboxPage, IpcError, KeepAwake,
    KeyringStatus, Language, ListApplications, ListMessages, Lock, MarkRead, MessageView, NextStep,
    OpenAccountSessions, OpenApplication, OpenCatalogue, OpenDashboard, OpenForm, OpenPortalPage,
    OpenProfile, OpenService, OpenSession, OpenSettings, OpenSignIns, PauseSync, Phase, Profile,
    RenameDevice, SaveDraft, SearchServices, Sensor, SensorUnlock, ServiceDetails, ServicePage,
    Session, SetPasscode, Settings, SignIn, SignIns, SignOut, StateGroup, SubmitApplication,
    SuggestServices, Suggestions, SyncNow, SyncProgress, TextSize, Theme, TimelineEntry, Unlock,
    UpdateAppearance, UpdateAutoLock, UpdateSensorUnlock, Upkeep,
};
use uc_model::ApplicationId;

use super::{FakeCore, account, catalogue, samples};
use crate::backend::{clock, dom};

/// Rows on a page.
const PAGE: usize = 20;
/// The PIN that opens the sample vault.
const PIN: &str = "480517";

/// Everything the sample core knows.
pub(super) struct Desk {
    session: Session,
    settings: Settings,
    services: Vec<ServiceDetails>,
    rows: Vec<ApplicationRow>,
    messages: Vec<MessageView>,
    account: AccountSessions,
}

impl Desk {
    /// As the page's address wants it.
    pub(super) fn from_address() -> Self {
        let mut session = samples::session();
        session.phase = phase(&parameter("phase"));
        session.appearance.language = match parameter("lang").as_str() {
            "en" => Language::En,
            _ => Language::Ru,
        };
        session.appearance.theme = match parameter("theme").as_str() {
            "dark" => Theme::Dark,
            "light" => Theme::Light,
            "contrast" => Theme::HighContrast,
            _ => Theme::System,
        };
        session.appearance.text_size = match parameter("size").as_str() {
            "large" => TextSize::Large,
            "larger" => TextSize::Larger,
            "largest" => TextSize::Largest,
            _ => TextSize::Normal,
        };
        if !parameter("offline").is_empty() {
            session.connectivity = Connectivity::Offline;
        }
        if !parameter("syncing").is_empty() {
            session.sync = Some(SyncProgress {
                done: 64,
                total: 172,
            });
        }
        let spared = parameter("upkeep");
        session.upkeep = Upkeep {
            paused: spared.contains("paused"),
            metered: spared.contains("metered"),
            low_battery: spared.contains("battery"),
        };
        if !parameter("session_only").is_empty() {
            session.keyring = KeyringStatus::SessionOnly;
        }
        Self {
            session,
            settings: Settings {
                auto_lock: AutoLock::FiveMinutes,
                sensor_unlock: Some(SensorUnlock {
                    sensor: Sensor::System,
                    enabled: true,
                }),
                version: "0.1.0".to_owned(),
                services: 172,
                applications: 48,
            },
            services: catalogue::services(parameter("services").parse().unwrap_or(0)),
            rows: samples::applications(),
            messages: samples::messages(),
            account: account::sessions(),
        }
    }

    fn row(&self, id: ApplicationId) -> Result<&ApplicationRow, IpcError> {
        self.rows
            .iter()
            .find(|row| row.id == id)
            .ok_or(IpcError::NotFound)
    }

    fn set_state(&mut self, id: ApplicationId, state: ApplicationState) {
        let now = clock::now();
        for row in self.rows.iter_mut().filter(|row| row.id == id) {
            row.state = state;
            row.updated_at = now;
        }
    }

    fn details(&self, id: ApplicationId) -> Result<ApplicationDetails, IpcError> {
        let row = self.row(id)?.clone();
        let messages = self
            .messages
            .iter()
            .filter(|message| message.application == id);
        let needs = row.state == ApplicationState::NeedsCorrection;
        let correction = needs.then(samples::correction);
        let (next_step, actions) = outlook(&row.state);
        Ok(ApplicationDetails {
            acting_for: None,
            timeline: timeline(&row),
            messages: messages.cloned().collect(),
            correction,
            returned: samples::returned(&row.state),
            actions,
            answers: samples::answers(),
            next_step,
            row,
        })
    }

    fn page(&self, request: &ListApplications) -> ApplicationPage {
        let words = request.filter.text.to_lowercase();
        let rows: Vec<_> = self
            .rows
            .iter()
            .filter(|row| {
                request
                    .filter
                    .group
                    .is_none_or(|wanted| group(&row.state) == wanted)
            })
            .filter(|row| row.title.to_lowercase().contains(&words))
            .cloned()
            .collect();
        let (applications, next, total) = cut(&rows, request.after.as_deref());
        ApplicationPage {
            applications,
            next,
            total,
        }
    }

    /// Only the portal knows them.
    fn sessions(&self) -> Result<AccountSessions, IpcError> {
        match self.session.connectivity {
            Connectivity::Offline => Err(IpcError::Offline),
            Connectivity::Online | Connectivity::Unknown => Ok(self.account.clone()),
        }
    }

    fn inbox(&self, request: &ListMessages) -> InboxPage {
        let words = request.text.to_lowercase();
        let mut found = self.messages.clone();
        found.retain(|message| message.text.to_lowercase().contains(&words));
        let (messages, next, total) = cut(&found, request.after.as_deref());
        InboxPage {
            messages,
            next,
            total,
            unread: self.session.unread,
        }
    }
}

fn parameter(name: &str) -> String {
    dom::query_parameter(name).unwrap_or_default()
}

fn phase(name: &str) -> Phase {
    match name {
        "signed_out" => Phase::SignedOut,
        "signing_in" => Phase::SigningIn,
        "needs_passcode" => Phase::NeedsPasscode,
        "locked" => Phase::Locked {
            attempts_left: 10,
            wait_until: None,
            sensor: Some(Sensor::System),
            at_stake: Some(AtStake {
                waiting: 1,
                drafts: 3,
            }),
            news: 2,
        },
        "waiting" => Phase::Locked {
            attempts_left: 4,
            wait_until: clock::now().checked_add(SignedDuration::from_secs(75)).ok(),
            sensor: None,
            at_stake: None,
            news: 0,
        },
        "idle" => samples::idle_phase(),
        _ => samples::open_phase(),
    }
}

/// A page of anything, where it goes on, and how much there is.
fn cut<T: Clone>(all: &[T], after: Option<&str>) -> (Vec<T>, Option<String>, u32) {
    let start = after.and_then(|after| after.parse().ok()).unwrap_or(0);
    let rows: Vec<T> = all.iter().skip(start).take(PAGE).cloned().collect();
    let end = start + rows.len();
    let next = (end < all.len()).then(|| end.to_string());
    (rows, next, u32::try_from(all.len()).unwrap_or(u32::MAX))
}

fn group(state: &ApplicationState) -> StateGroup {
    match state {
        ApplicationState::Draft => StateGroup::Drafts,
        ApplicationState::Returned | ApplicationState::NeedsCorrection => StateGroup::NeedsYou,
        ApplicationState::Queued { .. }
        | ApplicationState::Sending
        | ApplicationState::Unknown
        | ApplicationState::Registered
        | ApplicationState::InProgress => StateGroup::Active,
        ApplicationState::Approved | ApplicationState::Refused | ApplicationState::Cancelled => {
            StateGroup::Finished
        }
    }
}

fn outlook(state: &ApplicationState) -> (NextStep, Vec<Action>) {
    match state {
        ApplicationState::Draft => (
            NextStep::FinishDraft,
            vec![Action::Continue, Action::Cancel],
        ),
        ApplicationState::Queued { .. } => (NextStep::WaitForNetwork, vec![Action::Cancel]),
        ApplicationState::Sending | ApplicationState::Unknown => (NextStep::WaitForAnswer, vec![]),
        ApplicationState::Returned => (NextStep::Mend, vec![Action::Correct, Action::Cancel]),
        ApplicationState::Registered => (NextStep::WaitForAgency, vec![Action::Cancel]),
        ApplicationState::InProgress => (NextStep::WaitForDecision, vec![Action::Cancel]),
        ApplicationState::NeedsCorrection => {
            (NextStep::Correct, vec![Action::Correct, Action::Cancel])
        }
        ApplicationState::Approved | ApplicationState::Refused | ApplicationState::Cancelled => {
            (NextStep::Nothing, vec![])
        }
    }
}

fn timeline(row: &ApplicationRow) -> Vec<TimelineEntry> {
    let entry = |hours: i64, state, note: Option<(&str, &str)>| TimelineEntry {
        at: row.updated_at - SignedDuration::from_hours(hours),
        state,
        note: note.map(|(note, _)| note.to_owned()),
        note_en: note.map(|(_, note)| note.to_owned()),
    };
    let mut entries = vec![
        entry(
            70,
            ApplicationState::Registered,
            Some((
                "Заявление зарегистрировано.",
                "The application is registered.",
            )),
        ),
        entry(26, ApplicationState::InProgress, None),
    ];
    entries.retain(|entry| entry.state != row.state);
    entries.push(entry(0, row.state, None));
    entries
}

/// The session after a change of phase.
fn enter(desk: &mut Desk, phase: Phase) -> Session {
    desk.session.phase = phase;
    desk.session.clone()
}

macro_rules! commands {
    ($($name:ident($request:ident: $type:ty, $desk:ident) -> $output:ty $body:block)+) => {
        impl Commands for FakeCore {
            $(fn $name(&self, $request: $type)
                -> impl Future<Output = Result<$output, IpcError>> + Send
            {
                let mut guard = self.desk();
                let $desk = &mut *guard;
                std::future::ready($body)
            })+
        }
    };
}

commands! {
    open_session(_request: OpenSession, desk) -> Session { Ok(desk.session.clone()) }
    sign_in(_request: SignIn, desk) -> Session { Ok(enter(desk, Phase::NeedsPasscode)) }
    cancel_sign_in(_request: CancelSignIn, desk) -> Session { Ok(enter(desk, Phase::SignedOut)) }
    set_passcode(_request: SetPasscode, desk) -> Session { Ok(enter(desk, samples::open_phase())) }
    change_passcode(request: ChangePasscode, desk) -> Session {
        if request.current.into_secret().expose() == PIN {
            Ok(desk.session.clone())
        } else {
            Err(IpcError::WrongPasscode { attempts_left: 9, wait_until: None })
        }
    }
    unlock(request: Unlock, desk) -> Session {
        let right = match request {
            Unlock::Passcode { passcode } => passcode.into_secret().expose() == PIN,
            Unlock::Sensor => true,
        };
        if right {
            Ok(enter(desk, samples::open_phase()))
        } else {
            Err(IpcError::WrongPasscode { attempts_left: 9, wait_until: None })
        }
    }
    keep_awake(_request: KeepAwake, _desk) -> () { Ok(()) }
    lock(_request: Lock, desk) -> Session { Ok(enter(desk, phase("locked"))) }
    sign_out(_request: SignOut, desk) -> Session { Ok(enter(desk, Phase::SignedOut)) }
    update_appearance(request: UpdateAppearance, desk) -> Session {
        desk.session.appearance = request.appearance;
        Ok(desk.session.clone())
    }
    pause_sync(request: PauseSync, desk) -> Session {
        desk.session.upkeep.paused = request.paused;
        Ok(desk.session.clone())
    }
    sync_now(_request: SyncNow, desk) -> Session { Ok(desk.session.clone()) }
    open_dashboard(_request: OpenDashboard, desk) -> Dashboard {
        let of = |wanted| desk.rows.iter().filter(move |row| group(&row.state) == wanted).cloned();
        Ok(Dashboard {
            needs_you: of(StateGroup::NeedsYou).take(2).collect(),
            drafts: of(StateGroup::Drafts).take(1).collect(),
            active: of(StateGroup::Active).take(4).collect(),
            active_total: u32::try_from(of(StateGroup::Active).count()).unwrap_or(u32::MAX),
            often_used: desk.services.iter().take(4).map(|service| service.row.clone()).collect(),
        })
    }
    open_catalogue(_request: OpenCatalogue, _desk) -> CatalogueOverview { Ok(catalogue::overview()) }
    search_services(request: SearchServices, desk) -> ServicePage {
        let words = request.text.to_lowercase();
        let rows: Vec<_> = desk.services.iter().map(|service| catalogue::marked(&service.row, &words))
            .filter(|row| catalogue::has_words(row, &words))
            .filter(|row| row.has_form || !request.filter.with_form)
            .collect();
        let (services, next, total) = cut(&rows, request.after.as_deref());
        Ok(ServicePage { services, next, total })
    }
    suggest_services(request: SuggestServices, desk) -> Suggestions {
        let words = request.text.to_lowercase();
        let rows = desk.services.iter().map(|service| &service.row)
            .filter(|row| !words.is_empty() && catalogue::has_words(row, &words));
        Ok(Suggestions { services: rows.take(7).map(|row| catalogue::marked(row, &words)).collect() })
    }
    open_service(request: OpenService, desk) -> ServiceDetails {
        desk.services.iter().find(|service| service.row.id == request.service).cloned().ok_or(IpcError::NotFound)
    }
    open_form(request: OpenForm, _desk) -> ApplicationForm { Ok(samples::form(&request)) }
    save_draft(_request: SaveDraft, _desk) -> DraftSaved { Ok(DraftSaved { saved_at: clock::now(), changed_elsewhere: false }) }
    attach_file(request: AttachFile, _desk) -> FileProgress { Ok(samples::attached(&request)) }
    discard_draft(request: DiscardDraft, desk) -> ApplicationPage {
        desk.rows.retain(|row| row.id != request.application);
        Ok(desk.page(&ListApplications::default()))
    }
    submit_application(request: SubmitApplication, desk) -> ApplicationDetails {
        let state = match desk.session.connectivity {
            Connectivity::Offline => ApplicationState::Queued { since: clock::now() },
            Connectivity::Online | Connectivity::Unknown => ApplicationState::Registered,
        };
        desk.rows.retain(|row| row.id != request.application);
        desk.rows.insert(0, samples::sent(request.application, state));
        desk.details(request.application)
    }
    list_applications(request: ListApplications, desk) -> ApplicationPage { Ok(desk.page(&request)) }
    open_application(request: OpenApplication, desk) -> ApplicationDetails { desk.details(request.application) }
    cancel_application(request: CancelApplication, desk) -> ApplicationDetails {
        desk.set_state(request.application, ApplicationState::Cancelled);
        desk.details(request.application)
    }
    list_messages(request: ListMessages, desk) -> InboxPage { Ok(desk.inbox(&request)) }
    mark_read(request: MarkRead, desk) -> InboxPage {
        for message in &mut desk.messages {
            message.read |= request.messages.is_empty() || request.messages.contains(&message.id);
        }
        let unread = desk.messages.iter().filter(|message| !message.read).count();
        desk.session.unread = u32::try_from(unread).unwrap_or(u32::MAX);
        Ok(desk.inbox(&ListMessages::default()))
    }
    open_settings(_request: OpenSettings, desk) -> Settings { Ok(desk.settings.clone()) }
    update_auto_lock(request: UpdateAutoLock, desk) -> Settings {
        desk.settings.auto_lock = request.auto_lock;
        Ok(desk.settings.clone())
    }
    open_account_sessions(_request: OpenAccountSessions, desk) -> AccountSessions { desk.sessions() }
    end_account_session(request: EndAccountSession, desk) -> AccountSessions {
        desk.account.sessions.retain(|session| session.id != request.session);
        desk.sessions()
    }
    end_other_sessions(_request: EndOtherSessions, desk) -> AccountSessions {
        desk.account.sessions.retain(|session| session.is_current);
        desk.sessions()
    }
    rename_device(request: RenameDevice, desk) -> AccountSessions {
        for session in &mut desk.account.sessions {
            if let Some(device) = session.device.as_mut().filter(|_| session.id == request.session) {
                device.name.clone_from(&request.name);
            }
        }
        desk.sessions()
    }
    open_sign_ins(_request: OpenSignIns, desk) -> SignIns {
        desk.sessions().map(|_| account::sign_ins())
    }
    open_profile(_request: OpenProfile, _desk) -> Profile {
        Ok(samples::profile())
    }
    open_portal_page(_request: OpenPortalPage, _desk) -> () {
        Ok(())
    }
    update_sensor_unlock(request: UpdateSensorUnlock, desk) -> Settings {
        if let Some(unlock) = &mut desk.settings.sensor_unlock {
            unlock.enabled = request.enabled;
        }
        Ok(desk.settings.clone())
    }
}
