//! The data directory: who may read it, who holds it, and the small files in it.
//!
//! `portal.db` the encrypted database · `portal.key` its key · `ca.pem`, `ca.key` the certificate authority ·
//! `leaf.pem`, `leaf.key` the server's certificate · `port` the port in use · `lock` held while a portal runs.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use uc_model::SecretBytes;

use crate::entropy::Entropy;

/// Bytes of the database's key: 32 of key, 16 of salt.
pub const DATA_KEY_BYTES: usize = 48;

/// The database's key.
pub type DataKey = SecretBytes<DATA_KEY_BYTES>;

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// The system refused a file.
    #[error("cannot use {path}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another portal runs on it.
    #[error("another portal uses {0}")]
    InUse(PathBuf),
    /// The key file is not 96 hexadecimal digits.
    #[error("{0} does not hold a database key")]
    MalformedKey(PathBuf),
    /// There is a database and no key, or a key that was used and no database.
    #[error("{0} is missing beside its companion: restore it from the backup")]
    Incomplete(PathBuf),
}

/// A data directory held by this process.
#[derive(Debug)]
pub struct DataDir {
    root: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes it when absent and holds it until dropped.
    pub fn open(root: &Path) -> Result<Self, DataDirError> {
        create_private_dir(root).map_err(at(root))?;
        let lock_path = root.join("lock");
        let lock = private_file(&lock_path).map_err(at(&lock_path))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => DataDirError::InUse(root.to_owned()),
            TryLockError::Error(source) => DataDirError::Io {
                path: lock_path,
                source,
            },
        })?;
        Ok(Self {
            root: root.to_owned(),
            _lock: lock,
        })
    }

    /// The path of a file in it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A file's text; `None` when there is no such file.
    pub fn read(&self, name: &str) -> Result<Option<String>, DataDirError> {
        let path = self.path(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DataDirError::Io { path, source }),
        }
    }

    /// Writes a file that only the owner reads, whole or not at all.
    pub fn write(&self, name: &str, text: &str) -> Result<(), DataDirError> {
        let path = self.path(name);
        write_atomically(&path, text.as_bytes()).map_err(at(&path))
    }

    /// The database's key: from `key_file`, else from `portal.key`, which is made at the first start.
    pub fn data_key(
        &self,
        key_file: Option<&Path>,
        entropy: &Entropy,
    ) -> Result<DataKey, DataDirError> {
        let own = self.path("portal.key");
        let path = key_file.unwrap_or(&own);
        match read_key(path)? {
            Some(key) => {
                self.check_database()?;
                Ok(key)
            }
            None if key_file.is_none() && !self.path("portal.db").exists() => {
                let key = DataKey::new(entropy.bytes());
                write_atomically(path, hex(key.expose()).as_bytes()).map_err(at(path))?;
                Ok(key)
            }
            None => Err(DataDirError::Incomplete(path.to_owned())),
        }
    }

    /// The path of the database. Made empty when absent, so that it and the files beside it are the owner's alone.
    pub fn database(&self) -> Result<PathBuf, DataDirError> {
        let path = self.path("portal.db");
        private_file(&path).map_err(at(&path))?;
        Ok(path)
    }

    /// Remembers that the database holds data: from now on its absence is a loss, not a first start.
    pub fn mark_initialised(&self) -> Result<(), DataDirError> {
        if self.path("initialised").exists() {
            return Ok(());
        }
        self.write("initialised", "1\n")
    }

    /// An empty file opens as an empty database: a lost database must not pass for a new one.
    fn check_database(&self) -> Result<(), DataDirError> {
        let path = self.path("portal.db");
        let empty = fs::metadata(&path).map_or(true, |meta| meta.len() == 0);
        if empty && self.path("initialised").exists() {
            return Err(DataDirError::Incomplete(path));
        }
        Ok(())
    }
}

/// The key of a database that another process may be using; for reading.
pub fn existing_key(root: &Path, key_file: Option<&Path>) -> Result<DataKey, DataDirError> {
    let own = root.join("portal.key");
    let path = key_file.unwrap_or(&own);
    read_key(path)?.ok_or_else(|| DataDirError::Incomplete(path.to_owned()))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> DataDirError {
    let path = path.to_owned();
    move |source| DataDirError::Io { path, source }
}

fn read_key(path: &Path) -> Result<Option<DataKey>, DataDirError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => zeroize::Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(path)(error)),
    };
    unhex(text.trim())
        .map(Some)
        .ok_or_else(|| DataDirError::MalformedKey(path.to_owned()))
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> zeroize::Zeroizing<String> {
    use std::fmt::Write as _;
    let mut text = zeroize::Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn unhex(text: &str) -> Option<DataKey> {
    let mut key = DataKey::new([0; DATA_KEY_BYTES]);
    if text.len() != DATA_KEY_BYTES * 2 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in key.expose_mut().iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[place * 2..place * 2 + 2], 16).ok()?;
    }
    Some(key)
}

/// Writes `bytes` beside `path`, makes them durable and puts them in its place.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = path.with_file_name(name);
    let mut file = private_file(&temporary)?;
    file.set_len(0)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

#[cfg(unix)]
fn create_private_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    if path.is_dir() {
        return fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

#[cfg(not(unix))]
fn create_private_dir(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn sync_dir(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once() {
        let root = tempfile::tempdir().unwrap();
        let dir = DataDir::open(root.path()).unwrap();
        let first = dir.data_key(None, &Entropy::system()).unwrap();
        let second = dir.data_key(None, &Entropy::system()).unwrap();
        assert_eq!(first.expose(), second.expose());
    }

    #[test]
    fn a_lost_database_is_no_first_start() {
        let root = tempfile::tempdir().unwrap();
        let dir = DataDir::open(root.path()).unwrap();
        dir.data_key(None, &Entropy::system()).unwrap();
        dir.mark_initialised().unwrap();
        fs::write(dir.path("portal.db"), b"").unwrap();
        let error = dir.data_key(None, &Entropy::system()).unwrap_err();
        assert!(matches!(error, DataDirError::Incomplete(_)));
    }

    #[test]
    fn a_data_directory_has_one_portal() {
        let root = tempfile::tempdir().unwrap();
        let _held = DataDir::open(root.path()).unwrap();
        let error = DataDir::open(root.path()).unwrap_err();
        assert!(matches!(error, DataDirError::InUse(_)));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let dir = DataDir::open(&root.path().join("data")).unwrap();
        dir.write("port", "1").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&root.path().join("data")), 0o700);
        assert_eq!(mode(&dir.path("port")), 0o600);
        assert_eq!(mode(&dir.database().unwrap()), 0o600);
    }
}
