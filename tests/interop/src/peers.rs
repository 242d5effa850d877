//! Peers to measure beside: search and replication that others wrote.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::{Result, packages};

/// Installed peers.
#[derive(Debug, Clone)]
pub struct Peers {
    python: PathBuf,
}

/// A peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// `PyPI` tantivy.
    Tantivy,
    /// The system's PostgreSQL.
    Postgres,
    /// npm minisearch.
    Minisearch,
    /// npm flexsearch.
    Flexsearch,
    /// Replication between npm `PouchDB`s in memory.
    Pouchdb,
}

impl Peer {
    /// Those that search.
    pub const OF_SEARCH: [Self; 4] = [
        Self::Tantivy,
        Self::Postgres,
        Self::Minisearch,
        Self::Flexsearch,
    ];

    /// Its name in figures.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tantivy => "tantivy",
            Self::Postgres => "postgres",
            Self::Minisearch => "minisearch",
            Self::Flexsearch => "flexsearch",
            Self::Pouchdb => "pouchdb",
        }
    }

    const fn script(self) -> &'static str {
        match self {
            Self::Tantivy | Self::Postgres => "search.py",
            Self::Minisearch | Self::Flexsearch => "search.mjs",
            Self::Pouchdb => "sync.mjs",
        }
    }
}

impl Peers {
    /// Installs what is missing.
    pub fn ensure_installed() -> Result<Self> {
        packages::one_at_a_time(|| {
            packages::ensure_of_node(folder())?;
            let python = packages::ensure_of_python(folder(), "peers-python")?;
            Ok(Self { python })
        })
    }

    /// The command that starts a peer, which is then talked to in lines.
    #[must_use]
    pub fn command(&self, peer: Peer) -> Command {
        let runtime = match peer {
            Peer::Tantivy | Peer::Postgres => self.python.as_path(),
            Peer::Minisearch | Peer::Flexsearch | Peer::Pouchdb => Path::new("node"),
        };
        let mut command = Command::new(runtime);
        command
            .current_dir(folder())
            .arg(peer.script())
            .arg(peer.name());
        command
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/peers"))
}
