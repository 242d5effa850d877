//! `journal`: reads and checks the journal of authentication, also while a portal runs.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde::Serialize;
use uc_model::PersonId;
use uc_portal::{
    data_dir::{self, DataKey},
    journal::ChainHead,
    store::sqlite::{list_journal, verify_journal},
};

use super::print;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Checks that no entry was removed, altered or moved; fails and names the first that was.
    #[command(
        after_help = "Prints how many entries there are and the journal's head. Write the head down elsewhere and hand it to the next check: whoever can write the database can write a whole new journal.\n\nExample:\n  uc-portal journal verify --data-dir ~/.local/share/uc-portal"
    )]
    Verify {
        #[command(flatten)]
        database: Database,
        /// A head that an earlier check printed.
        #[arg(long, value_name = "SEQ:HASH")]
        known: Option<ChainHead>,
    },
    /// Prints the newest entries, one JSON object a line, newest first.
    #[command(
        after_help = "Example:\n  uc-portal journal list --data-dir ~/.local/share/uc-portal --last 20"
    )]
    List {
        #[command(flatten)]
        database: Database,
        /// Those of this person only.
        #[arg(long, value_name = "ID")]
        person: Option<PersonId>,
        /// How many, at most.
        #[arg(long, value_name = "N", default_value_t = 100)]
        last: usize,
    },
}

#[derive(Args)]
pub(super) struct Database {
    /// Directory of the database and its key.
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// File with the database key, when it is not portal.key in the data directory.
    #[arg(long, value_name = "PATH", env = "PORTAL_KEY_FILE")]
    key_file: Option<PathBuf>,
}

impl Database {
    pub(super) fn open(&self) -> anyhow::Result<(PathBuf, DataKey)> {
        let key = data_dir::existing_key(&self.data_dir, self.key_file.as_deref())?;
        Ok((self.data_dir.join("portal.db"), key))
    }
}

/// What a check found.
#[derive(Serialize)]
struct Verified {
    entries: i64,
    head: String,
}

pub(super) fn run(verb: Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Verify { database, known } => verify(&database, known),
        Verb::List {
            database,
            person,
            last,
        } => list(&database, person.as_ref(), last),
    }
}

fn verify(database: &Database, known: Option<ChainHead>) -> anyhow::Result<()> {
    let (path, key) = database.open()?;
    let head = verify_journal(&path, &key, known)?;
    print(&serde_json::to_string(&Verified {
        entries: head.seq,
        head: head.to_string(),
    })?)
}

fn list(database: &Database, person: Option<&PersonId>, last: usize) -> anyhow::Result<()> {
    let (path, key) = database.open()?;
    let entries = list_journal(&path, &key, person, last).context("cannot read the journal")?;
    for entry in entries {
        print(&serde_json::to_string(&entry)?)?;
    }
    Ok(())
}
