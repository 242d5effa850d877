//! Words of the catalogue that client and portal share.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Who answers for a public service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A federal agency.
    Federal,
    /// An agency of a subject of the Federation.
    Regional,
    /// A municipality.
    Municipal,
}

/// Who may use a public service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A natural person.
    Citizen,
    /// A sole proprietor.
    Entrepreneur,
    /// A legal entity.
    Organisation,
}

/// A way to get a public service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Through the portal.
    Online,
    /// At a multifunctional centre (МФЦ).
    Mfc,
    /// At the agency's office.
    Agency,
    /// By post.
    Post,
}

/// How long a public service takes by its regulation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The term in the regulation's sense, in Russian.
    pub text: String,
    /// Length in working days, where it is so counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u16>,
    /// Length in calendar days, where it is so counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_days: Option<u16>,
}

/// The parts of a service's names that a search found: ranges of bytes that begin and end between letters, in order,
/// apart from one another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// In the Russian name.
    pub title: Vec<Range<usize>>,
    /// In the English name.
    pub title_en: Vec<Range<usize>>,
}

impl Marks {
    /// Nothing is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.title.is_empty() && self.title_en.is_empty()
    }
}
