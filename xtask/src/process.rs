//! Starting programs: with a progress line, in full view, or in the background.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::{cache, report};

const LINES_SHOWN_ON_FAILURE: usize = 40;
const QUIET_TIME: Duration = Duration::from_secs(2);
const LINE_EVERY: Duration = Duration::from_secs(15);
const TIME_TO_STOP: Duration = Duration::from_secs(8);

/// Runs a program whose output goes to a log; shows the time it takes, and the log's end when it fails.
pub(crate) fn run_quietly(what: &str, command: &mut Command) -> Result<()> {
    let log = log_path(what);
    let out = create_log(&log)?;
    let err = out.try_clone()?;
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    // A backtrace would push the reason out of the lines that are shown.
    command.env("RUST_BACKTRACE", "0");
    let begun = Instant::now();
    let status = wait_with_progress(what, spawn(command)?)?;
    if status.success() {
        if begun.elapsed() > QUIET_TIME {
            report::say(format_args!(
                "  {what}: done in {}",
                seconds(begun.elapsed())
            ));
        }
        return Ok(());
    }
    bail!(
        "{what} failed ({status}); the end of {}:\n{}",
        log.display(),
        tail(&log)
    )
}

/// Runs a program in full view and says how long it took.
pub(crate) fn run_shown(what: &str, command: &mut Command) -> Result<()> {
    let begun = Instant::now();
    report::say(format_args!("-- {what}"));
    let status = spawn(command)?.wait()?;
    ensure!(
        status.success(),
        "{what} failed ({status}) after {}",
        seconds(begun.elapsed())
    );
    report::say(format_args!(
        "-- {what}: ok in {}",
        seconds(begun.elapsed())
    ));
    Ok(())
}

/// Runs a program and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", name.display()))?;
    let err = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{} failed: {}",
        name.display(),
        err.trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program starts and succeeds; what it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A program that runs beside the verb and ends with it.
pub(crate) struct Background {
    what: String,
    child: Child,
    log: PathBuf,
}

impl Background {
    /// Starts a program whose output goes to a log; `stdout` is left alone when the caller has set a pipe.
    pub(crate) fn start(what: &str, command: &mut Command, stdout: Output) -> Result<Self> {
        let log = log_path(what);
        let file = create_log(&log)?;
        match stdout {
            Output::Log => command.stdout(file.try_clone()?),
            Output::Pipe => command.stdout(Stdio::piped()),
        };
        let child = spawn(command.stderr(file))?;
        Ok(Self {
            what: what.to_owned(),
            child,
            log,
        })
    }

    /// The running program.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Where its output goes.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// Waits until `ready` answers; fails when the program ends before or the time is over.
    pub(crate) fn wait_until<T>(
        &mut self,
        limit: Duration,
        mut ready: impl FnMut(&Path) -> Option<T>,
    ) -> Result<T> {
        let begun = Instant::now();
        while begun.elapsed() < limit {
            if let Some(found) = ready(&self.log) {
                return Ok(found);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended ({status}):\n{}", self.what, tail(&self.log));
            }
            pause(Duration::from_millis(100));
        }
        bail!(
            "{} was not ready in {}:\n{}",
            self.what,
            seconds(limit),
            tail(&self.log)
        )
    }

    /// The first line that a program started with [`Output::Pipe`] prints.
    pub(crate) fn first_line(&mut self, limit: Duration) -> Result<String> {
        let stdout = self.child.stdout.take().context("no output to read")?;
        let (sender, line) = mpsc::channel();
        thread::spawn(move || {
            let mut text = String::new();
            let read = BufReader::new(stdout).read_line(&mut text);
            sender.send(read.map(|_| text))
        });
        let text = line
            .recv_timeout(limit)
            .with_context(|| format!("{} is silent", self.what))??;
        let text = text.trim().to_owned();
        ensure!(
            !text.is_empty(),
            "{} ended:\n{}",
            self.what,
            tail(&self.log)
        );
        Ok(text)
    }

    /// Waits for the program's own end.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    fn stop(&mut self) {
        ask_to_stop(self.child.id());
        let begun = Instant::now();
        while begun.elapsed() < TIME_TO_STOP {
            match self.child.try_wait() {
                Ok(None) => pause(Duration::from_millis(50)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}

/// Where a background program prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Into its log.
    Log,
    /// To us, who read it.
    Pipe,
}

/// Waits without burning the processor.
pub(crate) fn pause(time: Duration) {
    thread::park_timeout(time);
}

/// A length of time for people.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    match (whole / 60, whole % 60) {
        (0, s) if s < 10 => format!("{:.1} s", time.as_secs_f64()),
        (0, s) => format!("{s} s"),
        (m, s) => format!("{m} min {s:02} s"),
    }
}

fn spawn(command: &mut Command) -> Result<Child> {
    let name = command.get_program().to_owned();
    command
        .spawn()
        .with_context(|| format!("cannot start {}", name.display()))
}

fn wait_with_progress(what: &str, mut child: Child) -> Result<ExitStatus> {
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait()));
    let rewritable = std::io::stdout().is_terminal();
    let begun = Instant::now();
    let step = if rewritable {
        Duration::from_secs(1)
    } else {
        LINE_EVERY
    };
    loop {
        match ended.recv_timeout(step) {
            Ok(status) => {
                if rewritable && begun.elapsed() > QUIET_TIME {
                    report::clear_progress();
                }
                return Ok(status?);
            }
            Err(RecvTimeoutError::Disconnected) => bail!("{what}: lost the program"),
            Err(RecvTimeoutError::Timeout) => show_progress(what, begun.elapsed(), rewritable),
        }
    }
}

fn show_progress(what: &str, elapsed: Duration, rewritable: bool) {
    if !rewritable {
        report::say(format_args!("  {what}: {}", seconds(elapsed)));
    } else if elapsed >= QUIET_TIME {
        report::show_progress(format_args!("  {what}: {}", seconds(elapsed)));
    }
}

/// Asks by signal where there are signals, so that databases are closed properly.
fn ask_to_stop(pid: u32) {
    let pid = pid.to_string();
    if cfg!(windows) {
        succeeds(Command::new("taskkill").args(["/PID", &pid]));
    } else {
        succeeds(Command::new("kill").args(["-TERM", &pid]));
    }
}

fn log_path(what: &str) -> PathBuf {
    let name: String = what
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    cache::working_dir()
        .join("logs")
        .join(format!("{name}.log"))
}

fn create_log(path: &Path) -> Result<File> {
    fs::create_dir_all(path.parent().expect("a log lies in a folder"))?;
    File::create(path).with_context(|| format!("cannot write {}", path.display()))
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES_SHOWN_ON_FAILURE)..].join("\n")
}
