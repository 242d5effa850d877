//! Errors that the interface words for people. Closed, with data and no free text.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_forms::FieldFault;

use crate::SensorFault;

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum IpcError {
    /// Nobody is signed in, or the session ended.
    #[error("sign-in required")]
    SignInRequired,
    /// The client is locked.
    #[error("locked")]
    Locked,
    /// The passcode is wrong.
    #[error("wrong passcode")]
    WrongPasscode {
        /// Tries left before the vault is wiped.
        attempts_left: u8,
        /// No try is taken before this instant.
        wait_until: Option<Timestamp>,
    },
    /// Too many wrong passcodes: no try is taken now.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When the next try is taken.
        until: Timestamp,
    },
    /// The tenth wrong passcode: the vault's keys are gone, sign in again.
    #[error("passcode attempts used up")]
    AttemptsUsedUp,
    /// A new passcode is too weak.
    #[error("weak passcode")]
    WeakPasscode {
        /// `length`, `one_digit`, `run` or `common`.
        fault: WeakPasscode,
    },
    /// The sign-in did not succeed.
    #[error("sign-in failed")]
    SignInFailed {
        /// Why.
        fault: SignInFault,
    },
    /// The act needs the portal, and it cannot be reached.
    #[error("offline")]
    Offline,
    /// The form breaks rules.
    #[error("form rejected")]
    Rejected {
        /// Which, field by field.
        faults: Vec<FieldFault>,
    },
    /// The form has another version by now: review and send again.
    #[error("stale form")]
    StaleForm,
    /// No such service, application or message here.
    #[error("not found")]
    NotFound,
    /// The act does not fit the state any more, as when withdrawing what is decided.
    #[error("conflict")]
    Conflict,
    /// Applications wait to be sent; signing out would lose them.
    #[error("unsent applications")]
    UnsentApplications {
        /// How many.
        count: u32,
    },
    /// The system's keyring is missing, locked or does not answer.
    #[error("keyring unavailable")]
    KeyringUnavailable,
    /// The sensor did not unlock.
    #[error("sensor: {fault}")]
    SensorFailed {
        /// Why.
        fault: SensorFault,
    },
    /// The device has no space left, or the folder cannot be written.
    #[error("no space")]
    NoSpace,
    /// The vault was damaged and set aside; what could be saved was saved.
    #[error("vault damaged")]
    VaultDamaged,
    /// A fault of ours; the log has the details under the incident's id.
    #[error("internal")]
    Internal {
        /// The id in the log.
        incident: String,
    },
}

/// What is weak about a new passcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeakPasscode {
    /// Neither six digits nor twelve characters.
    Length,
    /// One digit six times.
    OneDigit,
    /// Digits in a row.
    Run,
    /// Among those guessed first.
    Common,
}

impl From<uc_model::PasscodeFault> for WeakPasscode {
    fn from(fault: uc_model::PasscodeFault) -> Self {
        match fault {
            uc_model::PasscodeFault::Length => Self::Length,
            uc_model::PasscodeFault::OneDigit => Self::OneDigit,
            uc_model::PasscodeFault::Run => Self::Run,
            uc_model::PasscodeFault::Common => Self::Common,
        }
    }
}

/// Why a sign-in did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInFault {
    /// The portal cannot be reached.
    Offline,
    /// The person or the portal declined.
    Declined,
    /// Nothing came back within five minutes.
    TimedOut,
    /// The person stopped it here.
    Cancelled,
    /// No browser could be opened.
    NoBrowser,
    /// No port could be opened for the browser's answer.
    NoLoopback,
    /// The portal's answer failed a check: it may not be who it says it is.
    Untrusted,
    /// The device's clock is too far off.
    Clock,
    /// The portal failed.
    Portal,
}
