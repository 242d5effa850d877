//! The checkout as the rules see it: packages and tracked text files.

use std::fs;

use anyhow::Result;

use super::metadata::{self, Package};
use super::rust_source::RustSource;
use crate::{process, workspace};

/// A text file of the checkout.
#[derive(Debug, Clone)]
pub(crate) struct TextFile {
    /// Its path below the root, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// Its views, when it is Rust.
    pub(crate) rust: RustSource,
}

impl TextFile {
    /// A file as it stands.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let is_rust = has_ending(path, "rs");
        let rust = if is_rust {
            RustSource::read(text)
        } else {
            RustSource::default()
        };
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            rust,
        }
    }

    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.has_ending("rs")
    }

    /// Whether its name ends so, after a dot.
    pub(crate) fn has_ending(&self, ending: &str) -> bool {
        has_ending(&self.path, ending)
    }

    /// Whether it holds tests or what only tests use.
    pub(crate) fn is_test(&self) -> bool {
        let path = &self.path;
        path.starts_with("tests/")
            || path.starts_with("crates/uc-testkit/")
            || path.contains("/tests/")
            || path.contains("/benches/")
            || path.contains("/examples/")
            || path.ends_with("/tests.rs")
            || path.ends_with("_tests.rs")
    }

    /// Names a place in it.
    pub(crate) fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// The checkout.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// The packages of the workspace.
    pub(crate) packages: Vec<Package>,
    /// Tracked text files, and those that are about to be tracked.
    pub(crate) files: Vec<TextFile>,
}

impl Tree {
    /// Reads the checkout around this program.
    pub(crate) fn read() -> Result<Self> {
        Ok(Self {
            packages: metadata::read()?,
            files: read_files()?,
        })
    }

    /// A package of the workspace.
    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// A file by its path.
    pub(crate) fn file(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Rust files below a folder that are no tests.
    pub(crate) fn product_code<'a>(
        &'a self,
        folder: &'a str,
    ) -> impl Iterator<Item = &'a TextFile> {
        let below = move |file: &&TextFile| folder.is_empty() || file.path.starts_with(folder);
        self.files
            .iter()
            .filter(below)
            .filter(|file| file.is_rust() && !file.is_test())
    }
}

fn read_files() -> Result<Vec<TextFile>> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let listed = process::output(workspace::program("git").args(list))?;
    let root = workspace::root();
    let read = |path: &str| {
        Some(TextFile::new(
            path,
            &fs::read_to_string(root.join(path)).ok()?,
        ))
    };
    Ok(listed
        .lines()
        .filter(|path| is_text(path))
        .filter_map(read)
        .collect())
}

fn is_text(path: &str) -> bool {
    let endings = [
        "rs", "toml", "json", "md", "sh", "yml", "yaml", "ftl", "html", "css", "sql",
    ];
    endings.iter().any(|ending| has_ending(path, ending)) || path.starts_with(".ci/")
}

fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, found)| found == ending)
}
