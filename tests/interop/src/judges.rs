//! The judges: what they are made of, and where that is installed.
//!
//! npm packages lie beside their lock file, Python packages in the user's cache. Both are put there when they are absent
//! or older than the list that names them; a lock keeps processes from doing so at once.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Failure, Result};

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
        let cache = cache();
        fs::create_dir_all(&cache).map_err(Failure::file(&cache))?;
        let lock = cache.join("judges.lock");
        let held = File::create(&lock).map_err(Failure::file(&lock))?;
        held.lock().map_err(Failure::file(&lock))?;
        ensure_packages_of_node()?;
        Ok(Self {
            python: ensure_packages_of_python(&cache)?,
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

fn ensure_packages_of_node() -> Result<()> {
    let list = folder().join("package-lock.json");
    if is_as_young(&folder().join("node_modules/.package-lock.json"), &list)? {
        return Ok(());
    }
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder());
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(npm.arg("--loglevel=error"))
}

/// An environment of Python, marked with the list that it was filled from.
fn ensure_packages_of_python(cache: &Path) -> Result<PathBuf> {
    let list = folder().join("requirements.txt");
    let environment = cache.join("judges-python");
    let (program, mark) = if cfg!(windows) {
        ("Scripts/python.exe", "filled")
    } else {
        ("bin/python", "filled")
    };
    let (python, mark) = (environment.join(program), environment.join(mark));
    let wanted = fs::read(&list).map_err(Failure::file(&list))?;
    if fs::read(&mark).is_ok_and(|filled| filled == wanted) {
        return Ok(python);
    }
    let system = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(system)
        .args(["-m", "venv", "--clear"])
        .arg(&environment))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--no-deps"])
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(&list))?;
    fs::write(&mark, wanted).map_err(Failure::file(&mark))?;
    Ok(python)
}

/// Whether `made` is there and not older than `list`.
fn is_as_young(made: &Path, list: &Path) -> Result<bool> {
    let age = |path: &Path| fs::metadata(path).and_then(|found| found.modified());
    let wanted = age(list).map_err(Failure::file(list))?;
    Ok(age(made).is_ok_and(|made| made >= wanted))
}

fn run(command: &mut Command) -> Result<()> {
    output(command).map(drop)
}

/// What a program prints, when it succeeds.
fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Failure::Start {
            program: program.clone(),
            source,
        })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(Failure::Ended {
        program,
        status: output.status,
        said: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// The folder with the lists and the programs.
fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where tools are kept: as `cargo xtask` has it.
fn cache() -> PathBuf {
    let named = |variable: &str| env::var_os(variable).map(PathBuf::from);
    let user = || {
        named("XDG_CACHE_HOME")
            .filter(|path| path.is_absolute())
            .unwrap_or_else(|| named("HOME").unwrap_or_default().join(".cache"))
            .join("edinyi-klient")
    };
    named("UC_CACHE").unwrap_or_else(user).join("tools")
}
