//! `test`: everything that can fail, after installing what it needs.

use std::process::Command;

use anyhow::Result;

use crate::consent::Consent;
use crate::desktop_session::DesktopSession;
use crate::products::{self, AppFor, FrontendProfile};
use crate::system_packages::{self, Purpose};
use crate::{cache, exact_tools, process, report, workspace};

/// Runs all tests: units, journeys, the frontend, the real window and the browser.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask test           everything; asks before it installs what is missing
  cargo xtask test --fast    without the window and the browser")]
pub(crate) struct Options {
    /// Leave the window and the browser out
    #[arg(long)]
    fast: bool,
    /// Install what is missing without asking (as with CI=true)
    #[arg(long)]
    yes: bool,
}

/// Built in ways of their own: for wasm, and with the programs they steer.
const TESTED_APART: &[&str] = &["--exclude", "uc-frontend", "--exclude", "uc-e2e"];

pub(crate) fn run(options: &Options) -> Result<()> {
    let consent = Consent::from_flag(options.yes);
    products::ensure_can_build(consent)?;
    report::stage("frontend");
    products::build_frontend(FrontendProfile::Dev)?;
    test_packages("tests of the frontend", &["-p", "uc-frontend"])?;
    report::stage("units and journeys");
    test_packages(
        "units and journeys",
        &[&["--workspace"], TESTED_APART].concat(),
    )?;
    let mut examples = workspace::cargo();
    examples
        .args(["test", "--doc", "--workspace"])
        .args(TESTED_APART);
    process::run_shown("examples in the docs", &mut examples)?;
    if options.fast {
        report::say("\nThe window and the browser were left out (--fast).");
        return Ok(());
    }
    report::stage("window and browser");
    let tests = WindowTests::prepare(consent)?;
    process::run_shown(
        "window and browser",
        tests
            .cargo()
            .args(["test", "-p", "uc-e2e", "--", "--test-threads=1"]),
    )
}

/// What steering the real window takes: the programs, the drivers and a private desktop.
pub(crate) struct WindowTests {
    session: DesktopSession,
}

impl WindowTests {
    /// Installs, builds and starts it.
    pub(crate) fn prepare(consent: Consent) -> Result<Self> {
        products::ensure_can_build(consent)?;
        let purposes = [
            Purpose::Headless,
            Purpose::WindowTests,
            Purpose::BrowserTrust,
        ];
        system_packages::ensure_present(&purposes, consent)?;
        exact_tools::TAURI_DRIVER.ensure_present()?;
        products::build_frontend(FrontendProfile::Dev)?;
        products::build_programs(AppFor::Tests)?;
        let session = DesktopSession::start(&cache::working_dir().join("window-tests"))?;
        Ok(Self { session })
    }

    /// A cargo on the private desktop, told where the programs are.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = workspace::cargo();
        self.session.adopt_with_own_home(&mut command);
        command
            .env("UC_APP_PROGRAM", workspace::built("edinyi-klient"))
            .env("UC_PORTAL_PROGRAM", workspace::built("uc-portal"));
        command
    }
}

/// nextest where it is installed, for its time limits and report; else cargo's own runner.
fn test_packages(what: &str, selection: &[&str]) -> Result<()> {
    let mut command = workspace::cargo();
    if process::succeeds(workspace::cargo().args(["nextest", "--version"])) {
        command.args(["nextest", "run", "--profile", "ci", "--no-tests", "pass"]);
    } else {
        command.args(["test", "--lib", "--bins", "--tests"]);
    }
    process::run_shown(what, command.args(selection))
}
