//! The contract between client and portal: endpoints as types, wire shapes, problem codes.
//!
//! Paths are written here and nowhere else. JSON is camelCase; instants are RFC 3339 in UTC.

mod applications;
mod catalogue;
mod device;
mod endpoint;
mod events;
mod files;
mod notify;
mod problem;
mod profile;
mod roaming;
mod sessions;

pub use applications::{
    Activity, ActivityKind, CancelApplication, Correction, Dialog, DialogContent, DialogStatus,
    FEED_PAGE, Feed, FeedChange, FetchApplication, FetchFeed, GuiAction, SubmitApplication,
    SubmittedApplication, Transmission,
};
pub use catalogue::{
    Agency, CATALOGUE_PAGE, CatalogueChange, CatalogueKind, CataloguePage, Fee, FetchCatalogue,
    FormDefinition, LifeSituation, PublicService, Region, WrittenCataloguePage,
};
pub use device::{CertifyDevice, DEVICE_PROOF, DeviceCertificate};
pub use endpoint::{Endpoint, IDEMPOTENCY_KEY, Method, path};
pub use events::{EVENTS_PATH, Hint};
pub use files::{BeginUpload, MAX_CHUNK_BYTES, NewFile, PUT_CHUNK, UploadState, chunk_path};
pub use notify::{FetchNews, KeepNotifyToken, News, NotifyTokenHash, NotifyTokenKept};
pub use problem::{FieldProblem, PROBLEM_JSON, Problem, ProblemCode};
pub use profile::{Capacity, FetchProfile, PersonProfile};
pub use roaming::{
    FetchRoaming, InvalidRoamingId, MAX_ROAMING_BYTES, RoamingId, RoamingRecord, RoamingVersion,
    WriteRoaming,
};
pub use sessions::{
    DeviceInfo, DeviceSystem, EndOtherSessions, EndSession, FetchSessions, FetchSignIns,
    NewDeviceName, RenameDevice, SIGN_INS_PAGE, Session, SessionKind, Sessions, SignInEntry,
    SignInEvent, SignIns,
};
