//! What can be wrong with the catalogue's files.

use std::{io, path::PathBuf};

use crate::agency::ScriptFault;

/// Why a catalogue cannot be published. Each says the file, and the key where there is one.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file or folder cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file that must be there is not.
    #[error("{file} is missing")]
    Missing {
        /// Its name.
        file: String,
    },
    /// Not TOML, or not of the shape that it should have; the source says line and key.
    #[error("{file} does not read")]
    Toml {
        /// The file's name.
        file: String,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Not JSON.
    #[error("{file} does not read")]
    Json {
        /// The file's name.
        file: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A key names something that is not declared.
    #[error("{file}: {key} names {value}, which is not declared")]
    Undeclared {
        /// The file's name.
        file: String,
        /// The key.
        key: &'static str,
        /// What it says.
        value: String,
    },
    /// A key does not hold what it must.
    #[error("{file}: {key} must be {expected}")]
    Wrong {
        /// The file's name.
        file: String,
        /// The key.
        key: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// An id stands twice.
    #[error("{file}: {id} stands twice")]
    Twice {
        /// The file's name.
        file: String,
        /// The id.
        id: String,
    },
    /// A form outside the subset of forms, or one that nobody could fill in.
    #[error("{file} is no sound form")]
    Form {
        /// The schema's file.
        file: String,
        /// Why.
        #[source]
        source: uc_forms::InvalidForm,
    },
    /// A schema that does not compile.
    #[error("{file} is no schema")]
    Schema {
        /// The schema's file.
        file: String,
        /// Why.
        #[source]
        source: uc_forms::verdict::InvalidSchema,
    },
    /// A script that would not end, or would not wait.
    #[error("{file} is no script")]
    Script {
        /// The script's file.
        file: String,
        /// Why.
        #[source]
        source: ScriptFault,
    },
}
