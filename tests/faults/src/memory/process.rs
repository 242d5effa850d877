//! A client in a process of its own, and its memory.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt as _,
    process::Stdio,
};

use anyhow::{Context as _, Result, ensure};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::rig::Place;

/// The largest region that is read: more is reserved, not used.
const LARGEST: u64 = 1 << 30;

/// A client that runs.
pub(super) struct Process {
    child: Child,
    orders: ChildStdin,
    words: Lines<BufReader<ChildStdout>>,
    id: u32,
}

impl Process {
    /// Starts one, and waits until its vault is open and in step.
    pub(super) async fn start(place: &Place) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("resident")
            .arg("--folder")
            .arg(&place.folder)
            .args(["--portal", &place.portal])
            .arg("--authority")
            .arg(&place.authority)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the client does not start")?;
        let orders = child.stdin.take().context("a way to the client")?;
        let words = child.stdout.take().context("a way from the client")?;
        let mut process = Self {
            id: child.id().context("a process")?,
            child,
            orders,
            words: BufReader::new(words).lines(),
        };
        process.hear("open").await?;
        Ok(process)
    }

    /// Has it lock itself, and waits until that is done.
    pub(super) async fn lock(&mut self) -> Result<()> {
        self.orders.write_all(b"\n").await?;
        self.hear("locked").await
    }

    /// Ends it.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.orders.write_all(b"\n").await?;
        self.child.wait().await?;
        Ok(())
    }

    async fn hear(&mut self, word: &str) -> Result<()> {
        let heard = self.words.next_line().await?;
        ensure!(heard.as_deref() == Some(word), "the client says {heard:?}");
        Ok(())
    }

    /// Shows every region that the client can write to. It stands still meanwhile: it waits for an order.
    pub(super) fn each_region(&self, mut show: impl FnMut(&[u8])) -> Result<()> {
        let memory = File::open(format!("/proc/{}/mem", self.id))?;
        for (start, end) in self.regions()? {
            if let Ok(bytes) = read(&memory, start, end) {
                show(&bytes);
            }
        }
        Ok(())
    }

    fn regions(&self) -> Result<Vec<(u64, u64)>> {
        let maps = fs::read_to_string(format!("/proc/{}/maps", self.id))?;
        Ok(maps.lines().filter_map(writable).collect())
    }
}

/// A line of `maps` (proc(5)): `start-end rwxp offset device inode path`.
fn writable(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let start = u64::from_str_radix(start, 16).ok()?;
    let end = u64::from_str_radix(end, 16).ok()?;
    (rest.starts_with("rw") && end - start <= LARGEST).then_some((start, end))
}

fn read(memory: &File, start: u64, end: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(end - start).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    memory.read_exact_at(&mut bytes, start)?;
    Ok(bytes)
}

/// How often something stands there.
pub(super) fn count(bytes: &[u8], what: &[u8]) -> usize {
    places(bytes, what).count()
}

/// Where something stands.
pub(super) fn places<'a>(bytes: &'a [u8], what: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memchr::memmem::find_iter(bytes, what)
}
