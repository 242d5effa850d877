//! The finished files.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Where all files but the page are, relative to it.
const ASSETS: &str = "assets";

/// Files by path inside the bundle. Names of assets hold a hash of their content, so that nothing stale is loaded.
#[derive(Debug, Default)]
pub(crate) struct Dist {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Dist {
    /// Adds an asset; answers with its name beside the other assets.
    pub(crate) fn add(&mut self, stem: &str, extension: &str, content: Vec<u8>) -> String {
        let name = format!("{stem}-{}.{extension}", &hex_digest(&content)[..12]);
        self.files.insert(Path::new(ASSETS).join(&name), content);
        name
    }

    /// Sets the page.
    pub(crate) fn set_index(&mut self, page: String) {
        self.files
            .insert(PathBuf::from("index.html"), page.into_bytes());
    }

    /// The paths of all files.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    /// How much it is, for people.
    pub(crate) fn size(&self) -> String {
        let bytes: usize = self.files.values().map(Vec::len).sum();
        format!("{} files, {} KB", self.files.len(), bytes.div_ceil(1024))
    }

    /// Writes all files, the page last, and removes assets of earlier bundles.
    pub(crate) fn write(&self, out: &Path) -> Result<()> {
        fs::create_dir_all(out.join(ASSETS))
            .with_context(|| format!("cannot make {}", out.display()))?;
        for (path, content) in &self.files {
            fs::write(out.join(path), content)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        self.sweep(out)
    }

    fn sweep(&self, out: &Path) -> Result<()> {
        for entry in fs::read_dir(out.join(ASSETS))? {
            let name = Path::new(ASSETS).join(entry?.file_name());
            if !self.files.contains_key(&name) {
                fs::remove_file(out.join(&name))?;
            }
        }
        Ok(())
    }
}

/// SHA-256 in hex.
pub(crate) fn hex_digest(content: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(content) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_content_and_old_assets_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = Dist::default();
        let old = first.add("style", "css", b"a{}".to_vec());
        first.write(folder.path()).unwrap();
        let mut second = Dist::default();
        let new = second.add("style", "css", b"b{}".to_vec());
        second.set_index("page".to_owned());
        second.write(folder.path()).unwrap();
        assert_ne!(old, new);
        assert!(!folder.path().join(ASSETS).join(old).exists());
        assert!(folder.path().join(ASSETS).join(new).exists());
        assert!(folder.path().join("index.html").exists());
    }
}
