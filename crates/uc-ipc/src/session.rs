//! Where the person stands, and what is true for every screen.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::{ApplicationId, SecretString};
use zeroize::Zeroize;

use crate::{Query, Sensor, View};

/// Asks for the [`Session`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSession {}

impl Query for OpenSession {
    const VIEW: View = View::Session;
}

/// Begins a sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {}

/// Stops a sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelSignIn {}

/// Sets the first passcode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPasscode {
    /// Six digits or a long password.
    pub passcode: PasscodeEntry,
}

/// Changes the passcode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePasscode {
    /// The one that opens the vault now.
    pub current: PasscodeEntry,
    /// Six digits or a long password.
    pub new: PasscodeEntry,
}

/// Opens the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Unlock {
    /// By the passcode.
    Passcode {
        /// What was typed.
        passcode: PasscodeEntry,
    },
    /// By the sensor, where it holds a key.
    Sensor,
}

/// Closes the vault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {}

/// Tells that somebody reads or types. Holds nothing of what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepAwake {}

/// Ends the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOut {
    /// What to do with applications that wait to be sent.
    pub unsent: Unsent,
}

/// What to do with applications that wait to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsent {
    /// Refuse to sign out while there are any.
    Keep,
    /// The person chose to lose them. While locked this is the only way: nobody can look whether there are any.
    Discard,
}

/// Asks the portal for news.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncNow {}

/// Lets the client ask for news by itself, or only when it is told to. What the person sends goes out either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseSync {
    /// It asks only when it is told to.
    pub paused: bool,
}

/// Changes the appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateAppearance {
    /// The whole new appearance.
    pub appearance: Appearance,
}

/// A passcode on its way from the keyboard to the core. Wiped on drop, `Debug` prints dots.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasscodeEntry(String);

impl PasscodeEntry {
    /// Takes what was typed.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Hands it over.
    #[must_use]
    pub fn into_secret(mut self) -> SecretString {
        SecretString::new(std::mem::take(&mut self.0))
    }
}

impl Drop for PasscodeEntry {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for PasscodeEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Where the person stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What may be done now.
    pub phase: Phase,
    /// How it looks.
    pub appearance: Appearance,
    /// Whether sessions can be kept.
    pub keyring: KeyringStatus,
    /// The portal talked to.
    pub portal: PortalInfo,
    /// Whether it was reached the last time.
    pub connectivity: Connectivity,
    /// From when the data are.
    pub freshness: Freshness,
    /// A running sync.
    pub sync: Option<SyncProgress>,
    /// Whether the portal is asked for news by itself.
    pub upkeep: Upkeep,
    /// Unread messages; 0 while locked.
    pub unread: u32,
    /// An application that a click outside the window asked for; cleared when it is opened.
    pub requested: Option<ApplicationId>,
    /// A damaged vault was set aside since the last sign-in and rebuilt from the portal.
    pub vault_was_damaged: bool,
}

/// What may be done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Nobody is signed in. The catalogue can be read.
    SignedOut,
    /// The browser has the sign-in page.
    SigningIn,
    /// Signed in; a passcode is to be chosen.
    NeedsPasscode,
    /// A vault is there and closed.
    Locked {
        /// Wrong tries left before it is wiped.
        attempts_left: u8,
        /// No try is taken before this instant.
        wait_until: Option<Timestamp>,
        /// What unlocks beside the passcode now.
        sensor: Option<Sensor>,
        /// What a sign-out without the passcode would lose; absent where that is not known.
        at_stake: Option<AtStake>,
        /// Applications with news since it was locked; zero also where nobody could ask.
        news: u32,
    },
    /// At work.
    Open {
        /// Given name, for the greeting.
        first_name: String,
        /// The portal refused the session: reading and writing go on, sending waits for a new sign-in.
        sign_in_needed: bool,
        /// When the session ends, once that is near: a new sign-in in time keeps everything going.
        ends_soon: Option<Timestamp>,
        /// When it locks itself unless somebody uses it: told in the last moments before.
        locks_at: Option<Timestamp>,
    },
}

/// What is on this device alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtStake {
    /// Applications that wait to be sent.
    pub waiting: u32,
    /// Forms that are filled in in part.
    pub drafts: u32,
}

/// Whether secrets can be kept on this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyringStatus {
    /// The system's keyring works.
    Available,
    /// It does not: a session lasts until the window closes and nothing is stored.
    SessionOnly,
}

/// The portal talked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalInfo {
    /// Its address.
    pub address: String,
    /// It holds demo data.
    pub demo: bool,
    /// SHA-256 of the certificate authority that alone is trusted for it, as colon-separated hex; absent where the system's are.
    pub authority_fingerprint: Option<String>,
}

/// Whether the portal is asked for news by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upkeep {
    /// It is asked only when the person says so.
    pub paused: bool,
    /// The network costs by volume: the catalogue comes once a day.
    pub metered: bool,
    /// The battery is nearly empty: news comes seldomer.
    pub low_battery: bool,
}

/// Whether the portal was reached the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connectivity {
    /// Not tried yet.
    Unknown,
    /// It was.
    Online,
    /// It was not.
    Offline,
}

/// From when the data are. Absent: never had any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freshness {
    /// The catalogue's last sync.
    pub catalogue_at: Option<Timestamp>,
    /// The history's last sync; absent while locked.
    pub history_at: Option<Timestamp>,
}

/// How far a sync got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncProgress {
    /// Changes applied.
    pub done: u64,
    /// Changes in all, as the portal told; 0 when not known.
    pub total: u64,
}

/// How it looks. Kept outside the vault: it holds nothing personal and is needed before unlocking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appearance {
    /// The interface's language.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// Size of text.
    pub text_size: TextSize,
}

/// The interface's language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Russian.
    #[default]
    Ru,
    /// English.
    En,
}

/// Colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Strong contrast.
    HighContrast,
}

/// Size of text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// 100 %.
    #[default]
    Normal,
    /// 125 %.
    Large,
    /// 150 %.
    Larger,
    /// 200 %.
    Largest,
}
