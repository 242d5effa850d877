//! Where a person is signed in, and what happened to their account. All of it needs the scope `sessions`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::SessionId;

use crate::{Endpoint, Method};

/// Entries in one page of the history, at most.
pub const SIGN_INS_PAGE: usize = 50;

/// `GET /v1/sessions`.
#[derive(Debug, Clone, Copy)]
pub struct FetchSessions;

impl Endpoint for FetchSessions {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/sessions";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = ();
    type Response = Sessions;
}

/// `POST /v1/sessions/{id}/end`: its tokens are worth nothing from then on. Answers with the sessions that are left.
///
/// A session that has ended is ended again without complaint; one that is not this person's is 404 `not_found`. With an
/// app's session ends that of the browser in which it was allowed, unless the one who asks was allowed there too.
#[derive(Debug, Clone, Copy)]
pub struct EndSession;

impl Endpoint for EndSession {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v1/sessions/{id}/end";
    const AUTHENTICATED: bool = true;
    const DEVICE_PROVEN: bool = true;
    type Query = ();
    type Body = ();
    type Response = Sessions;
}

/// `PUT /v1/sessions/{id}/name`: names the device of a session as its person likes, and answers with all sessions.
///
/// A name has 1 to 60 characters that can be seen; what is longer is cut. A session without a device, or of another
/// person, is 404 `not_found`.
#[derive(Debug, Clone, Copy)]
pub struct RenameDevice;

impl Endpoint for RenameDevice {
    const METHOD: Method = Method::Put;
    const PATH: &'static str = "/v1/sessions/{id}/name";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = NewDeviceName;
    type Response = Sessions;
}

/// What a person calls a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDeviceName {
    /// 1 to 60 characters.
    pub name: String,
}

/// `POST /v1/sessions/end-others`: ends all but the one that asks, and answers with what is left.
#[derive(Debug, Clone, Copy)]
pub struct EndOtherSessions;

impl Endpoint for EndOtherSessions {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v1/sessions/end-others";
    const AUTHENTICATED: bool = true;
    const DEVICE_PROVEN: bool = true;
    type Query = ();
    type Body = ();
    type Response = Sessions;
}

/// Where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Sessions {
    /// The one that asks first, then the others, the last used first.
    pub sessions: Vec<Session>,
}

/// One place where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Names it for [`EndSession`].
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: SessionId,
    /// What is signed in.
    pub kind: SessionKind,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// The device, by the browser in which the person signed in; absent where that was another device's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceInfo>,
    /// When the person gave their password for it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub signed_in_at: Timestamp,
    /// When it was last used; of an app, to within the five minutes that an access token lives.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub last_used_at: Timestamp,
}

/// What is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SessionKind {
    /// This product's client.
    App,
    /// A site or service that the person allowed to act for them.
    Site {
        /// As people know it.
        name: String,
    },
    /// A browser at the portal's own pages.
    Browser,
    /// A kind of a newer portal.
    #[serde(other)]
    Unknown,
}

/// A device as far as it said what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeviceInfo {
    /// `Firefox, Linux`.
    pub name: String,
    /// What it runs on.
    pub system: DeviceSystem,
}

/// What a device runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceSystem {
    /// Windows.
    Windows,
    /// macOS.
    Macos,
    /// Linux.
    Linux,
    /// Android.
    Android,
    /// iOS or iPadOS.
    Ios,
    /// It did not say, or one that only a newer portal knows.
    #[serde(other)]
    Unknown,
}

/// `GET /v1/sign-ins`: what happened to the person's account, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FetchSignIns {
    /// The `next` of the page before; absent for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

impl Endpoint for FetchSignIns {
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v1/sign-ins";
    const AUTHENTICATED: bool = true;
    type Query = Self;
    type Body = ();
    type Response = SignIns;
}

/// One page of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignIns {
    /// Newest first.
    pub entries: Vec<SignInEntry>,
    /// Where the next page, of older ones, begins; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Something that happened to the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignInEntry {
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// What.
    pub event: SignInEvent,
    /// False for what was refused, and for what only an intruder does.
    pub succeeded: bool,
    /// The neighbourhood of addresses that it came from, where it is known: `203.0.113.0/24`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// In which browser, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceInfo>,
    /// The site that was allowed something; absent for this product's client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// What can happen to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignInEvent {
    /// Made the account.
    Registered,
    /// Took a new password in the place of a lost one; all sign-ins ended.
    PasswordRecovered,
    /// Signed in in a browser.
    SignedIn,
    /// Signed out of a browser.
    SignedOut,
    /// Signed in in a browser for the first time.
    NewDevice,
    /// A wrong password was given.
    PasswordRefused,
    /// A second factor was shown.
    FactorShown,
    /// A wrong second factor was shown.
    FactorRefused,
    /// A second factor was added.
    FactorAdded,
    /// A second factor was removed.
    FactorRemoved,
    /// Another identity provider named the person.
    ProviderNamed,
    /// An answer of an identity provider failed a check.
    ProviderRefused,
    /// An account of an identity provider was linked.
    IdentityLinked,
    /// The link to an account of an identity provider was ended.
    IdentityUnlinked,
    /// Said what is in their documents.
    PapersGiven,
    /// An e-mail address became the account's.
    EmailReplaced,
    /// Sent the documents to be checked.
    DocumentsSent,
    /// An operator of the portal looked at the documents.
    DocumentsOpened,
    /// An operator confirmed the documents.
    DocumentsConfirmed,
    /// An operator wants something changed in the documents.
    DocumentsReturned,
    /// More guesses came than are compared.
    TurnedAway,
    /// So many were wrong that the account was locked.
    Locked,
    /// An app or a site was allowed to act for the person.
    AccessAllowed,
    /// An app or a site signed out.
    AccessGivenBack,
    /// The person ended an app's or a site's session.
    AccessEnded,
    /// A copy of an app's or a site's keys was used: its session ended.
    AccessCopied,
    /// The person got a role, or another term for it.
    RoleGiven,
    /// The person lost a role.
    RoleTaken,
    /// The person ended a browser's session from elsewhere.
    BrowserEnded,
    /// An event of a newer portal.
    #[serde(other)]
    Unknown,
}
