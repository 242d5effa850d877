//! `test`: everything that can fail, after installing what it needs.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::consent::Consent;
use crate::products::{self, AppFor, FrontendProfile};
use crate::system_packages::{self, Purpose};
use crate::{exact_tools, faults, fuzz, judges, process, report, workspace};

/// Runs all tests: units, journeys, the frontend, faults, hostile bytes, the real window and the browser.
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

/// Built in ways of their own: for wasm, with the programs they steer, to be killed, for the fuzzer, and with the judges they bring.
const TESTED_APART: &[&str] = &[
    "--exclude",
    "uc-frontend",
    "--exclude",
    "uc-e2e",
    "--exclude",
    "uc-faults",
    "--exclude",
    "uc-fuzz",
    "--exclude",
    "uc-interop",
];

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
    report::stage("faults");
    faults::test()?;
    report::stage("hostile bytes");
    fuzz::test()?;
    report::stage("judges");
    judges::ensure_present(consent)?;
    test_packages("judges that others wrote", &["-p", "uc-interop"])?;
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

/// What steering the real window takes: the programs and the drivers. The tests bring a desktop of their own.
pub(crate) struct WindowTests {
    tauri_driver: PathBuf,
}

impl WindowTests {
    /// Installs and builds it.
    pub(crate) fn prepare(consent: Consent) -> Result<Self> {
        products::ensure_can_build(consent)?;
        let purposes = [
            Purpose::Headless,
            Purpose::WindowDriver,
            Purpose::WindowTests,
            Purpose::BrowserTrust,
        ];
        system_packages::ensure_present(&purposes, consent)?;
        let tauri_driver = exact_tools::TAURI_DRIVER.ensure_present()?;
        products::build_frontend(FrontendProfile::Dev)?;
        products::build_programs(AppFor::Tests)?;
        products::build_dev_bridge()?;
        Ok(Self { tauri_driver })
    }

    /// A cargo that is told where the programs are.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = workspace::cargo();
        command
            .env("UC_APP", workspace::built("edinyi-klient"))
            .env("UC_PORTAL", workspace::built("uc-portal"))
            .env("UC_TAURI_DRIVER", &self.tauri_driver);
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
