//! The judges: what they are made of.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result,
    packages::{self, output},
};

/// Installed judges.
#[derive(Debug, Clone)]
pub struct Judges {
    python: PathBuf,
}

/// A program of a judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// npm `oidc-provider`: a provider.
    OidcProvider,
    /// npm `openid-client`: a client.
    OpenidClient,
    /// npm `openid-client` on a device without a browser.
    OpenidClientDevice,
    /// `PyPI` `authlib`: a client.
    Authlib,
    /// python-dbusmock: a desktop's services, for Linux.
    Dbusmock,
}

/// The Python that the system's own packages are for.
const SYSTEM_PYTHON: &str = "/usr/bin/python3";

impl Judges {
    /// Installs what is missing.
    pub fn ensure_installed() -> Result<Self> {
        packages::one_at_a_time(|| {
            packages::ensure_of_node(folder())?;
            let python = packages::ensure_of_python(folder(), "judges-python")?;
            Ok(Self { python })
        })
    }

    /// Which versions are there, each with what it runs on.
    pub fn versions(&self) -> Result<Vec<String>> {
        let node = output(Command::new("node").arg("--version"))?;
        let mut versions = Vec::new();
        for package in ["oidc-provider", "openid-client"] {
            let version = format!("require('./node_modules/{package}/package.json').version");
            let mut ask = Command::new("node");
            ask.current_dir(folder()).args(["--print", &version]);
            versions.push(format!("{package} {} on Node {node}", output(&mut ask)?));
        }
        let ask = "import importlib.metadata, platform; \
                   print(importlib.metadata.version('authlib'), 'on Python', platform.python_version())";
        let authlib = output(Command::new(&self.python).args(["-c", ask]))?;
        versions.push(format!("authlib {authlib}"));
        if cfg!(target_os = "linux") {
            let ask = "import dbusmock; print(dbusmock.__version__)";
            let dbusmock = output(Command::new(SYSTEM_PYTHON).args(["-c", ask]))?;
            versions.push(format!("python-dbusmock {dbusmock}"));
        }
        Ok(versions)
    }

    /// The command that starts a judge, which takes one argument.
    #[must_use]
    pub fn command(&self, program: Program, argument: &str) -> tokio::process::Command {
        let (runtime, script) = match program {
            Program::OidcProvider => (Path::new("node"), "judges/provider.mjs"),
            Program::OpenidClient => (Path::new("node"), "judges/client.mjs"),
            Program::OpenidClientDevice => (Path::new("node"), "judges/device.mjs"),
            Program::Authlib => (self.python.as_path(), "judges/client.py"),
            Program::Dbusmock => (Path::new(SYSTEM_PYTHON), "judges/desktop.py"),
        };
        let mut command = tokio::process::Command::new(runtime);
        // The deprecations of a runtime are no one's verdict.
        command.env("NODE_NO_WARNINGS", "1");
        command.current_dir(folder()).arg(script).arg(argument);
        command
    }
}

/// The folder with the lists and the programs.
fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
