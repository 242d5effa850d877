//! Knowing that nothing changed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{Profile, dist::hex_digest, icons, style};

/// A digest of everything that a bundle is made of. Kept beside the compiled module, not in the bundle, which ships.
#[derive(Debug)]
pub(crate) struct Stamp {
    digest: String,
    file: PathBuf,
}

/// What is written down after a run.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    digest: String,
    out: PathBuf,
    files: Vec<PathBuf>,
}

impl Stamp {
    /// Digests the inputs.
    pub(crate) fn of(root: &Path, module: &Path, profile: Profile) -> Result<Self> {
        let mut digests = format!("{profile:?}{}", env!("CARGO_PKG_VERSION"));
        for path in inputs(root, module) {
            let content = fs::read(&path).with_context(|| path.display().to_string())?;
            digests.push_str(&hex_digest(&content));
        }
        digests.push_str(&own_digest()?);
        Ok(Self {
            digest: hex_digest(digests.as_bytes()),
            file: module.with_extension("bundle.json"),
        })
    }

    /// The bundle at this place was made of the same inputs and all its files are there.
    pub(crate) fn is_current(&self, out: &Path) -> bool {
        fs::read_to_string(&self.file)
            .ok()
            .and_then(|text| serde_json::from_str::<Record>(&text).ok())
            .is_some_and(|record| {
                record.digest == self.digest
                    && record.out == out
                    && record.files.iter().all(|file| out.join(file).exists())
            })
    }

    /// Remembers what was made.
    pub(crate) fn keep<'a>(&self, out: &Path, files: impl Iterator<Item = &'a Path>) -> Result<()> {
        let record = Record {
            digest: self.digest.clone(),
            out: out.to_path_buf(),
            files: files.map(Path::to_path_buf).collect(),
        };
        fs::write(&self.file, serde_json::to_string(&record)?).context("the stamp")
    }
}

fn inputs(root: &Path, module: &Path) -> Vec<PathBuf> {
    let frontend = root.join("frontend");
    let styles = frontend.join("styles");
    let mut inputs = vec![
        module.to_path_buf(),
        frontend.join("index.html"),
        frontend.join("package-lock.json"),
        styles.join("designsystemet.config.json"),
        root.join(icons::LIST),
        root.join("icons/mark.svg"),
    ];
    inputs.extend(style::OWN_SHEETS.map(|name| styles.join(name)));
    inputs
}

/// This program itself: another version may make another bundle.
fn own_digest() -> Result<String> {
    let program = std::env::current_exe().context("own path")?;
    Ok(hex_digest(&fs::read(program)?))
}
