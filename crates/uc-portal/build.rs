//! Embeds the catalogue's data files, and has the crate rebuilt when they or the migrations change.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=catalogue");
    println!("cargo::rerun-if-changed=migrations");
    let root = directory("CARGO_MANIFEST_DIR")?.join("catalogue");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut table = fs::File::create(directory("OUT_DIR")?.join("catalogue_files.rs"))?;
    writeln!(table, "&[")?;
    for file in &files {
        let name = file.strip_prefix(&root).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let path = file.to_string_lossy();
        writeln!(table, "    ({name:?}, include_str!({path:?})),")?;
    }
    writeln!(table, "]")
}

fn directory(variable: &str) -> io::Result<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .ok_or_else(|| io::Error::other(format!("{variable} is not set")))
}

/// Data files under `directory`; the README is for people.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|kind| kind == "toml" || kind == "json")
        {
            files.push(path);
        }
    }
    Ok(())
}
