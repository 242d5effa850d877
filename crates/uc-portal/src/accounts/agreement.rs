//! What a person agrees to when they register: each document apart, each in a version.

/// A document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// The terms of use.
    Terms,
    /// The processing of personal data (152-ФЗ, article 9: a consent of its own).
    Privacy,
}

impl Agreement {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Terms, Self::Privacy];

    /// The word that it is stored and addressed by.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Privacy => "privacy",
        }
    }

    /// Reads [`Agreement::word`].
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The version whose text is shown. It rises with every change of the text.
    #[must_use]
    pub const fn version(self) -> u32 {
        match self {
            Self::Terms | Self::Privacy => 1,
        }
    }
}
