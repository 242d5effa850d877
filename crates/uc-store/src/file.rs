//! Files of a store: who may read them, who has them open, where damaged ones go.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
};

use crate::{OpenError, key::SALT_BYTES};

/// Proof that no other process has the store open. Ends when dropped.
#[derive(Debug)]
pub(crate) struct ProcessLock(#[expect(dead_code, reason = "held for its lock")] File);

/// The path with its folder resolved, after making the folder. The file itself must not be a link.
pub(crate) fn settle(path: &Path) -> Result<PathBuf, OpenError> {
    let name = path.file_name().ok_or(OpenError::Missing)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    create_private_folder(folder)?;
    let settled = fs::canonicalize(folder)?.join(name);
    refuse_link(&settled)?;
    Ok(settled)
}

fn refuse_link(path: &Path) -> Result<(), OpenError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_symlink() => Err(OpenError::SymbolicLink),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes the lock file beside the database.
pub(crate) fn lock(database: &Path) -> Result<ProcessLock, OpenError> {
    let path = beside(database, ".lock");
    refuse_link(&path)?;
    let file = private_options().create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(ProcessLock(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Makes an empty file that only its owner may read; `-wal` and `-shm` take its mode over.
pub(crate) fn create_private(path: &Path) -> Result<(), OpenError> {
    private_options().create_new(true).open(path)?;
    Ok(())
}

/// What the name of a database ends with while it is being made.
const UNFINISHED: &str = ".new";

/// Has a database made beside `path` and puts it there when it is whole, so that a process that ends meanwhile leaves none.
pub(crate) fn appear(
    path: &Path,
    make: impl FnOnce(&Path) -> Result<(), OpenError>,
) -> Result<(), OpenError> {
    if path.exists() {
        return Err(OpenError::Exists);
    }
    let unfinished = beside(path, UNFINISHED);
    delete(&unfinished)?;
    make(&unfinished)?;
    fs::rename(&unfinished, path)?;
    keep_names_of(path)
}

/// The folder's new entry survives a loss of power. Windows keeps it without being asked.
fn keep_names_of(path: &Path) -> Result<(), OpenError> {
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The salt that the file begins with. A file too short to have a page is damaged.
pub(crate) fn read_salt(path: &Path) -> Result<[u8; SALT_BYTES], OpenError> {
    let mut salt = [0; SALT_BYTES];
    match File::open(path)?.read_exact(&mut salt) {
        Ok(()) => Ok(salt),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(OpenError::Damaged),
        Err(error) => Err(error.into()),
    }
}

/// The file at `path` with its companions: log, index of the log, rollback journal.
fn companions(path: &Path) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|suffix| beside(path, suffix))
}

/// Every file that a database at `path` may have beside it, itself included: its own, and those of one that is being made.
/// Lock and quarantine are apart.
#[must_use]
pub fn database_files(path: &Path) -> Vec<PathBuf> {
    let unfinished = beside(path, UNFINISHED);
    [companions(path), companions(&unfinished)].concat()
}

/// Deletes a database with its log. Does nothing where there is none.
///
/// Takes the process lock, so it fails with [`OpenError::Locked`] while the store is open.
pub fn remove_database(path: &Path) -> Result<(), OpenError> {
    let path = settle(path)?;
    let lock = lock(&path)?;
    delete(&path)?;
    drop(lock);
    ignore_missing(fs::remove_file(beside(&path, ".lock")))
}

/// Deletes the files of a database whose lock the caller holds.
pub(crate) fn delete(path: &Path) -> Result<(), OpenError> {
    companions(path)
        .into_iter()
        .try_for_each(|file| ignore_missing(fs::remove_file(file)))
}

/// Moves a damaged database with its log into `quarantine/` beside it, still encrypted, and says where to.
/// `stamp` tells one event from another; a taken name gets a number.
pub fn move_to_quarantine(path: &Path, stamp: &str) -> Result<PathBuf, OpenError> {
    let path = settle(path)?;
    let _lock = lock(&path)?;
    let folder = path.with_file_name("quarantine");
    create_private_folder(&folder)?;
    let name = path
        .file_name()
        .ok_or(OpenError::Missing)?
        .to_string_lossy();
    let target = (0..=u32::MAX)
        .map(|number| folder.join(format!("{name}.{stamp}.{number}")))
        .find(|target| !target.exists())
        .ok_or(OpenError::Exists)?;
    for (from, to) in companions(&path).into_iter().zip(companions(&target)) {
        ignore_missing(fs::rename(from, to))?;
    }
    Ok(target)
}

/// Deletes what [`move_to_quarantine`] set aside of a database with a stamp less than this one.
pub fn forget_quarantined(path: &Path, before: &str) -> Result<(), OpenError> {
    let path = settle(path)?;
    let folder = path.with_file_name("quarantine");
    refuse_link(&folder)?;
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let name = path.file_name().ok_or(OpenError::Missing)?;
    let begin = format!("{}.", name.to_string_lossy());
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(&begin));
        let stamp = rest.and_then(|rest| rest.split('.').next());
        if stamp.is_some_and(|stamp| stamp < before) {
            ignore_missing(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

fn ignore_missing(result: std::io::Result<()>) -> Result<(), OpenError> {
    match result {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn create_private_folder(folder: &Path) -> Result<(), OpenError> {
    use std::os::unix::fs::DirBuilderExt as _;
    Ok(fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?)
}

#[cfg(not(unix))]
fn create_private_folder(folder: &Path) -> Result<(), OpenError> {
    Ok(fs::DirBuilder::new().recursive(true).create(folder)?)
}

#[cfg(unix)]
fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    options
}
