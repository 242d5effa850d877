//! What the system must have, and the package managers that bring it.
//!
//! apt is tested; dnf, pacman, brew and winget are written from their package lists and not tested.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::consent::{Consent, Needed};
use crate::{process, report, workspace};

mod manager;
mod needs;

use manager::Manager;
pub(crate) use needs::Purpose;
use needs::{Need, Probe};

/// Installs what is missing for the purposes, after saying what and why and being allowed to.
pub(crate) fn ensure_present(purposes: &[Purpose], consent: Consent) -> Result<()> {
    let missing = missing(purposes);
    if missing.is_empty() {
        return Ok(());
    }
    report::say("Missing on this machine:");
    for need in &missing {
        report::say(format_args!("  {}: {}", need.what, need.why));
    }
    let manager = Manager::find().ok_or_else(|| no_manager(&missing))?;
    install(manager, &missing, consent)?;
    let still: Vec<_> = missing
        .iter()
        .filter(|need| !is_met(need))
        .map(|need| need.what)
        .collect();
    ensure!(
        still.is_empty(),
        "{} still missing after the installation; see README.md for other ways",
        still.join(", ")
    );
    Ok(())
}

/// Says what would make the program better and is not there; installs nothing.
pub(crate) fn hint_at_secret_service() {
    let known = [
        "gnome-keyring-daemon",
        "kwalletd5",
        "kwalletd6",
        "keepassxc",
    ];
    if cfg!(target_os = "linux") && !known.iter().any(|name| workspace::has_program(name)) {
        report::say(
            "Note: no keyring (Secret Service) was found. The app then keeps the session in memory \
             only; install gnome-keyring, KWallet or KeePassXC to stay signed in.",
        );
    }
}

fn missing(purposes: &[Purpose]) -> Vec<&'static Need> {
    needs::ALL
        .iter()
        .filter(|need| need.on_this_system() && purposes.contains(&need.purpose))
        .filter(|need| !is_met(need))
        .collect()
}

fn is_met(need: &Need) -> bool {
    match need.probe {
        Probe::Program(name) => workspace::has_program(name),
        Probe::Library(name) => {
            process::succeeds(workspace::program("pkg-config").args(["--exists", name]))
        }
        Probe::CCompiler => compiles_c(),
        Probe::SystemPythonModule(name) => process::succeeds(
            workspace::program("/usr/bin/python3").args(["-c", &format!("import {name}")]),
        ),
        Probe::PythonEnvironments => {
            let python = if cfg!(windows) { "python" } else { "python3" };
            process::succeeds(workspace::program(python).args(["-c", "import ensurepip, venv"]))
        }
        Probe::AccessibilityBus => [
            "/usr/libexec/at-spi-bus-launcher",
            "/usr/lib/at-spi-bus-launcher",
        ]
        .iter()
        .any(|path| std::path::Path::new(path).exists()),
        Probe::PostgresServer => {
            workspace::has_program("initdb")
                || std::fs::read_dir("/usr/lib/postgresql")
                    .is_ok_and(|versions| versions.count() > 0)
        }
        Probe::CyrillicFont => process::output(workspace::program("fc-list").arg(":lang=ru"))
            .is_ok_and(|fonts| !fonts.trim().is_empty()),
    }
}

/// A linker driver alone has the name of a compiler but no headers.
fn compiles_c() -> bool {
    if cfg!(windows) {
        return true; // rustc's own linker check covers the Visual Studio build tools
    }
    let script = "printf '#include <stdio.h>\\nint main(void){return 0;}' | cc -x c -fsyntax-only - \
                  && printf '#include <string>' | c++ -x c++ -fsyntax-only - && command -v make";
    process::succeeds(workspace::program("sh").args(["-c", script]))
}

fn install(manager: Manager, missing: &[&Need], consent: Consent) -> Result<()> {
    let mut packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.packages(manager))
        .copied()
        .collect();
    packages.sort_unstable();
    packages.dedup();
    ensure!(
        !packages.is_empty(),
        "{} has no package for them; see README.md",
        manager.name()
    );
    let commands = manager.install(&packages);
    let shown: Vec<String> = commands.iter().map(|words| words.join(" ")).collect();
    consent.require(
        &format!("Install {} with {}", packages.join(" "), manager.name()),
        &shown.join(" && "),
    )?;
    for words in commands {
        let what = format!("{} {}", manager.name(), words[1]);
        process::run_quietly(&what, &mut as_administrator(manager, &words))?;
    }
    Ok(())
}

fn as_administrator(manager: Manager, words: &[&str]) -> Command {
    let needs_sudo = manager.needs_root() && !is_root();
    let mut command = workspace::program(if needs_sudo { "sudo" } else { words[0] });
    command.args(if needs_sudo { words } else { &words[1..] });
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn no_manager(missing: &[&Need]) -> anyhow::Error {
    let names: Vec<_> = missing.iter().map(|need| need.what).collect();
    Needed::stop(format!(
        "none of apt-get, dnf, pacman, brew and winget is here; install by hand: {}",
        names.join(", ")
    ))
}
