//! The profile's folder.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use uc_core::ports::{Files, ProfileFile};

/// Held while a process has the folder.
const LOCK: &str = "profile.lock";
/// Where damaged stores are moved.
const QUARANTINE: &str = "quarantine";
/// The ending of a file that is being written.
const UNFINISHED: &str = "new";

/// A folder that belongs to this process alone, readable by its owner alone.
#[derive(Debug)]
pub struct ProfileFiles {
    folder: PathBuf,
    // Ends with the process, however it ends.
    _lock: Option<File>,
    _temporary: Option<tempfile::TempDir>,
}

impl ProfileFiles {
    /// Makes the folder if need be and takes it. Fails with `WouldBlock` while another process has it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        make_folder(folder)?;
        refuse_link(folder)?;
        let lock = own_file(&folder.join(LOCK), false)?;
        lock.try_lock().map_err(io::Error::from)?;
        Ok(Self {
            folder: folder.to_owned(),
            _lock: Some(lock),
            _temporary: None,
        })
    }

    fn at(&self, file: ProfileFile) -> PathBuf {
        self.folder.join(file.as_str())
    }

    fn sync_folder(&self) -> io::Result<()> {
        // Windows has no such call; its rename is durable with the file system's journal.
        if cfg!(unix) {
            File::open(&self.folder)?.sync_all()
        } else {
            Ok(())
        }
    }
}

impl Files for ProfileFiles {
    fn path(&self, file: ProfileFile) -> PathBuf {
        self.at(file)
    }

    fn find(&self, file: ProfileFile) -> io::Result<Option<Vec<u8>>> {
        let path = self.at(file);
        refuse_link(&path)?;
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn replace(&self, file: ProfileFile, bytes: &[u8]) -> io::Result<()> {
        let path = self.at(file);
        let unfinished = path.with_added_extension(UNFINISHED);
        let mut written = own_file(&unfinished, true)?;
        written.write_all(bytes)?;
        written.sync_all()?;
        fs::rename(unfinished, path)?;
        self.sync_folder()
    }

    fn rename(&self, from: ProfileFile, to: ProfileFile) -> io::Result<()> {
        fs::rename(self.at(from), self.at(to))?;
        self.sync_folder()
    }

    fn wipe(&self, file: ProfileFile) -> io::Result<()> {
        wipe(&self.at(file))?;
        wipe(&self.at(file).with_added_extension(UNFINISHED))?;
        self.sync_folder()
    }

    fn wipe_quarantine(&self) -> io::Result<()> {
        let folder = self.folder.join(QUARANTINE);
        match fs::read_dir(&folder) {
            Ok(entries) => {
                for entry in entries {
                    wipe(&entry?.path())?;
                }
                fs::remove_dir(folder)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn temporary(&self) -> io::Result<Arc<dyn Files>> {
        let temporary = tempfile::Builder::new()
            .prefix("edinyi-klient-")
            .tempdir()?;
        let folder = temporary.path().to_owned();
        Ok(Arc::new(Self {
            folder,
            _lock: None,
            _temporary: Some(temporary),
        }))
    }
}

/// Overwrites, shortens and deletes. Journals and flash may keep copies: those are encrypted, and their key is gone.
fn wipe(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(found) if found.is_file() => {
            let mut file = OpenOptions::new().write(true).open(path)?;
            io::copy(&mut io::Read::take(io::repeat(0), found.len()), &mut file)?;
            file.sync_all()?;
            fs::remove_file(path)
        }
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// A link planted where a file of ours belongs would lead elsewhere.
fn refuse_link(path: &Path) -> io::Result<()> {
    if path.is_symlink() {
        Err(io::Error::from(io::ErrorKind::InvalidInput))
    } else {
        Ok(())
    }
}

fn own_file(path: &Path, fresh: bool) -> io::Result<File> {
    refuse_link(path)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(fresh);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, ProfileFiles) {
        let temporary = tempfile::tempdir().unwrap();
        let files = ProfileFiles::open(&temporary.path().join("Профиль с пробелом")).unwrap();
        (temporary, files)
    }

    #[test]
    fn st_11_a_second_process_does_not_get_the_folder() {
        let (_temporary, files) = folder();
        let second = ProfileFiles::open(&files.folder).unwrap_err();
        assert_eq!(second.kind(), io::ErrorKind::WouldBlock);
        let path = files.folder.clone();
        drop(files);
        assert!(ProfileFiles::open(&path).is_ok());
    }

    #[test]
    fn files_are_replaced_as_a_whole_and_wiped() {
        let (_temporary, files) = folder();
        assert_eq!(files.find(ProfileFile::KeyBundle).unwrap(), None);
        files.replace(ProfileFile::KeyBundle, b"one").unwrap();
        files.replace(ProfileFile::KeyBundle, b"two").unwrap();
        assert_eq!(files.find(ProfileFile::KeyBundle).unwrap().unwrap(), b"two");
        files
            .rename(ProfileFile::KeyBundle, ProfileFile::PreviousKeyBundle)
            .unwrap();
        files.wipe(ProfileFile::PreviousKeyBundle).unwrap();
        files.wipe(ProfileFile::PreviousKeyBundle).unwrap();
        assert_eq!(files.find(ProfileFile::PreviousKeyBundle).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn st_12_a_planted_link_is_refused_and_files_are_the_owners() {
        use std::os::unix::fs::PermissionsExt as _;
        let (temporary, files) = folder();
        let target = temporary.path().join("elsewhere");
        fs::write(&target, b"kept").unwrap();
        std::os::unix::fs::symlink(&target, files.path(ProfileFile::Attempts)).unwrap();
        assert!(files.find(ProfileFile::Attempts).is_err());
        files.replace(ProfileFile::KeyBundle, b"x").unwrap();
        let mode = fs::metadata(files.path(ProfileFile::KeyBundle))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read(target).unwrap(), b"kept");
    }

    #[test]
    fn kr_01_a_temporary_folder_goes_with_its_session() {
        let (_temporary, files) = folder();
        let session = files.temporary().unwrap();
        session.replace(ProfileFile::Attempts, b"1").unwrap();
        let path = session.path(ProfileFile::Attempts);
        assert!(path.exists());
        drop(session);
        assert!(!path.exists());
    }
}
