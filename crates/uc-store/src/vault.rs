//! The person's store.

mod applications;
mod drafts;
mod files;
mod haystacks;
mod listed;
mod mark;
mod messages;
mod outbox;
mod personal;
mod roaming;

use std::{
    cell::Cell,
    convert::Infallible,
    ops::Deref,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_channel::oneshot;
use rusqlite::Connection;
use uuid::Uuid;

use crate::{
    OpenError, StoreError, VaultKey,
    connection::{self, Durability},
    file,
    key::RawKey,
    migration,
    threads::{Commit, Threads},
};

pub use applications::{Application, Filter, PortalCopy};
pub use drafts::Draft;
pub use listed::{ApplicationGroup, ListedState};
pub use mark::VaultMark;
pub use messages::{Message, NewMessage};
pub use outbox::{OutboxRow, Sealed};
pub use personal::FeedCursor;
pub use roaming::Agreed;

/// Everything personal. Closed when dropped.
#[derive(Debug)]
pub struct Vault {
    threads: Threads,
    generation: Uuid,
    high_water: Arc<AtomicU64>,
    /// Dropped last: after the threads that have the file open.
    closed: Option<oneshot::Sender<Infallible>>,
}

impl Vault {
    /// Ends when the vault is closed and may be opened again. Of several, only the last asked for waits.
    pub fn when_closed(&mut self) -> impl Future<Output = ()> + Send + use<> {
        let (sender, closed) = oneshot::channel();
        self.closed = Some(sender);
        async move {
            // Nothing is ever sent.
            let _ = closed.await;
        }
    }

    /// Makes a new vault that counts on from `mark`, which the key bundle remembers already. Refuses where any file is.
    pub fn create(path: &Path, key: &VaultKey, mark: VaultMark) -> Result<Self, OpenError> {
        let path = file::settle(path)?;
        let lock = file::lock(&path)?;
        file::appear(&path, |unfinished| make(unfinished, key, mark))?;
        let db = open_existing(&path, key)?;
        Self::start(db, &path, key, lock)
    }

    /// Opens the vault that `expected` tells of. Never creates: a missing, empty or foreign file, and one that is
    /// behind `expected`, is an error and stays as it is.
    pub fn open(path: &Path, key: &VaultKey, expected: VaultMark) -> Result<Self, OpenError> {
        let path = file::settle(path)?;
        let lock = file::lock(&path)?;
        let db = open_existing(&path, key)?;
        if !mark::load(&db)?.is_at_least(expected) {
            return Err(OpenError::Rollback);
        }
        Self::start(db, &path, key, lock)
    }

    /// What can still be read of the outbox of a vault that does not open, oldest first. Changes nothing but the log.
    #[must_use]
    pub fn salvage_outbox(path: &Path, key: &VaultKey) -> Vec<OutboxRow> {
        let salvage = || -> Result<Vec<OutboxRow>, OpenError> {
            let path = file::settle(path)?;
            let _lock = file::lock(&path)?;
            file::read_salt(&path)?;
            let db = connection::open(&path, &RawKey::WithSalt(key), Durability::Full)?;
            Ok(outbox::salvage(&db))
        };
        salvage().unwrap_or_default()
    }

    /// What the key bundle must remember: the generation, and how many changes of the outbox there were.
    #[must_use]
    pub fn mark(&self) -> VaultMark {
        VaultMark {
            generation: self.generation,
            high_water: self.high_water.load(Ordering::Acquire),
        }
    }

    /// Looks something up.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&VaultView<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.threads.read(move |db| look(&VaultView { db })).await
    }

    /// [`Vault::read`] for callers without an executor.
    pub fn read_blocking<T>(
        &self,
        look: impl FnOnce(&VaultView<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.threads
            .read_blocking(move |db| look(&VaultView { db }))
    }

    /// Runs one transaction. When it changed the outbox, a draft or a setting, the rows are in the main file before this
    /// answers; when it changed the outbox, [`Vault::mark`] has grown.
    pub async fn write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&VaultTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let high_water = Arc::clone(&self.high_water);
        let (value, reached) = self.threads.write(move |db| transact(db, act)).await?;
        raise(&high_water, reached);
        Ok(value)
    }

    /// [`Vault::write`] for callers without an executor.
    pub fn write_blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&VaultTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (value, reached) = self.threads.write_blocking(move |db| transact(db, act))?;
        raise(&self.high_water, reached);
        Ok(value)
    }

    fn start(
        mut db: Connection,
        path: &Path,
        key: &VaultKey,
        lock: file::ProcessLock,
    ) -> Result<Self, OpenError> {
        let found = mark::load(&db)?;
        connection::confine(&mut db)?;
        let reader = || open_reader(path, key);
        let readers = [reader()?, reader()?, reader()?];
        Ok(Self {
            threads: Threads::start(db, readers, lock)?,
            generation: found.generation,
            high_water: Arc::new(AtomicU64::new(found.high_water)),
            closed: None,
        })
    }
}

/// What may be looked up.
#[derive(Debug)]
pub struct VaultView<'c> {
    pub(crate) db: &'c Connection,
}

/// What may be changed, in one transaction.
#[derive(Debug)]
pub struct VaultTx<'c> {
    view: VaultView<'c>,
    reached: Cell<Option<u64>>,
    commit: Cell<Commit>,
}

impl VaultTx<'_> {
    /// What is changed here is nowhere else: it must not depend on the log, whose damage loses its end without a word. What
    /// the portal sends again may.
    fn settle(&self) {
        self.commit.set(Commit::Settled);
    }
}

impl<'c> Deref for VaultTx<'c> {
    type Target = VaultView<'c>;

    fn deref(&self) -> &VaultView<'c> {
        &self.view
    }
}

fn transact<T>(
    db: &Connection,
    act: impl FnOnce(&VaultTx<'_>) -> Result<T, StoreError>,
) -> Result<((T, Option<u64>), Commit), StoreError> {
    let tx = VaultTx {
        view: VaultView { db },
        reached: Cell::new(None),
        commit: Cell::new(Commit::Logged),
    };
    let value = act(&tx)?;
    Ok(((value, tx.reached.get()), tx.commit.get()))
}

fn raise(high_water: &AtomicU64, reached: Option<u64>) {
    if let Some(reached) = reached {
        high_water.fetch_max(reached, Ordering::AcqRel);
    }
}

/// Makes a whole vault and closes it, so that its one file is all of it.
fn make(path: &Path, key: &VaultKey, mark: VaultMark) -> Result<(), OpenError> {
    file::create_private(path)?;
    let db = open_and_migrate(path, key)?;
    mark::create(&db, mark)?;
    settle(&db)?;
    db.close().map_err(|(_, error)| error.into())
}

/// Tells damage from a foreign file. The salt travels with the key: a file that begins with it is this vault's, and
/// so is one whose pages the key opens; what then fails is damaged.
fn open_existing(path: &Path, key: &VaultKey) -> Result<Connection, OpenError> {
    let is_own = file::read_salt(path)? == key.salt;
    match (open_and_migrate(path, key), is_own) {
        (Ok(db), true) => Ok(db),
        (Err(OpenError::Damaged), false) => Err(OpenError::WrongKey),
        (Ok(_), false) => Err(OpenError::Damaged),
        (Err(error), _) => Err(error),
    }
}

fn open_and_migrate(path: &Path, key: &VaultKey) -> Result<Connection, OpenError> {
    let mut db = connection::open(path, &RawKey::WithSalt(key), Durability::Full)?;
    migration::run(&migration::vault::migrations::runner(), &mut db)?;
    let tx = db.transaction()?;
    haystacks::fill(&tx)?;
    files::sweep(&tx)?;
    tx.commit()?;
    Ok(db)
}

fn open_reader(path: &Path, key: &VaultKey) -> Result<Connection, OpenError> {
    let mut db = connection::open(path, &RawKey::WithSalt(key), Durability::Full)?;
    connection::confine_to_reading(&mut db)?;
    Ok(db)
}

fn settle(db: &Connection) -> Result<(), OpenError> {
    Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}
