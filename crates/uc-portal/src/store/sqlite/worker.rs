//! The threads behind the connections.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::{Statements as _, StoreError};

/// Pieces of work in one transaction, at most: bounds how long the first waits for the last.
const BATCH: usize = 64;

/// A piece of work, and the answer to give when it is durable.
pub(super) type WriteJob = Box<dyn FnOnce(&mut Transaction<'_>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>)>;

/// A piece of work that answers by itself.
pub(super) type ReadJob = Box<dyn FnOnce(&Connection) + Send>;

type Sender<T> = oneshot::Sender<Result<T, StoreError>>;

pub(super) fn write_job<T: Send + 'static>(
    work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    reply: Sender<T>,
) -> WriteJob {
    Box::new(move |tx| {
        let outcome = in_savepoint(tx, work);
        Box::new(move |committed| {
            // Whoever asked may have gone.
            let _ = reply.send(committed.and(outcome));
        })
    })
}

pub(super) fn read_job<T: Send + 'static>(
    work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    reply: Sender<T>,
) -> ReadJob {
    Box::new(move |connection| {
        let _ = reply.send(guarded(|| work(connection)));
    })
}

fn in_savepoint<T>(
    tx: &mut Transaction<'_>,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    tx.run("SAVEPOINT work", [])?;
    let outcome = guarded(|| work(tx));
    if outcome.is_err() {
        tx.run("ROLLBACK TO work", [])?;
    }
    tx.run("RELEASE work", [])?;
    outcome
}

/// A panic in a piece of work is that piece's failure, not the thread's.
fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(StoreError::Stopped))
}

pub(super) fn read(connection: &Connection, jobs: &mpsc::Receiver<ReadJob>) {
    for job in jobs {
        job(connection);
    }
}

pub(super) fn write(mut connection: Connection, jobs: &mpsc::Receiver<WriteJob>) {
    while let Ok(first) = jobs.recv() {
        let waiting = jobs.try_iter().take(BATCH - 1);
        if let Err(error) = commit(&mut connection, std::iter::once(first).chain(waiting)) {
            tracing::error!(%error, "a transaction was not committed");
        }
    }
    // The last connection to close moves the log into the database; this one may be it.
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "the database did not close");
    }
}

fn commit(
    connection: &mut Connection,
    jobs: impl Iterator<Item = WriteJob>,
) -> Result<(), rusqlite::Error> {
    let mut tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answers: Vec<Answer> = jobs.map(|job| job(&mut tx)).collect();
    let committed = tx.commit();
    for answer in answers {
        answer(match &committed {
            Ok(()) => Ok(()),
            Err(_) => Err(StoreError::NotCommitted),
        });
    }
    committed
}
