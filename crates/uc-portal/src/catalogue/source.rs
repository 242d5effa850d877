//! The files that a catalogue is read from.

use std::{collections::BTreeMap, fs, io, path::Path};

use super::CatalogueError;

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue_files.rs"));

/// The longest file read from a directory.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// Files by their path inside the catalogue, with `/` between folders.
#[derive(Debug, Default)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// The files in the program.
    #[must_use]
    pub fn embedded() -> Self {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        Self(EMBEDDED.iter().map(owned).collect())
    }

    /// The files of a directory: `.toml` and `.json`, in it and one folder down.
    pub fn read(directory: &Path) -> Result<Self, CatalogueError> {
        let mut files = BTreeMap::new();
        read_folder(directory, "", &mut files)?;
        for folder in ["services", "forms", "scripts"] {
            let path = directory.join(folder);
            if path.is_dir() {
                read_folder(&path, &format!("{folder}/"), &mut files)?;
            }
        }
        Ok(Self(files))
    }

    /// A file's text.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Ids of the files in a folder, which are their names without `suffix`, with their texts.
    pub fn list<'a>(
        &'a self,
        folder: &'a str,
        suffix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.0.iter().filter_map(move |(name, text)| {
            let id = name.strip_prefix(folder)?.strip_suffix(suffix)?;
            Some((id, text.as_str()))
        })
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, String>,
) -> Result<(), CatalogueError> {
    let at = |source: io::Error| CatalogueError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let kind = path.extension().and_then(|kind| kind.to_str());
        if path.is_file() && matches!(kind, Some("toml" | "json")) {
            files.insert(format!("{prefix}{name}"), read_file(&path)?);
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<String, CatalogueError> {
    let unreadable = |source| CatalogueError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if fs::metadata(path).map_err(unreadable)?.len() > MAX_FILE_BYTES {
        return Err(unreadable(io::Error::from(io::ErrorKind::FileTooLarge)));
    }
    fs::read_to_string(path).map_err(unreadable)
}
