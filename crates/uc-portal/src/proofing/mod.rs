//! Proofing: a person says what is in their documents and shows scans; an operator compares both and confirms the account.
//!
//! What is said counts for nothing but the level [`uc_model::AccountLevel::Standard`] until it is confirmed: no number of
//! a document becomes a sign-in name or fills a form before. Each change has an id of its own, so that a decision is
//! about what its operator saw.

use jiff::Timestamp;
use uuid::Uuid;

mod papers;

pub use papers::{DivisionCode, PaperFault, PaperField, Papers};
pub(crate) use papers::{birthday, read_date};

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofState {
    /// The person is still at it.
    Filling,
    /// An operator is to look at it.
    Waiting,
    /// An operator confirmed it.
    Confirmed,
    /// An operator wants something changed.
    Returned,
}

impl ProofState {
    const ALL: [Self; 4] = [
        Self::Filling,
        Self::Waiting,
        Self::Confirmed,
        Self::Returned,
    ];

    /// What it is stored as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Filling => "filling",
            Self::Waiting => "waiting",
            Self::Confirmed => "confirmed",
            Self::Returned => "returned",
        }
    }

    /// Reads [`ProofState::as_str`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the person may change what they say and show.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Filling | Self::Returned)
    }
}

/// Pages of the passport that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanPage {
    /// With the picture and the names.
    Main,
    /// With the registered address.
    Registration,
}

impl ScanPage {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Main, Self::Registration];

    /// What it is stored and addressed as.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Registration => "registration",
        }
    }

    /// Reads [`ScanPage::as_str`].
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.as_str() == text)
    }
}

/// What a person says and shows, and what came of it.
#[derive(Debug, Clone)]
pub struct Proofing {
    /// New with every change.
    pub id: Uuid,
    /// How far it has come.
    pub state: ProofState,
    /// What the person says.
    pub papers: Papers,
    /// What the person shows.
    pub scans: Vec<ScanPage>,
    /// What an operator wants changed.
    pub reason: Option<String>,
    /// Since when it waits.
    pub sent_at: Option<Timestamp>,
}

impl Proofing {
    /// Whether the person shows all pages.
    #[must_use]
    pub fn has_all_scans(&self) -> bool {
        ScanPage::ALL.iter().all(|page| self.scans.contains(page))
    }

    /// Whether it may be sent to the operators.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.state.is_open() && self.has_all_scans()
    }
}

/// What an operator decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// What is said is what the scans show.
    Confirm,
    /// Something is to be changed.
    Return {
        /// What, in the operator's words, for the person to read.
        reason: String,
    },
}
