//! The npm packages: styles, fonts, icons and `wasm-opt`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// What npm writes when it is done.
const INSTALLED: &str = ".package-lock.json";

/// Installed packages.
#[derive(Debug)]
pub(crate) struct Packages {
    node_modules: PathBuf,
}

impl Packages {
    /// Installs what the lock file names, unless that is done.
    pub(crate) fn install(frontend: &Path) -> Result<Self> {
        let node_modules = frontend.join("node_modules");
        if !is_installed(frontend, &node_modules)? {
            crate::say("installing npm packages")?;
            npm_ci(frontend)?;
        }
        Ok(Self { node_modules })
    }

    /// A file of a package.
    pub(crate) fn path(&self, inner: &str) -> PathBuf {
        self.node_modules.join(inner)
    }

    /// The text of a file of a package.
    pub(crate) fn text(&self, inner: &str) -> Result<String> {
        fs::read_to_string(self.path(inner)).with_context(|| format!("npm package file {inner}"))
    }
}

/// npm's own record is as young as the lock file.
fn is_installed(frontend: &Path, node_modules: &Path) -> Result<bool> {
    let Ok(record) = fs::metadata(node_modules.join(INSTALLED)) else {
        return Ok(false);
    };
    let lock = fs::metadata(frontend.join("package-lock.json")).context("package-lock.json")?;
    Ok(record.modified()? >= lock.modified()?)
}

fn npm_ci(frontend: &Path) -> Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status = Command::new(npm)
        .args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ])
        .current_dir(frontend)
        .status()
        .context("npm cannot be started: install Node 20 or newer")?;
    ensure!(status.success(), "npm ci failed");
    Ok(())
}
