//! Everything that a notification may say.

use uc_model::ApplicationStatus;

/// A fixed phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phrase {
    /// The portal has the application.
    Registered,
    /// The agency works on it.
    InProgress,
    /// The agency asks for a correction.
    NeedsCorrection,
    /// Decided in the person's favour. Says the same as [`Phrase::Refused`]: what was decided is nobody else's business.
    Approved,
    /// Decided against the person.
    Refused,
    /// Withdrawn.
    Cancelled,
    /// A message from the agency.
    Message,
    /// The portal did not take the answers.
    Returned,
    /// The form changed while the application waited.
    FormChanged,
    /// The public service asks for an account of a higher level.
    LevelTooLow,
    /// News of several applications.
    Several,
}

/// The language that it is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Phrase {
    /// Every phrase.
    pub const ALL: [Self; 11] = [
        Self::Registered,
        Self::InProgress,
        Self::NeedsCorrection,
        Self::Approved,
        Self::Refused,
        Self::Cancelled,
        Self::Message,
        Self::Returned,
        Self::FormChanged,
        Self::LevelTooLow,
        Self::Several,
    ];

    /// What a new status says.
    #[must_use]
    pub const fn of_status(status: ApplicationStatus) -> Self {
        match status {
            ApplicationStatus::Registered => Self::Registered,
            ApplicationStatus::InProgress => Self::InProgress,
            ApplicationStatus::NeedsCorrection => Self::NeedsCorrection,
            ApplicationStatus::Approved => Self::Approved,
            ApplicationStatus::Refused => Self::Refused,
            ApplicationStatus::Cancelled => Self::Cancelled,
        }
    }

    /// The words.
    #[must_use]
    pub fn words(self, tongue: Tongue) -> &'static str {
        tongue.words(self.key())
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::InProgress => "in-progress",
            Self::NeedsCorrection => "needs-correction",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Message => "message",
            Self::Returned => "returned",
            Self::FormChanged => "form-changed",
            Self::LevelTooLow => "level-too-low",
            Self::Several => "several",
        }
    }
}

impl Tongue {
    /// The heading of every notification: the product's name.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.words("title")
    }

    /// What the system's own question says when the device's sensor is to unlock.
    #[must_use]
    pub fn unlock(self) -> &'static str {
        self.words("unlock")
    }

    /// The words under a key; none for a key that the file does not have.
    fn words(self, key: &str) -> &'static str {
        let file = match self {
            Self::Ru => include_str!("../locales/ru.ftl"),
            Self::En => include_str!("../locales/en.ftl"),
        };
        file.lines()
            .filter_map(|line| line.split_once(" = "))
            .find(|(name, _)| *name == key)
            .map_or("", |(_, words)| words)
    }
}
