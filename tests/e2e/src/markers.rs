//! Searching files for words that must not be there.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Failure, Result};

/// Words that occur nowhere else.
#[derive(Debug, Clone)]
pub struct Markers {
    words: Vec<String>,
}

/// A marker that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Which.
    pub marker: String,
    /// In which file, or in the name of which.
    pub place: PathBuf,
}

impl Markers {
    /// `count` Cyrillic words, different in every run that has another `seed`.
    #[must_use]
    pub fn make(count: usize, seed: u64) -> Self {
        let mut state = seed | 1;
        let words = (0..count).map(|_| word(&mut state)).collect();
        Self { words }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Also looks for these.
    #[must_use]
    pub fn and(mut self, more: impl IntoIterator<Item = String>) -> Self {
        self.words.extend(more);
        self
    }

    /// Every file below `roots` in whose contents or name a marker stands, in UTF-8 or UTF-16.
    pub fn search_files(&self, roots: &[&Path]) -> Result<Search> {
        let mut search = Search::default();
        for root in roots {
            self.search_below(root, &mut search)?;
        }
        Ok(search)
    }

    /// The markers that stand in `bytes`.
    #[must_use]
    pub fn search_bytes(&self, bytes: &[u8]) -> Vec<&str> {
        self.words
            .iter()
            .filter(|word| spellings(word).iter().any(|form| contains(bytes, form)))
            .map(String::as_str)
            .collect()
    }

    fn search_below(&self, path: &Path, search: &mut Search) -> Result<()> {
        let Ok(kind) = fs::symlink_metadata(path) else {
            // It went while the search was under way.
            return Ok(());
        };
        if kind.is_dir() {
            for entry in fs::read_dir(path).map_err(at(path))? {
                self.search_below(&entry.map_err(at(path))?.path(), search)?;
            }
        } else if kind.is_file() {
            let bytes = fs::read(path).map_err(at(path))?;
            search.files += 1;
            search.bytes += bytes.len() as u64;
            self.note(&bytes, path, search);
            self.note(path.to_string_lossy().as_bytes(), path, search);
        }
        Ok(())
    }

    fn note(&self, bytes: &[u8], place: &Path, search: &mut Search) {
        search
            .found
            .extend(self.search_bytes(bytes).into_iter().map(|marker| Sighting {
                marker: marker.to_owned(),
                place: place.to_owned(),
            }));
    }
}

/// What a search saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Where markers stood.
    pub found: Vec<Sighting>,
}

/// Seven Cyrillic letters, a capital first: no language has such words.
fn word(state: &mut u64) -> String {
    const LETTERS: [char; 16] = [
        'ж', 'ш', 'щ', 'ф', 'ц', 'х', 'ю', 'э', 'й', 'ъ', 'ы', 'ё', 'з', 'ч', 'г', 'я',
    ];
    let mut text = String::from("Ъ");
    for _ in 0..6 {
        // SplitMix64: markers need to differ, not to be secret.
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        text.push(LETTERS[usize::from((mixed >> 60) as u8)]);
    }
    text
}

/// The ways a word may be written in a file.
fn spellings(word: &str) -> [Vec<u8>; 3] {
    let escaped: String = word.chars().fold(String::new(), |mut text, letter| {
        use std::fmt::Write as _;
        // Writing into a string cannot fail.
        let _ = write!(text, "\\u{:04x}", u32::from(letter));
        text
    });
    let wide = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [word.as_bytes().to_vec(), wide, escaped.into_bytes()]
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(&first) = wanted.first() else {
        return false;
    };
    let mut rest = bytes;
    while let Some(place) = rest.iter().position(|&byte| byte == first) {
        if rest[place..].starts_with(wanted) {
            return true;
        }
        rest = &rest[place + 1..];
    }
    false
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
    let path = path.to_owned();
    move |source| Failure::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(contents: &[u8]) -> usize {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/file"), contents).unwrap();
        let markers = Markers::make(50, 7);
        markers.search_files(&[folder.path()]).unwrap().found.len()
    }

    #[test]
    fn markers_differ() {
        let markers = Markers::make(50, 7);
        let mut words = markers.words().to_vec();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), 50);
    }

    #[test]
    fn a_marker_is_found_however_it_is_written() {
        let marker = Markers::make(50, 7).words()[49].clone();
        let wide: Vec<u8> = marker.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found_in(format!("before{marker}after").as_bytes()), 1);
        assert_eq!(found_in(&[b"odd".to_vec(), wide].concat()), 1);
        assert_eq!(found_in(b"nothing here"), 0);
    }
}
