//! The catalogue's store.

mod catalogue_cursor;
mod key;
mod services;
mod things;

use std::{ops::Deref, path::Path};

use rusqlite::Connection;
use uc_model::SecretBytes;

use crate::{
    OpenError, StoreError,
    connection::{self, Durability},
    file,
    key::RawKey,
    migration,
    threads::{Commit, Threads},
};

pub(crate) use key::Key;
pub(crate) use services::{
    COUNT_PASSING, LIST_POPULAR, SUMMARY_OF_KEYS, bit, passes, read_summary,
};

pub use catalogue_cursor::CatalogueCursor;
pub use services::{Service, ServiceFilter, ServiceName, ServiceSummary};
pub use things::{Agency, Form, LifeSituation, Region};

/// The catalogue and its search index.
#[derive(Debug)]
pub struct PublicStore {
    threads: Threads,
    rebuilt: bool,
}

impl PublicStore {
    /// Opens the store, making it where there is none. A store that is damaged or has another key is thrown away and
    /// made anew: the portal has all of it, and [`PublicStore::was_rebuilt`] says so.
    pub fn open(path: &Path, key: &SecretBytes<32>) -> Result<Self, OpenError> {
        Self::open_with(path, &RawKey::SaltInFile(key))
    }

    /// [`PublicStore::open`] in a plain file, to measure what the cipher costs.
    #[cfg(feature = "unkeyed")]
    pub fn open_unkeyed(path: &Path) -> Result<Self, OpenError> {
        Self::open_with(path, &RawKey::Absent)
    }

    fn open_with(path: &Path, key: &RawKey<'_>) -> Result<Self, OpenError> {
        let path = file::settle(path)?;
        let lock = file::lock(&path)?;
        let (mut writer, rebuilt) = match open_existing(&path, key) {
            Ok(writer) => (writer, false),
            Err(OpenError::Missing) => (create(&path, key)?, false),
            Err(OpenError::Damaged | OpenError::WrongKey) => {
                tracing::warn!("the catalogue's store was damaged and is made anew");
                file::delete(&path)?;
                (create(&path, key)?, true)
            }
            Err(other) => return Err(other),
        };
        connection::confine(&mut writer)?;
        let reader = || open_reader(&path, key);
        let readers = [reader()?, reader()?, reader()?];
        let threads = Threads::start(writer, readers, lock)?;
        Ok(Self { threads, rebuilt })
    }

    /// The store on disk could not be read and was made anew.
    #[must_use]
    pub fn was_rebuilt(&self) -> bool {
        self.rebuilt
    }

    /// Looks something up.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&PublicView<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads.read(move |db| look(&PublicView { db })).await
    }

    /// [`PublicStore::read`] for look-ups that take as long as the catalogue is large, and less than a millisecond while
    /// it is small: then they are made on the caller's thread, which is sooner than waking another.
    pub async fn read_briefly<T: Send + 'static>(
        &self,
        look: impl FnOnce(&PublicView<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads
            .read_briefly(
                |db| PublicView { db }.is_small(),
                move |db| look(&PublicView { db }),
            )
            .await
    }

    /// [`PublicStore::read`] for callers without an executor.
    pub fn read_blocking<T>(
        &self,
        look: impl FnOnce(&PublicView<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.threads
            .read_blocking(move |db| look(&PublicView { db }))
    }

    /// Runs one transaction.
    pub async fn write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&PublicTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads.write(move |db| transact(db, act)).await
    }

    /// [`PublicStore::write`] for callers without an executor.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&PublicTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads.write_blocking(move |db| transact(db, act))
    }
}

/// What may be looked up.
#[derive(Debug)]
pub struct PublicView<'c> {
    pub(crate) db: &'c Connection,
}

/// What may be changed, in one transaction.
#[derive(Debug)]
pub struct PublicTx<'c> {
    view: PublicView<'c>,
}

impl<'c> Deref for PublicTx<'c> {
    type Target = PublicView<'c>;

    fn deref(&self) -> &PublicView<'c> {
        &self.view
    }
}

fn transact<T>(
    db: &Connection,
    act: impl FnOnce(&PublicTx<'_>) -> Result<T, StoreError>,
) -> Result<(T, Commit), StoreError> {
    let tx = PublicTx {
        view: PublicView { db },
    };
    act(&tx).map(|value| (value, Commit::Logged))
}

fn open_existing(path: &Path, key: &RawKey<'_>) -> Result<Connection, OpenError> {
    file::read_salt(path)?;
    open_and_migrate(path, key)
}

fn create(path: &Path, key: &RawKey<'_>) -> Result<Connection, OpenError> {
    file::create_private(path)?;
    open_and_migrate(path, key)
}

fn open_and_migrate(path: &Path, key: &RawKey<'_>) -> Result<Connection, OpenError> {
    let mut db = connection::open(path, key, Durability::Normal)?;
    migration::run(&migration::public::migrations::runner(), &mut db)?;
    Ok(db)
}

fn open_reader(path: &Path, key: &RawKey<'_>) -> Result<Connection, OpenError> {
    let mut db = connection::open(path, key, Durability::Normal)?;
    connection::confine_to_reading(&mut db)?;
    Ok(db)
}
