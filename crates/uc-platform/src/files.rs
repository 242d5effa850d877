//! The profile's folder: for its owner alone, and for one process at a time.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use uc_core::ports::{Files, ProfileFile};

const LOCK: &str = "profile.lock";
const QUARANTINE: &str = "quarantine";
const SESSIONS: &str = "sessions";
/// The largest file that is read as a whole.
const MAX_SMALL_BYTES: u64 = 64 * 1024;
/// How much of a file is overwritten before it goes: all of what holds keys, the head of what they open.
const OVERWRITTEN_BYTES: u64 = 1 << 20;

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// Another process uses it.
    #[error("the profile is in use by another window")]
    InUse,
    /// It cannot be made, read or written.
    #[error("profile folder cannot be used")]
    Io(#[from] io::Error),
}

/// A profile's folder, held by this process.
#[derive(Debug)]
pub struct ProfileFolder {
    folder: PathBuf,
    /// Held as long as the folder is; absent for a temporary one, which lies inside a folder that is held.
    _lock: Option<File>,
    temporary: bool,
}

impl ProfileFolder {
    /// Makes the folder, if need be, and takes it for this process.
    pub fn open(folder: &Path) -> Result<Self, FilesError> {
        make_private(folder)?;
        let folder = folder.canonicalize()?;
        let lock = private().write(true).create(true).open(folder.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(FilesError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        remove_tree(&folder.join(SESSIONS))?;
        Ok(Self {
            folder,
            _lock: Some(lock),
            temporary: false,
        })
    }
}

impl Files for ProfileFolder {
    fn path(&self, file: ProfileFile) -> PathBuf {
        self.folder.join(file.as_str())
    }

    fn find(&self, file: ProfileFile) -> io::Result<Option<Vec<u8>>> {
        let opened = match private().read(true).open(self.path(file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut bytes = Vec::new();
        opened.take(MAX_SMALL_BYTES).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn replace(&self, file: ProfileFile, bytes: &[u8]) -> io::Result<()> {
        let fresh = self.folder.join(format!("{}.new", file.as_str()));
        let mut opened = private()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&fresh)?;
        opened.write_all(bytes)?;
        opened.sync_all()?;
        fs::rename(&fresh, self.path(file))?;
        sync_folder(&self.folder)
    }

    fn wipe(&self, file: ProfileFile) -> io::Result<()> {
        for path in [
            self.path(file),
            self.folder.join(format!("{}.new", file.as_str())),
        ] {
            wipe(&path)?;
        }
        sync_folder(&self.folder)
    }

    fn wipe_quarantine(&self) -> io::Result<()> {
        remove_tree(&self.folder.join(QUARANTINE))?;
        sync_folder(&self.folder)
    }

    fn temporary(&self) -> io::Result<Arc<dyn Files>> {
        let folder = self
            .folder
            .join(SESSIONS)
            .join(std::process::id().to_string());
        make_private(&folder)?;
        Ok(Arc::new(Self {
            folder,
            _lock: None,
            temporary: true,
        }))
    }
}

impl Drop for ProfileFolder {
    fn drop(&mut self) {
        if self.temporary
            && let Err(error) = remove_tree(&self.folder)
        {
            tracing::warn!(%error, "a temporary folder stays until the next start");
        }
    }
}

fn wipe(path: &Path) -> io::Result<()> {
    match private().write(true).open(path) {
        Ok(mut opened) => overwrite(&mut opened)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // What cannot be opened can still be unlinked: a link that was planted, for one.
        Err(_) => {}
    }
    fs::remove_file(path)
}

fn overwrite(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len().min(OVERWRITTEN_BYTES);
    file.rewind()?;
    io::copy(&mut io::repeat(0).take(length), file)?;
    file.sync_all()
}

fn remove_tree(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Files for their owner alone; symbolic links in their place are not followed.
#[cfg(unix)]
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
    options
}

/// The folder lies in the person's own data, which others cannot read.
#[cfg(not(unix))]
fn private() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Names in a folder outlast a power failure only when the folder was synced.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
