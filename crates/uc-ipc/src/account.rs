//! Where the person is signed in, and what happened to their account. Only the portal knows: all of it needs a network.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::SessionId;

use crate::{Query, View};

/// Asks for the [`AccountSessions`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenAccountSessions {}

impl Query for OpenAccountSessions {
    const VIEW: View = View::Account;
}

/// Ends one session that is not this client's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndAccountSession {
    /// Which.
    pub session: SessionId,
}

/// Names the device of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenameDevice {
    /// Which session.
    pub session: SessionId,
    /// 1 to 60 characters; what is longer is cut.
    pub name: String,
}

/// Ends every session but this client's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndOtherSessions {}

/// Where the person is signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSessions {
    /// This client's own first, then the others, the last used first.
    pub sessions: Vec<AccountSession>,
}

/// One place where the person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSession {
    /// Its id.
    pub id: SessionId,
    /// What is signed in.
    pub kind: SessionKind,
    /// It is this client's own.
    pub is_current: bool,
    /// Where, as far as that is known.
    pub device: Option<DeviceView>,
    /// When the person signed in there.
    pub signed_in_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
}

/// What is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Something that only a newer client knows.
    Unknown,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// `Firefox, Linux`.
    pub name: String,
    /// What it runs on.
    pub system: DeviceSystem,
}

/// What a device runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSystem {
    /// Windows, macOS or Linux.
    Computer,
    /// Android or iOS.
    Phone,
    /// It did not say.
    Unknown,
}

/// Asks for the [`SignIns`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSignIns {}

impl Query for OpenSignIns {
    const VIEW: View = View::Account;
}

/// What happened to the account lately.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIns {
    /// Newest first.
    pub entries: Vec<SignInEntry>,
}

/// Something that happened to the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInEntry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: SignInEvent,
    /// False for what was refused, and for what only an intruder does.
    pub succeeded: bool,
    /// The neighbourhood of addresses that it came from: `203.0.113.0/24`.
    pub address: Option<String>,
    /// In which browser.
    pub device: Option<DeviceView>,
    /// The site that was allowed something.
    pub site: Option<String>,
}

/// What can happen to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Something that only a newer client knows.
    Unknown,
}
