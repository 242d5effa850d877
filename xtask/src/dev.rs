//! `dev`: the interface in a browser, built again when its source changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::consent::Consent;
use crate::portal::{self, RunningPortal};
use crate::process::{self, Background, Output};
use crate::products::{self, FrontendProfile};
use crate::{cache, report, workspace};

const LOOK_EVERY: Duration = Duration::from_millis(500);
const TIME_TO_START: Duration = Duration::from_mins(1);

/// What the frontend is made of.
const WATCHED: &[&str] = &[
    "frontend",
    "crates/uc-ipc",
    "crates/uc-model",
    "crates/uc-forms",
];
const NOT_WATCHED: &[&str] = &["node_modules", "dist", "target", "tests"];

/// Runs the portal and the dev bridge, and builds the frontend again at every change.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  cargo xtask dev

Open the printed address in a browser; reload it when `built` is printed. Ctrl+C ends everything.")]
pub(crate) struct Options {
    /// Do not start a browser
    #[arg(long)]
    no_open: bool,
    /// Install what is missing without asking
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    products::ensure_can_build(Consent::from_flag(options.yes))?;
    let mut seen = Snapshot::take();
    products::build_frontend(FrontendProfile::Dev)?;
    products::build_portal()?;
    products::build_dev_bridge()?;
    let portal = RunningPortal::start(&portal::demo_folder())?;
    let (mut bridge, url) = start_bridge(&portal)?;
    report::say(format_args!("The interface is at {url}"));
    if !options.no_open {
        open(&url);
    }
    while bridge.child().try_wait()?.is_none() {
        process::pause(LOOK_EVERY);
        let now = Snapshot::take();
        if now != seen {
            seen = now;
            rebuild();
        }
    }
    anyhow::bail!("the dev bridge ended; see {}", bridge.log().display())
}

/// A mistake in the source is shown and waited out.
fn rebuild() {
    match products::build_frontend(FrontendProfile::Dev) {
        Ok(()) => report::say("built"),
        Err(error) => report::say(format_args!("{error:#}")),
    }
}

/// The bridge prints its address first.
fn start_bridge(portal: &RunningPortal) -> Result<(Background, String)> {
    let folder = cache::user_data().join("demo").join("dev-profile");
    fs::create_dir_all(&folder)?;
    let mut command = workspace::built_program("uc-devbridge");
    command
        .arg("--dist")
        .arg(workspace::root().join("frontend/dist"));
    command.env("UC_PROFILE_DIR", folder);
    portal.address().tell(&mut command)?;
    let mut bridge = Background::start("dev bridge", &mut command, Output::Pipe)?;
    let url = bridge.first_line(TIME_TO_START)?;
    Ok((bridge, url))
}

/// When each watched file was last written.
#[derive(PartialEq, Eq)]
struct Snapshot(BTreeMap<PathBuf, SystemTime>);

impl Snapshot {
    fn take() -> Self {
        let mut found = BTreeMap::new();
        for folder in WATCHED {
            note_files(&workspace::root().join(folder), &mut found);
        }
        Self(found)
    }
}

fn note_files(folder: &Path, found: &mut BTreeMap<PathBuf, SystemTime>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if NOT_WATCHED.iter().any(|skipped| name == *skipped) {
            continue;
        }
        let Ok(about) = entry.metadata() else {
            continue;
        };
        if about.is_dir() {
            note_files(&entry.path(), found);
        } else if let Ok(written) = about.modified() {
            found.insert(entry.path(), written);
        }
    }
}

fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    if !process::succeeds(workspace::program(opener).arg(url)) {
        report::say("No browser could be opened; open the address yourself.");
    }
}
