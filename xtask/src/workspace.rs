//! The checkout: its root, its programs, its packages.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::cache;

/// The folder with the root manifest: of the checkout that cargo was called in, as checkouts may share one build.
pub(crate) fn root() -> PathBuf {
    let built_in = || PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let ours = env::var_os("CARGO_MANIFEST_DIR").map_or_else(built_in, PathBuf::from);
    ours.parent()
        .expect("xtask lies in the root folder")
        .to_owned()
}

/// A program started in the root folder, which finds our own tools before the system's.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root()).env("PATH", path_with_tools());
    command
}

/// The cargo that runs this verb.
pub(crate) fn cargo() -> Command {
    let mut command = program(&env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    // Set by the cargo that started us; they would make the inner cargo rebuild build scripts.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
    ] {
        command.env_remove(name);
    }
    command
}

/// npm, which is a script on Windows.
pub(crate) fn npm() -> Command {
    program(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// A program that cargo built in the dev profile.
pub(crate) fn built(name: &str) -> PathBuf {
    cache::target()
        .join("debug")
        .join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// A program that cargo built as it ships.
pub(crate) fn built_for_release(name: &str) -> PathBuf {
    cache::target()
        .join("release")
        .join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// Starts a program of ours that cargo built in the dev profile.
pub(crate) fn built_program(name: &str) -> Command {
    let mut command = Command::new(built(name));
    command.current_dir(root()).stdin(Stdio::null());
    command
}

/// Whether a program is found.
pub(crate) fn has_program(name: &str) -> bool {
    env::split_paths(&path_with_tools()).any(|dir| {
        dir.join(format!("{name}{}", env::consts::EXE_SUFFIX))
            .is_file()
    })
}

fn path_with_tools() -> OsString {
    let tools = cache::tools();
    let ours = [tools.join("bin"), tools.join("node").join("bin")];
    let theirs = env::var_os("PATH").unwrap_or_default();
    // Debian keeps some programs of servers out of an ordinary user's path.
    let system = [PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")];
    let all = ours
        .into_iter()
        .chain(env::split_paths(&theirs))
        .chain(system);
    env::join_paths(all).unwrap_or(theirs)
}
