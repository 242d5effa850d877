//! Sentences that the portal puts into applications.

use serde::Deserialize;
use uc_model::ApplicationStatus;

use crate::pages::Language;

/// The sentences of `locales/portal.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Stands before year and number in an application's number for people.
    pub number_prefix: String,
    summary: Summaries,
    /// What an agency says when the answers do not pass its own check.
    pub recheck: TwoLanguages,
}

/// A sentence in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwoLanguages {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl TwoLanguages {
    /// In one of them.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Summaries {
    registered: String,
    in_progress: String,
    needs_correction: String,
    approved: String,
    refused: String,
    cancelled: String,
}

impl Words {
    /// The embedded sentences.
    pub fn load() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("../locales/portal.toml"))
    }

    /// What is the matter with an application of this status.
    #[must_use]
    pub fn summary(&self, status: ApplicationStatus) -> &str {
        match status {
            ApplicationStatus::Registered => &self.summary.registered,
            ApplicationStatus::InProgress => &self.summary.in_progress,
            ApplicationStatus::NeedsCorrection => &self.summary.needs_correction,
            ApplicationStatus::Approved => &self.summary.approved,
            ApplicationStatus::Refused => &self.summary.refused,
            ApplicationStatus::Cancelled => &self.summary.cancelled,
        }
    }
}
