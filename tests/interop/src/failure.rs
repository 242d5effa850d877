//! What can go wrong before anybody is judged.

use std::{io, path::PathBuf, process::ExitStatus};

/// Why a judge could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A program does not start.
    #[error("cannot start {program}")]
    Start {
        /// Which.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A program that was to succeed did not.
    #[error("{program} failed ({status}): {said}")]
    Ended {
        /// Which.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it said.
        said: String,
    },
    /// A judge ended, or closed its output, where an answer was awaited.
    #[error("the judge went away")]
    Gone,
    /// A judge answered with something else than was agreed.
    #[error("the judge's answer is none")]
    Answer(#[from] serde_json::Error),
    /// A judge could not do what it was told.
    #[error("the judge failed: {0}")]
    Judge(String),
    /// A file cannot be used.
    #[error("cannot use {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Talking to a judge failed.
    #[error("cannot talk to the judge")]
    Pipe(#[from] io::Error),
    /// No authority for the run.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// The client's way to the provider cannot be set up.
    #[error("cannot set the client up")]
    Client(#[from] uc_platform::StartError),
    /// The provider's address does not serve.
    #[error("the provider's address does not serve")]
    Profile(#[from] uc_platform::ProfileError),
}

/// What may not come about.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// Names the file that an error of the system is about.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
