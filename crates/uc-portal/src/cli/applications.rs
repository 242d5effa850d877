//! `applications`: looks into a portal's database, also while it runs.

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use uc_model::ServiceId;
use uc_portal::{data_dir, store::sqlite::count_applications};

use super::print;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Prints how many applications there are and how many forms were sent for them, as JSON.
    #[command(
        after_help = "Example:\n  uc-portal applications count --data-dir ~/.local/share/uc-portal --service passport-replacement"
    )]
    Count {
        /// Directory of the database and its key.
        #[arg(long, value_name = "DIR")]
        data_dir: PathBuf,
        /// Counts those for this public service only.
        #[arg(long, value_name = "ID")]
        service: Option<ServiceId>,
        /// File with the database key, when it is not portal.key in the data directory.
        #[arg(long, value_name = "PATH", env = "PORTAL_KEY_FILE")]
        key_file: Option<PathBuf>,
    },
}

pub(super) fn run(verb: Verb) -> anyhow::Result<()> {
    let Verb::Count {
        data_dir,
        service,
        key_file,
    } = verb;
    let key = data_dir::existing_key(&data_dir, key_file.as_deref())?;
    let count = count_applications(&data_dir.join("portal.db"), &key, service.as_ref())
        .context("cannot count applications")?;
    print(&serde_json::to_string(&count)?)
}
