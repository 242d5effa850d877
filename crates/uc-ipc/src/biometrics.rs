//! Unlocking by what the system knows of the person, in place of the passcode.

use serde::{Deserialize, Serialize};

/// What the device asks its person for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensor {
    /// Touch ID.
    TouchId,
    /// Face ID.
    FaceId,
    /// Windows Hello.
    WindowsHello,
    /// A fingerprint or face of a phone that has one name for both.
    Fingerprint,
    /// Whatever the system asks for: a fingerprint where there is a reader, the account's password where not.
    System,
}

/// Whether the sensor unlocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SensorUnlock {
    /// What there is.
    pub sensor: Sensor,
    /// Whether the person wants it.
    pub enabled: bool,
}

/// Turns unlocking by the sensor on or off. Turning it on asks the sensor once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateSensorUnlock {
    /// Whether the person wants it.
    pub enabled: bool,
}

/// Why the sensor did not unlock. The passcode always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SensorFault {
    /// The person turned it away.
    #[error("declined")]
    Declined,
    /// It did not know the person.
    #[error("not recognised")]
    NotRecognised,
    /// Fingers or faces that it knows have changed, or its key is gone: the passcode is needed once.
    #[error("key gone")]
    Gone,
    /// It cannot be asked.
    #[error("unavailable")]
    Unavailable,
}
