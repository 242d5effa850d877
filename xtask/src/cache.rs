//! Where builds and tools are kept.

use std::env;
use std::path::{Path, PathBuf};

use crate::workspace;

const PRODUCT: &str = "edinyi-klient";

/// The folder for what may be rebuilt: `$UC_CACHE`, else the product's folder in the user's cache.
pub(crate) fn dir() -> PathBuf {
    env::var_os("UC_CACHE").map_or_else(|| user_cache().join(PRODUCT), PathBuf::from)
}

/// Programs that a build or a test needs in an exact version.
pub(crate) fn tools() -> PathBuf {
    dir().join("tools")
}

/// Where cargo builds: `CARGO_TARGET_DIR`, else `target` in the checkout.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), PathBuf::from)
}

/// Where checks of a submission build, outside the clone, so that the next one is warm.
pub(crate) fn shared_target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| dir().join("target"), PathBuf::from)
}

/// Logs and working files of the verbs.
pub(crate) fn working_dir() -> PathBuf {
    workspace::root().join("target").join("xtask")
}

/// What the person's trial runs keep between starts.
pub(crate) fn user_data() -> PathBuf {
    data_home().join(PRODUCT)
}

/// The person's home folder, or the current one where none is set.
pub(crate) fn home() -> PathBuf {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    env::var_os(name).map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn user_cache() -> PathBuf {
    if cfg!(target_os = "macos") {
        home().join("Library/Caches")
    } else if cfg!(windows) {
        from_env_or("LOCALAPPDATA", "AppData/Local")
    } else {
        from_env_or("XDG_CACHE_HOME", ".cache")
    }
}

fn data_home() -> PathBuf {
    if cfg!(target_os = "macos") {
        home().join("Library/Application Support")
    } else if cfg!(windows) {
        from_env_or("LOCALAPPDATA", "AppData/Local")
    } else {
        from_env_or("XDG_DATA_HOME", ".local/share")
    }
}

fn from_env_or(variable: &str, below_home: &str) -> PathBuf {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| Path::is_absolute(path))
        .unwrap_or_else(|| home().join(below_home))
}
