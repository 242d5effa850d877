//! A keyring that outlasts its process: one file for each item, replaced as a whole.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{Keyring, KeyringError, KeyringItem, SecretVec};
use uc_model::Secret;

/// A folder as a keyring, for a process that is to be killed.
#[derive(Debug)]
pub(crate) struct FileKeyring(PathBuf);

impl FileKeyring {
    /// Opens the folder, which must be there.
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    fn path(&self, item: KeyringItem) -> PathBuf {
        self.0.join(item.as_str())
    }

    fn replace(&self, item: KeyringItem, bytes: &[u8]) -> io::Result<()> {
        let fresh = self.path(item).with_extension("new");
        fs::write(&fresh, bytes)?;
        fs::rename(fresh, self.path(item))
    }
}

/// What is not there is `None`.
fn present<T>(found: io::Result<T>) -> Result<Option<T>, KeyringError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(_) => Err(KeyringError::Missing),
    }
}

impl Keyring for FileKeyring {
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
        async {
            fs::read_dir(&self.0)
                .map(drop)
                .map_err(|_| KeyringError::Missing)
        }
        .boxed()
    }

    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
        async move { Ok(present(fs::read(self.path(item)))?.map(Secret::new)) }.boxed()
    }

    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            let kept = self.replace(item, secret.expose());
            kept.map_err(|_| KeyringError::Missing)
        }
        .boxed()
    }

    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move { present(fs::remove_file(self.path(item))).map(drop) }.boxed()
    }
}
