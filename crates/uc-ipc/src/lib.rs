//! The contract between interface and core: one table of commands, their requests and answers, events, errors.
//!
//! What is not named here cannot cross. Tokens, keys and stored passcodes have no type here.

mod account;
mod application;
mod attachment;
mod biometrics;
mod catalogue;
mod commands;
mod dashboard;
mod error;
mod event;
mod inbox;
mod profile;
mod session;
mod settings;

pub use account::{
    AccountSession, AccountSessions, DeviceSystem, DeviceView, EndAccountSession, EndOtherSessions,
    OpenAccountSessions, OpenSignIns, RenameDevice, SessionKind, SignInEntry, SignInEvent, SignIns,
};
pub use application::{
    Acting, ActingName, Action, AnswerView, ApplicationDetails, ApplicationFilter, ApplicationForm,
    ApplicationPage, ApplicationRow, ApplicationState, CancelApplication, CorrectionView,
    DiscardDraft, DraftSaved, ListApplications, NextStep, OpenApplication, OpenForm,
    ReturnedAnswer, SaveDraft, StateGroup, SubmitApplication, TimelineEntry,
};
pub use attachment::{AttachFile, FilePart, FileProgress, MAX_PART_BYTES};
pub use biometrics::{Sensor, SensorFault, SensorUnlock, UpdateSensorUnlock};
pub use catalogue::{
    AgencyCard, CatalogueOverview, FeeView, LifeSituationCard, OpenCatalogue, OpenService,
    RegionCard, SearchServices, ServiceDetails, ServiceFilter, ServicePage, ServiceRow,
    SuggestServices, Suggestions,
};
pub use commands::{COMMAND_NAMES, Command, Commands, Query};
pub use dashboard::{Dashboard, OpenDashboard};
pub use error::{IpcError, SignInFault, WeakPasscode};
pub use event::{Event, View};
pub use inbox::{InboxPage, ListMessages, MarkRead, MessageView};
pub use profile::{OpenPortalPage, OpenProfile, PortalPage, Profile};
pub use session::{
    Appearance, AtStake, CancelSignIn, ChangePasscode, Connectivity, Freshness, KeepAwake,
    KeyringStatus, Language, Lock, OpenSession, PasscodeEntry, PauseSync, Phase, PortalInfo,
    Session, SetPasscode, SignIn, SignOut, SyncNow, SyncProgress, TextSize, Theme, Unlock, Unsent,
    UpdateAppearance, Upkeep,
};
pub use settings::{AutoLock, OpenSettings, Settings, UpdateAutoLock};
