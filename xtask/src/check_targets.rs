//! `check-targets`: what is written for other systems compiles, checked from this one.

mod stand_ins;

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::consent::Consent;
use crate::products::{self, FrontendProfile};
use crate::system_packages::{self, Purpose};
use crate::{cache, exact_tools, process, report, workspace};
use stand_ins::StandIns;

/// Checks the core crates and the shell for Windows, macOS, iOS and Android.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask check-targets
  cargo xtask check-targets --core-only --target aarch64-linux-android

The core crates check without any C compiler. For the shell a stand-in takes its place: `cargo check` reads no
compiled C, so Rust for each system is checked for real; C code, linking, Swift, Kotlin and packaging are not.")]
pub(crate) struct Options {
    /// Leave the shell out
    #[arg(long)]
    core_only: bool,
    /// Check these targets alone
    #[arg(long, value_name = "TRIPLE", value_parser = clap::builder::PossibleValuesParser::new(TARGETS))]
    target: Vec<String>,
    /// Install what is missing without asking (as with CI=true)
    #[arg(long)]
    yes: bool,
}

const WINDOWS: &str = "x86_64-pc-windows-msvc";
const TARGETS: [&str; 4] = [
    WINDOWS,
    "aarch64-apple-darwin",
    "aarch64-apple-ios",
    "aarch64-linux-android",
];

/// What must not depend on the system.
const CORE: &[&str] = &[
    "uc-model",
    "uc-ipc",
    "uc-forms",
    "uc-portal-api",
    "uc-auth",
    "uc-store",
    "uc-sync",
    "uc-notify",
    "uc-core",
];

pub(crate) fn run(options: &Options) -> Result<()> {
    let consent = Consent::from_flag(options.yes);
    let chosen =
        |target: &&str| options.target.is_empty() || options.target.iter().any(|it| it == target);
    let targets: Vec<&str> = TARGETS.into_iter().filter(chosen).collect();
    exact_tools::ensure_rust_targets(&targets)?;
    for target in &targets {
        report::stage(target);
        process::run_shown(&format!("core for {target}"), &mut check_core(target))?;
    }
    if options.core_only {
        return Ok(());
    }
    if targets.contains(&WINDOWS) {
        system_packages::ensure_present(&[Purpose::WindowsResources], consent)?;
    }
    products::ensure_can_build(consent)?;
    products::build_frontend(FrontendProfile::Dev)?;
    let stand_ins = StandIns::write(&cache::working_dir().join("stand-ins"))?;
    for target in &targets {
        report::stage(target);
        let mut command = check_shell(target);
        stand_ins.take_part(target, &mut command);
        process::run_shown(&format!("shell for {target}"), &mut command)?;
    }
    Ok(())
}

fn check_core(target: &str) -> Command {
    let mut command = workspace::cargo();
    command.args(["check", "--target", target]);
    command.args(CORE.iter().flat_map(|name| ["-p", name]));
    // Keeps SQLite's own sources out: the core never says which SQLite the app links.
    command.env("LIBSQLITE3_SYS_USE_PKG_CONFIG", "1");
    command
}

fn check_shell(target: &str) -> Command {
    let mut command = workspace::cargo();
    command.args([
        "check",
        "--target",
        target,
        "-p",
        "uc-shell",
        "--features",
        "custom-protocol",
    ]);
    if target.contains("apple") {
        let empty = cache::working_dir().join("empty-sdk");
        let _checked_by_the_build = fs::create_dir_all(&empty);
        command.env("SDKROOT", empty);
        command
            .env("MACOSX_DEPLOYMENT_TARGET", "11.0")
            .env("IPHONEOS_DEPLOYMENT_TARGET", "14.0");
    }
    if target == WINDOWS {
        command.env("RC_x86_64_pc_windows_msvc", "llvm-rc");
    }
    command
}
