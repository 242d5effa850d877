//! The store in SQLite, encrypted by SQLCipher: one writer, some readers, each with a connection and a thread.
//!
//! The writer gathers what waits into one transaction, each piece in a savepoint of its own, and answers when all of it
//! is durable (`synchronous=FULL`).

use std::{
    path::Path,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, Params};
use tokio::sync::oneshot;

use super::{Reply, Store, StoreError};
use crate::data_dir::DataKey;

mod agency;
mod applications;
mod catalogue;
mod codes;
mod count;
mod devices;
mod dialog;
mod factors;
mod feed;
mod files;
mod grants;
mod guesses;
mod identities;
mod journal;
mod logouts;
mod means;
mod messages;
mod open;
mod pairing;
mod passkeys;
mod people;
mod proofing;
mod pushed;
mod recoveries;
mod registrations;
mod registry;
mod replies;
mod roaming;
mod session_list;
mod sessions;
mod settings;
mod shown;
mod sign_in;
#[cfg(test)]
mod tests;
mod worker;

pub use count::count_applications;
pub use journal::{JournalReadError, VerifyError, list_journal, verify_journal};
pub use open::OpenError;
pub use registry::{RegistryError, change_registry, list_all_roles};
use worker::{ReadJob, WriteJob};

const READERS: usize = 2;

/// The store in SQLite.
#[derive(Debug)]
pub struct SqliteStore {
    channels: Option<Channels>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Channels {
    writer: mpsc::Sender<WriteJob>,
    readers: Vec<mpsc::Sender<ReadJob>>,
    turn: AtomicUsize,
}

impl SqliteStore {
    /// Opens it, makes it when absent, and brings its schema up to date.
    pub fn open(path: &Path, key: &DataKey) -> Result<Self, OpenError> {
        let writer = open::writer(path, key)?;
        let (send_write, receive_write) = mpsc::channel();
        let mut threads = vec![spawn("portal-store-writer", move || {
            worker::write(writer, &receive_write);
        })?];
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let connection = open::reader(path, key)?;
            let (send_read, receive_read) = mpsc::channel();
            threads.push(spawn("portal-store-reader", move || {
                worker::read(&connection, &receive_read);
            })?);
            readers.push(send_read);
        }
        let channels = Channels {
            writer: send_write,
            readers,
            turn: AtomicUsize::new(0),
        };
        Ok(Self {
            channels: Some(channels),
            threads,
        })
    }

    /// Does `work` in a transaction, alone among writers. Its error undoes it.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Reply<'_, T> {
        let (reply, answer) = oneshot::channel();
        if let Some(channels) = &self.channels {
            // A closed channel drops the job, and with it `reply`: the answer says so.
            let _ = channels.writer.send(worker::write_job(work, reply));
        }
        receive(answer)
    }

    /// Does `work` on what was durable when it began.
    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Reply<'_, T> {
        let (reply, answer) = oneshot::channel();
        if let Some(channels) = &self.channels {
            let turn = channels.turn.fetch_add(1, Ordering::Relaxed) % READERS;
            let _ = channels.readers[turn].send(worker::read_job(work, reply));
        }
        receive(answer)
    }
}

fn receive<'a, T: Send + 'static>(
    answer: oneshot::Receiver<Result<T, StoreError>>,
) -> Reply<'a, T> {
    Box::pin(async move { answer.await.unwrap_or(Err(StoreError::Stopped)) })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    thread::Builder::new()
        .name(name.into())
        .spawn(work)
        .map_err(OpenError::Thread)
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        // Without senders the threads finish what waits, close their connections and end.
        self.channels = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Store for SqliteStore {
    fn check(&self) -> Reply<'_, ()> {
        self.write(|tx| {
            tx.execute("UPDATE setting SET value = value WHERE name = ''", [])?;
            Ok(())
        })
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Database(Box::new(error)),
        }
    }
}

/// Statements that a connection compiles once.
trait Statements {
    /// Carries out a statement that gives no rows; how many it changed.
    fn run(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize>;
}

impl Statements for Connection {
    fn run(&self, sql: &str, params: impl Params) -> rusqlite::Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }
}

/// An instant from its column. A number that is none reads as the beginning of time: expired, long ago.
fn instant(millis: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MIN)
}

/// A count or place as SQLite holds it. None of ours comes near the end.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count or place from its column.
fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A `LIMIT`.
fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
