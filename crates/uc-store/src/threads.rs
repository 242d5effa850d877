//! One writer and two readers behind queues.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread::JoinHandle,
};

use futures_channel::oneshot;
use rusqlite::{Connection, TransactionBehavior};

use crate::{StoreError, file::ProcessLock};

/// Transactions whose log is moved into the file at once, together.
const BATCH: usize = 64;

/// Whether a transaction's rows must be in the main file before it is answered: what is only in the log can be lost
/// with the log, without a word (a damaged log is replayed up to its first bad frame).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commit {
    /// In the log.
    Logged,
    /// In the main file.
    Settled,
}

type Answer = Box<dyn FnOnce(&Result<(), StoreError>) + Send>;
type WriteJob = Box<dyn FnOnce(&mut Connection) -> (Commit, Answer) + Send>;
type ReadJob = Box<dyn FnOnce(&Connection) + Send>;

/// Queues to the threads that own the connections. Dropping it finishes what is queued and closes them.
#[derive(Debug)]
pub(crate) struct Threads {
    writes: Option<Sender<WriteJob>>,
    reads: Option<Sender<ReadJob>>,
    /// For callers that wait anyway: a look-up is often shorter than waking a thread.
    at_hand: Mutex<Connection>,
    running: Vec<JoinHandle<()>>,
}

impl Threads {
    /// Starts the threads. `lock` is released after the last connection is closed.
    pub(crate) fn start(
        writer: Connection,
        [at_hand, readers @ ..]: [Connection; 3],
        lock: ProcessLock,
    ) -> std::io::Result<Self> {
        let (write_jobs, queue) = mpsc::channel::<WriteJob>();
        let lock = Arc::new(lock);
        let held = Arc::clone(&lock);
        let mut running = vec![spawn("store-writer", move || {
            write_all(writer, &queue);
            drop(held);
        })?];
        let (read_jobs, queue) = mpsc::channel::<ReadJob>();
        let queue = Arc::new(Mutex::new(queue));
        for reader in readers {
            let (queue, held) = (Arc::clone(&queue), Arc::clone(&lock));
            running.push(spawn("store-reader", move || {
                read_all(reader, &queue);
                drop(held);
            })?);
        }
        Ok(Self {
            writes: Some(write_jobs),
            reads: Some(read_jobs),
            at_hand: Mutex::new(at_hand),
            running,
        })
    }

    /// Runs `act` in a transaction; on an error nothing of it stays.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> Result<(T, Commit), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue_write(act, move |result| drop(reply.send(result)))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// [`Threads::write`] for callers without an executor.
    pub(crate) fn write_blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> Result<(T, Commit), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.queue_write(act, move |result| drop(reply.send(result)))?;
        answer.recv().map_err(|_| StoreError::Closed)?
    }

    /// Runs `look` on a reader.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue_read(Box::new(move |db| drop(reply.send(look(db)))))?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// [`Threads::read`] for look-ups that may be shorter than waking a thread: where `is_short` says so and a reader is
    /// at hand, on the caller's thread.
    pub(crate) async fn read_briefly<T: Send + 'static>(
        &self,
        is_short: impl FnOnce(&Connection) -> Result<bool, StoreError>,
        look: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if let Ok(db) = self.at_hand.try_lock()
            && is_short(&db)?
        {
            return look(&db);
        }
        self.read(look).await
    }

    /// [`Threads::read`] for callers without an executor, on their own thread.
    pub(crate) fn read_blocking<T>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        look(&self.at_hand.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn queue_write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> Result<(T, Commit), StoreError> + Send + 'static,
        reply: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) -> Result<(), StoreError> {
        let job: WriteJob = Box::new(move |db| match transact(db, act) {
            Ok((value, commit)) => (
                commit,
                Box::new(move |settled: &Result<(), StoreError>| match settled {
                    Err(StoreError::Damaged) if commit == Commit::Settled => {
                        reply(Err(StoreError::Damaged));
                    }
                    // With no room for the main file it is kept all the same: in the log, which is on the disk.
                    _ => reply(Ok(value)),
                }) as Answer,
            ),
            Err(error) => (
                Commit::Logged,
                Box::new(move |_: &Result<(), StoreError>| reply(Err(error))) as Answer,
            ),
        });
        let writes = self.writes.as_ref().ok_or(StoreError::Closed)?;
        writes.send(job).map_err(|_| StoreError::Closed)
    }

    fn queue_read(&self, job: ReadJob) -> Result<(), StoreError> {
        let reads = self.reads.as_ref().ok_or(StoreError::Closed)?;
        reads.send(job).map_err(|_| StoreError::Closed)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.writes = None;
        self.reads = None;
        for thread in self.running.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store ended by a panic");
            }
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run)
}

fn transact<T>(
    db: &mut Connection,
    act: impl FnOnce(&Connection) -> Result<(T, Commit), StoreError>,
) -> Result<(T, Commit), StoreError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = act(&tx)?;
    tx.commit()?;
    Ok(done)
}

fn write_all(mut db: Connection, queue: &Receiver<WriteJob>) {
    while let Ok(first) = queue.recv() {
        let mut commit = Commit::Logged;
        let mut answers = Vec::new();
        for job in std::iter::once(first).chain(queue.try_iter().take(BATCH - 1)) {
            let (asked, answer) = job(&mut db);
            if asked == Commit::Settled {
                commit = asked;
            }
            answers.push(answer);
        }
        let settled = match commit {
            Commit::Logged => Ok(()),
            Commit::Settled => settle(&db),
        };
        if let Err(error) = &settled {
            tracing::warn!(%error, "the log could not be moved into the main file");
        }
        for answer in answers {
            answer(&settled);
        }
    }
}

/// Moves the log into the main file and empties it.
fn settle(db: &Connection) -> Result<(), StoreError> {
    let busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, bool>(0)
    })?;
    if busy {
        tracing::warn!("the log could not be emptied: a reader is at work");
    }
    Ok(())
}

fn read_all(db: Connection, queue: &Mutex<Receiver<ReadJob>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(job) => job(&db),
            Err(_) => break,
        }
    }
    drop(db);
}
