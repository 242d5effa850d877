//! Settings that are the person's own.

use serde::{Deserialize, Serialize};

use crate::{Query, SensorUnlock, View};

/// Asks for the [`Settings`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSettings {}

impl Query for OpenSettings {
    const VIEW: View = View::Settings;
}

/// Everything the settings screen shows beyond the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// When the client locks itself.
    pub auto_lock: AutoLock,
    /// Whether the sensor unlocks; absent where there is none.
    pub sensor_unlock: Option<SensorUnlock>,
    /// The client's version.
    pub version: String,
    /// Public services known on this device.
    pub services: u32,
    /// Applications known on this device.
    pub applications: u32,
}

/// Changes when the client locks itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateAutoLock {
    /// The new rule.
    pub auto_lock: AutoLock,
}

/// After how long without use the client locks itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoLock {
    /// One minute.
    OneMinute,
    /// Five minutes.
    #[default]
    FiveMinutes,
    /// Fifteen minutes.
    FifteenMinutes,
}

impl AutoLock {
    /// The time without use, in seconds.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        match self {
            Self::OneMinute => 60,
            Self::FiveMinutes => 300,
            Self::FifteenMinutes => 900,
        }
    }
}
