//! The two that talk: a client that follows the outbox's plans, and a portal with moods.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    net::Ipv4Addr,
    rc::Rc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use rand::{RngExt as _, rngs::StdRng};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{sleep, timeout},
};
use turmoil::net::{TcpListener, TcpStream};
use uc_sync::outbox::{Haste, Outcome, Pending, Progress, apply, begin, next, recover};

use super::storm::Bug;

pub(super) const CLIENT: &str = "client";
pub(super) const PORTAL: &str = "portal";
const PORT: u16 = 443;

/// How long the client waits for a connection, and for an answer.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(30);
/// How often the client looks at a disk on which nothing is due.
const IDLE: Duration = Duration::from_secs(20);

/// Answers of the portal.
const TAKEN: u8 = 1;
const BUSY: u8 = 2;

/// What survives a crash of the client.
#[derive(Clone, Default)]
pub(super) struct Disk {
    pub(super) rows: Rc<RefCell<BTreeMap<i64, Pending>>>,
    /// Something speaks for another try now.
    pub(super) eager: Rc<Cell<bool>>,
}

impl Disk {
    fn write(&self, seq: i64, progress: Progress) {
        if let Some(row) = self.rows.borrow_mut().get_mut(&seq) {
            row.state = progress.state;
            row.attempts = progress.attempts;
            row.next_at = progress.next_at;
        }
    }

    fn pending(&self) -> Vec<Pending> {
        self.rows.borrow().values().cloned().collect()
    }
}

/// What survives a crash of the portal: the keys that it carried out, in that order.
#[derive(Clone)]
pub(super) struct Ledger {
    pub(super) keys: Rc<RefCell<Vec<u64>>>,
    pub(super) moods: Rc<RefCell<StdRng>>,
}

impl Ledger {
    /// A key is carried out once.
    fn carry_out(&self, key: u64) {
        let mut keys = self.keys.borrow_mut();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
}

/// The simulated instant.
pub(super) fn now() -> Timestamp {
    let elapsed = turmoil::sim_elapsed().unwrap_or_default();
    Timestamp::UNIX_EPOCH + SignedDuration::try_from(elapsed).unwrap_or_default()
}

/// The key of a submission; with the planted bug, of an attempt.
pub(super) fn key(row: &Pending, bug: Bug) -> u64 {
    let attempt = match bug {
        Bug::None => 0,
        Bug::KeyForEachAttempt => u64::from(row.attempts),
    };
    row.seq.unsigned_abs() << 32 | attempt
}

pub(super) async fn client(disk: Disk, bug: Bug) -> turmoil::Result {
    for row in disk.rows.borrow_mut().values_mut() {
        row.state = recover(row.state);
    }
    loop {
        let haste = if disk.eager.replace(false) {
            Haste::Eager
        } else {
            Haste::Patient
        };
        let rows = disk.pending();
        let plan = next(&rows, haste, now());
        let due = plan
            .send
            .first()
            .and_then(|seq| rows.iter().find(|row| row.seq == *seq));
        match due {
            Some(row) => attempt(&disk, row, bug).await,
            None => sleep(pause(plan.wake_at)).await,
        }
    }
}

fn pause(wake_at: Option<Timestamp>) -> Duration {
    let until = wake_at.map(|at| Duration::try_from(at.duration_since(now())).unwrap_or_default());
    until.unwrap_or(IDLE).clamp(Duration::from_secs(1), IDLE)
}

async fn attempt(disk: &Disk, row: &Pending, bug: Bug) {
    disk.write(row.seq, begin(row, now()));
    let outcome = exchange(key(row, bug)).await;
    disk.write(row.seq, apply(row, outcome, now()));
}

async fn exchange(key: u64) -> Outcome {
    let Ok(Ok(stream)) = timeout(CONNECT, TcpStream::connect((PORTAL, PORT))).await else {
        return Outcome::NotTaken { retry_after: None };
    };
    let answer = timeout(ANSWER, ask(stream, key)).await;
    match answer {
        Ok(Ok(TAKEN)) => Outcome::Registered,
        Ok(Ok(BUSY)) => Outcome::NotTaken {
            retry_after: Some(SignedDuration::from_secs(7)),
        },
        Ok(Ok(_) | Err(_)) | Err(_) => Outcome::AnswerLost,
    }
}

async fn ask(mut stream: TcpStream, key: u64) -> std::io::Result<u8> {
    stream.write_u64(key).await?;
    stream.read_u8().await
}

pub(super) async fn portal(ledger: Ledger) -> turmoil::Result {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let ledger = ledger.clone();
        // Whoever asked may have gone.
        tokio::task::spawn_local(async move { serve(stream, &ledger).await.ok() });
    }
}

async fn serve(mut stream: TcpStream, ledger: &Ledger) -> std::io::Result<()> {
    let key = stream.read_u64().await?;
    let mood = ledger.moods.borrow_mut().random_range(0..10);
    match mood {
        0 => return stream.write_u8(BUSY).await,
        // Gone before it did anything.
        1 => return Ok(()),
        // Slower than the client waits.
        2 => sleep(ANSWER * 2).await,
        _ => {}
    }
    ledger.carry_out(key);
    if mood == 3 {
        // Gone before it answered.
        return Ok(());
    }
    stream.write_u8(TAKEN).await
}
