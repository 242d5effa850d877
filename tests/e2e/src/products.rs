//! Where the built programs are.

use std::path::{Path, PathBuf};

use crate::{Failure, Result, ensure, process::output_of};

/// The programs under test and the tools to drive them.
#[derive(Debug, Clone)]
pub struct Products {
    /// The app, built with `custom-protocol`.
    pub app: PathBuf,
    /// The portal.
    pub portal: PathBuf,
    /// `tauri-driver`.
    pub driver: PathBuf,
}

impl Products {
    /// Looks beside the running program, or where `UC_APP`, `UC_PORTAL` and `UC_TAURI_DRIVER` say.
    pub fn find() -> Result<Self> {
        let products = Self {
            app: named("UC_APP").unwrap_or(programs_folder()?.join("edinyi-klient")),
            portal: portal_program()?,
            driver: named("UC_TAURI_DRIVER").unwrap_or_else(default_driver),
        };
        products.check()?;
        Ok(products)
    }

    fn check(&self) -> Result<()> {
        for path in [&self.app, &self.portal] {
            ensure(path.is_file(), format!("{} is not built", path.display()))?;
        }
        Ok(())
    }
}

/// The portal beside the running program, or where `UC_PORTAL` says.
pub fn portal_program() -> Result<PathBuf> {
    let beside = programs_folder()?.join("uc-portal");
    Ok(named("UC_PORTAL").unwrap_or(beside))
}

/// The development bridge beside the running program, or where `UC_DEVBRIDGE` says.
pub fn bridge_program() -> Result<PathBuf> {
    let beside = programs_folder()?.join("uc-devbridge");
    Ok(named("UC_DEVBRIDGE").unwrap_or(beside))
}

/// The interface built for the development bridge, or what `UC_DIST` names.
#[must_use]
pub fn interface() -> PathBuf {
    named("UC_DIST").unwrap_or_else(|| repository().join("frontend/dist"))
}

/// The judge of accessibility, from npm; installed when it is not there.
pub fn axe() -> Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        let mut install = std::process::Command::new("npm");
        install.current_dir(folder);
        install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        output_of(install)?;
    }
    std::fs::read_to_string(&script).map_err(|source| Failure::File {
        path: script,
        source,
    })
}

/// The folder of built programs: the running one lies in it, or in its `deps`.
pub fn programs_folder() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().unwrap_or(Path::new("."));
    let above = folder.parent().filter(|_| folder.ends_with("deps"));
    Ok(above.unwrap_or(folder).to_owned())
}

/// The repository's root.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder for what a run leaves behind; pictures of the last run go.
pub fn fresh_folder(path: &Path) -> Result<PathBuf> {
    let file = |source| Failure::File {
        path: path.to_owned(),
        source,
    };
    std::fs::create_dir_all(path).map_err(file)?;
    for entry in std::fs::read_dir(path).map_err(file)? {
        let picture = entry.map_err(file)?.path();
        if picture.extension().is_some_and(|kind| kind == "png") {
            std::fs::remove_file(&picture).map_err(file)?;
        }
    }
    path.canonicalize().map_err(file)
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

fn default_driver() -> PathBuf {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let kept = home.join(".cache/edinyi-klient/tools/bin/tauri-driver");
    if kept.is_file() {
        kept
    } else {
        PathBuf::from("tauri-driver")
    }
}
