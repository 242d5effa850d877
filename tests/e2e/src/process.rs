//! Programs that a run starts, and ends again with all their children.

use std::{
    fs::File,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::{Failure, Result, wait};

/// A running program, leader of its own process group. The group ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `command`; what it says goes to `<name>.log` in `logs`, appended, unless the command pipes it elsewhere.
    pub fn start(name: &str, mut command: Command, logs: &Path) -> Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let file = append(&log)?;
        let both = file.try_clone()?;
        let child = command
            .stdout(file)
            .stderr(both)
            .process_group(0)
            .spawn()
            .map_err(cannot_start(name))?;
        Ok(Self {
            name: name.to_owned(),
            child,
            log,
        })
    }

    /// The leader's process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where its output goes.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Its standard input, once.
    pub fn take_stdin(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    /// Fails when the program has ended.
    pub fn check_running(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(_) => Err(Failure::Ended {
                program: self.name.clone(),
                log: self.log.clone(),
            }),
        }
    }

    /// Waits until `probe` has an answer; fails at once when the program ends before.
    pub async fn until<T>(
        &mut self,
        what: &str,
        mut probe: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        wait::until(what, wait::PATIENT, async || {
            self.check_running()?;
            probe().await
        })
        .await
    }

    /// Asks it to end (SIGTERM) and waits until it did.
    pub async fn terminate(mut self, limit: Duration) -> Result<()> {
        if let Some(id) = process_id(self.child.id()) {
            // It may have ended by itself.
            let _ = kill_process(id, Signal::TERM);
        }
        let name = self.name.clone();
        wait::until_true(&format!("{name} to end"), limit, async || {
            Ok(self.child.try_wait()?.is_some())
        })
        .await
    }

    /// Ends it without a warning (SIGKILL), with its children.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        kill_group(self.child.id());
        // Nothing can be done about a child that cannot be waited for.
        let _ = self.child.wait();
    }
}

/// Runs a program to its end and returns what it said; fails when it fails.
pub fn output_of(mut command: Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(cannot_start(&name))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure::Refused {
        program: name,
        words: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}

/// Ends one process without a warning.
pub fn kill_one(id: u32) {
    if let Some(id) = process_id(id) {
        // It may have ended by itself.
        let _ = kill_process(id, Signal::KILL);
    }
}

/// Ends a process group without a warning.
pub fn kill_group(leader: u32) {
    if let Some(id) = process_id(leader) {
        // It may have ended by itself.
        let _ = kill_process_group(id, Signal::KILL);
    }
}

/// Descendants of a process, nearest first.
pub fn descendants(ancestor: u32) -> Result<Vec<u32>> {
    let parents = parents()?;
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, of)| *of == parent)
                .map(|(id, _)| *id),
        );
        next += 1;
    }
    found.remove(0);
    Ok(found)
}

/// The program a process runs; `None` when it ended.
#[must_use]
pub fn program_of(id: u32) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/{id}/exe")).ok()
}

fn parents() -> Result<Vec<(u32, u32)>> {
    Ok(std::fs::read_dir("/proc")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, parent_of(id)?)))
        .collect())
}

/// The fourth field of `stat`; the second, a name in brackets, may hold spaces.
fn parent_of(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

fn process_id(id: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(id).ok()?)
}

fn append(path: &Path) -> Result<File> {
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(|source| Failure::File {
            path: path.to_owned(),
            source,
        })
}

fn cannot_start(program: &str) -> impl FnOnce(std::io::Error) -> Failure {
    let program = program.to_owned();
    move |source| Failure::Start { program, source }
}
