//! Why a run did not hold.

use std::{io, path::PathBuf, time::Duration};

use thirtyfour::error::{WebDriverError, WebDriverErrorInner};

/// What everything here answers with.
pub type Result<T> = std::result::Result<T, Failure>;

/// Why a run did not hold.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A program is not there or does not start.
    #[error("cannot start {program}")]
    Start {
        /// Its name.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program ended while it was needed.
    #[error("{program} ended, its words are in {}", log.display())]
    Ended {
        /// Its name.
        program: String,
        /// Where its output went.
        log: PathBuf,
    },
    /// A program answered with a failure.
    #[error("{program} failed: {words}")]
    Refused {
        /// Its name.
        program: String,
        /// The end of what it said.
        words: String,
    },
    /// A file cannot be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A socket failed.
    #[error("a loopback connection failed")]
    Socket(#[from] io::Error),
    /// Something did not come about in time.
    #[error("waited {} s for {what}", limit.as_secs())]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long.
        limit: Duration,
    },
    /// The browser or its driver refused an order.
    #[error("the browser refused an order")]
    Driver(#[source] Box<WebDriverError>),
    /// Something answered in a shape that was not agreed.
    #[error("unreadable answer")]
    Unreadable(#[from] serde_json::Error),
    /// What the product promises does not hold.
    #[error("{0}")]
    Unmet(String),
}

impl Failure {
    /// The page drew an element anew while it was looked at: looking again helps.
    pub(crate) fn is_drawn_anew(&self) -> bool {
        matches!(
            self,
            Self::Driver(error)
                if matches!(error.as_inner(), WebDriverErrorInner::StaleElementReference(_))
        )
    }
}

impl From<WebDriverError> for Failure {
    fn from(error: WebDriverError) -> Self {
        Self::Driver(Box::new(error))
    }
}

/// Fails with `otherwise` unless `holds`.
pub fn ensure(holds: bool, otherwise: impl Into<String>) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(Failure::Unmet(otherwise.into()))
    }
}

/// An error with all its causes, in one line.
#[must_use]
pub fn chain(failure: &Failure) -> String {
    let mut text = failure.to_string();
    let mut cause = std::error::Error::source(failure);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
