//! Packages of npm and `PyPI`, and where they are installed.
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

/// Installs while no other process does.
pub(crate) fn one_at_a_time<T>(install: impl FnOnce() -> Result<T>) -> Result<T> {
    let cache = cache();
    fs::create_dir_all(&cache).map_err(Failure::file(&cache))?;
    let lock = cache.join("judges.lock");
    let held = File::create(&lock).map_err(Failure::file(&lock))?;
    held.lock().map_err(Failure::file(&lock))?;
    install()
}

/// What a lock file in `folder` names, beside it.
pub(crate) fn ensure_of_node(folder: &Path) -> Result<()> {
    let list = folder.join("package-lock.json");
    if is_as_young(&folder.join("node_modules/.package-lock.json"), &list)? {
        return Ok(());
    }
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder);
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run(npm.arg("--loglevel=error"))
}

/// The Python of an environment named `name`, which is marked with the list in `folder` that it was filled from.
pub(crate) fn ensure_of_python(folder: &Path, name: &str) -> Result<PathBuf> {
    let list = folder.join("requirements.txt");
    let environment = cache().join(name);
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
pub(crate) fn output(command: &mut Command) -> Result<String> {
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
