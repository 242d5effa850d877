//! cargo-deny over all dependencies, and typos where it is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{cache, exact_tools, process, report, workspace};

/// What cargo-deny says when it could not get the database.
const NOT_FETCHED: &str = "failed to fetch advisory database";

/// Licences, sources and bans always; advisories when a database can be had.
pub(crate) fn check() -> Result<()> {
    check_spelling()?;
    exact_tools::CARGO_DENY.ensure_present()?;
    process::run_shown(
        "cargo deny",
        deny(None).args(["bans", "licenses", "sources"]),
    )?;
    check_advisories()
}

/// A copy beside the checkout serves where there is no network; a missing one is said, not passed over.
fn check_advisories() -> Result<()> {
    let copy = workspace::root().join("../shared/advisory-db");
    let config = if copy.join(".git").exists() {
        Some(config_with(&copy)?)
    } else {
        None
    };
    let output = deny(config.as_deref()).arg("advisories").output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        report::say("  advisories: ok");
        return Ok(());
    }
    if told.contains(NOT_FETCHED) {
        report::say(
            "  advisories: NOT CHECKED: the network gives no advisory database, and ../shared/advisory-db \
             holds no clone of one",
        );
        return Ok(());
    }
    bail!("advisories:\n{told}")
}

fn deny(config: Option<&Path>) -> Command {
    let mut command = workspace::cargo();
    command.args([
        "deny",
        "--workspace",
        "--all-features",
        "check",
        "--hide-inclusion-graph",
    ]);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    // A network that swallows packets must not hold the check.
    command.env("GIT_TERMINAL_PROMPT", "0");
    command
        .env("GIT_HTTP_LOW_SPEED_LIMIT", "1000")
        .env("GIT_HTTP_LOW_SPEED_TIME", "20");
    command
}

/// Our settings with the copy in place of the public database.
fn config_with(copy: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(workspace::root().join("deny.toml"))?;
    let mut settings: toml::Table = text.parse()?;
    let advisories = settings
        .entry("advisories")
        .or_insert_with(|| toml::Table::new().into());
    let advisories = advisories
        .as_table_mut()
        .context("deny.toml: advisories is a table")?;
    let url = format!("file://{}", fs::canonicalize(copy)?.display());
    advisories.insert("db-urls".into(), vec![url].into());
    advisories.insert(
        "db-path".into(),
        cache::dir().join("advisories").display().to_string().into(),
    );
    let file = cache::working_dir().join("deny.toml");
    fs::create_dir_all(cache::working_dir())?;
    fs::write(&file, settings.to_string())?;
    Ok(file)
}

fn check_spelling() -> Result<()> {
    if !workspace::has_program("typos") {
        report::say("  spelling: not checked, as typos is not installed");
        return Ok(());
    }
    process::run_shown("typos", &mut workspace::program("typos"))
}
