//! Programs that stand in for a C compiler and archiver of another system.
//!
//! They make build scripts of C libraries pass, so that the Rust around them can be checked. What they leave
//! behind is empty: linking with it fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

/// Leaves an empty object where `-o` or `-Fo` names one; calls itself clang; passes a resource script through.
const COMPILER: &str = r#"#!/bin/sh
out=
preprocess=
input=
while [ $# -gt 0 ]; do
  case "$1" in
    --version|-v) echo "clang version 14.0.0 (stand-in)"; exit 0 ;;
    -E) preprocess=1 ;;
    -o) shift; out=$1 ;;
    -Fo|/Fo) shift; out=$1 ;;
    -o*) out=${1#-o} ;;
    -Fo*) out=${1#-Fo} ;;
    /Fo*) out=${1#/Fo} ;;
    *.c|*.cc|*.cpp|*.m|*.mm|*.S|*.rc|*.h) input=$1 ;;
  esac
  shift
done
if [ -n "$preprocess" ]; then
  case "$input" in *.rc) text=$(cat "$input") ;; *) text=clang ;; esac
  if [ -n "$out" ]; then printf '%s\n' "$text" > "$out"; else printf '%s\n' "$text"; fi
  exit 0
fi
[ -n "$out" ] && : > "$out"
exit 0
"#;

/// Writes an empty archive to the first name that ends like one.
const ARCHIVER: &str = r#"#!/bin/sh
for word in "$@"; do
  case "$word" in
    --version) echo "LLVM version 14.0.0 (stand-in)"; exit 0 ;;
    -out:*|/out:*|-OUT:*|/OUT:*) name=${word#?out:}; name=${name#?OUT:}; printf '!<arch>\n' > "$name"; exit 0 ;;
    *.a|*.lib) printf '!<arch>\n' > "$word"; exit 0 ;;
  esac
done
exit 0
"#;

/// The programs, written where they can be started.
pub(super) struct StandIns {
    compiler: PathBuf,
    archiver: PathBuf,
}

impl StandIns {
    /// Writes them.
    pub(super) fn write(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let made = Self {
            compiler: folder.join("clang"),
            archiver: folder.join("llvm-ar"),
        };
        write_program(&made.compiler, COMPILER)?;
        write_program(&made.archiver, ARCHIVER)?;
        Ok(made)
    }

    /// Names them to the build scripts of that target alone; host programs keep the real compiler.
    pub(super) fn take_part(&self, target: &str, command: &mut Command) {
        let target = target.replace('-', "_");
        for (tool, program) in [
            ("CC", &self.compiler),
            ("CXX", &self.compiler),
            ("AR", &self.archiver),
            ("RANLIB", &self.archiver),
        ] {
            command.env(format!("{tool}_{target}"), program);
        }
    }
}

/// Left alone when it is there: a newer file would make cargo build all C libraries again.
fn write_program(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    fs::write(path, text)?;
    make_startable(path)
}

#[cfg(unix)]
fn make_startable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        path,
        fs::Permissions::from_mode(0o755),
    )?)
}

#[cfg(not(unix))]
fn make_startable(_path: &Path) -> Result<()> {
    anyhow::bail!("targets are checked from Linux or macOS")
}
