//! A private desktop in memory: a display, a session bus and a keyring, all gone with the value.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::{self, Background, Output};
use crate::workspace;

const TIME_TO_ANSWER: Duration = Duration::from_secs(20);
const SCREEN: &str = "1280x1024x24";

/// A private desktop. Programs started on it see neither the person's display, bus nor keyring.
pub(crate) struct DesktopSession {
    environment: Vec<(&'static str, OsString)>,
    // Stopped in this order.
    _keyring: Background,
    _bus: Background,
    _display: Background,
}

impl DesktopSession {
    /// Starts a desktop whose files lie in `folder`, which is emptied first.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let folders = Folders::create(folder)?;
        let (display, screen) = start_display(&folders)?;
        let mut environment = vec![
            ("DISPLAY", screen),
            ("XAUTHORITY", folders.client_cookie().into()),
            ("HOME", folders.home.clone().into()),
            ("XDG_RUNTIME_DIR", folders.runtime.clone().into()),
            ("XDG_DATA_HOME", folders.home.join(".local/share").into()),
            ("XDG_CONFIG_HOME", folders.home.join(".config").into()),
            ("XDG_CACHE_HOME", folders.home.join(".cache").into()),
            ("GDK_BACKEND", "x11".into()),
            ("NO_AT_BRIDGE", "1".into()),
        ];
        let (bus, address) = start_bus(&environment)?;
        environment.push(("DBUS_SESSION_BUS_ADDRESS", address));
        let keyring = start_keyring(&environment)?;
        Ok(Self {
            environment,
            _keyring: keyring,
            _bus: bus,
            _display: display,
        })
    }

    /// Lets a program run on this desktop.
    pub(crate) fn adopt(&self, command: &mut Command) {
        adopt(&self.environment, command);
    }

    /// The home folder of this desktop's programs.
    pub(crate) fn home(&self) -> PathBuf {
        self.environment
            .iter()
            .find(|(name, _)| *name == "HOME")
            .map(|(_, path)| path.into())
            .expect("a session has a home")
    }
}

struct Folders {
    home: PathBuf,
    runtime: PathBuf,
    cookies: PathBuf,
}

impl Folders {
    fn create(folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        let made = Self {
            home: folder.join("home"),
            runtime: folder.join("runtime"),
            cookies: folder.join("cookies"),
        };
        for dir in [&made.home, &made.runtime, &made.cookies] {
            fs::create_dir_all(dir)?;
            keep_private(dir)?;
        }
        for below_home in [".local/share", ".config", ".cache"] {
            fs::create_dir_all(made.home.join(below_home))?;
        }
        Ok(made)
    }

    fn server_cookie(&self) -> PathBuf {
        self.cookies.join("server")
    }

    fn client_cookie(&self) -> PathBuf {
        self.cookies.join("client")
    }
}

fn adopt(environment: &[(&'static str, OsString)], command: &mut Command) {
    command.env_remove("WAYLAND_DISPLAY");
    command.envs(environment.iter().map(|(name, value)| (name, value)));
}

/// The server picks a free number and prints it; the cookie keeps other users of the machine out.
fn start_display(folders: &Folders) -> Result<(Background, OsString)> {
    let cookie = random_cookie()?;
    add_cookie(&folders.server_cookie(), ":0", &cookie)?;
    let mut command = workspace::program("Xvfb");
    command
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            SCREEN,
            "-nolisten",
            "tcp",
            "-noreset",
        ])
        .arg("-auth")
        .arg(folders.server_cookie())
        .stdin(Stdio::null());
    let mut display = Background::start("display", &mut command, Output::Pipe)?;
    let screen = format!(":{}", display.first_line(TIME_TO_ANSWER)?);
    add_cookie(&folders.client_cookie(), &screen, &cookie)?;
    Ok((display, screen.into()))
}

fn start_bus(environment: &[(&'static str, OsString)]) -> Result<(Background, OsString)> {
    let mut command = workspace::program("dbus-daemon");
    command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
    adopt(environment, command.stdin(Stdio::null()));
    let mut bus = Background::start("session bus", &mut command, Output::Pipe)?;
    let address = bus.first_line(TIME_TO_ANSWER)?;
    Ok((bus, address.into()))
}

fn start_keyring(environment: &[(&'static str, OsString)]) -> Result<Background> {
    let mut command = workspace::program("gnome-keyring-daemon");
    command.args(["--unlock", "--components=secrets", "--foreground"]);
    adopt(environment, command.stdin(Stdio::piped()));
    let mut keyring = Background::start("keyring", &mut command, Output::Log)?;
    // The password of a keyring that lives as long as this session.
    let mut stdin = keyring
        .child()
        .stdin
        .take()
        .context("the keyring takes no password")?;
    stdin.write_all(b"session")?;
    drop(stdin);
    keyring.wait_until(TIME_TO_ANSWER, |_| {
        owns_secret_service(environment).then_some(())
    })?;
    Ok(keyring)
}

fn owns_secret_service(environment: &[(&'static str, OsString)]) -> bool {
    let mut command = workspace::program("dbus-send");
    command.args([
        "--session",
        "--print-reply=literal",
        "--dest=org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.NameHasOwner",
        "string:org.freedesktop.secrets",
    ]);
    adopt(environment, &mut command);
    process::output(&mut command).is_ok_and(|answer| answer.contains("true"))
}

fn random_cookie() -> Result<String> {
    let text = process::output(Command::new("od").args(["-An", "-N16", "-tx1", "/dev/urandom"]))?;
    Ok(text.split_whitespace().collect())
}

/// Passed on standard input: arguments can be read by other users.
fn add_cookie(file: &Path, display: &str, cookie: &str) -> Result<()> {
    fs::write(file, "")?;
    let mut child = workspace::program("xauth")
        .args(["-q", "-f"])
        .arg(file)
        .args(["source", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start xauth")?;
    let mut stdin = child.stdin.take().context("xauth takes no input")?;
    writeln!(stdin, "add {display} . {cookie}")?;
    drop(stdin);
    ensure!(child.wait()?.success(), "xauth refused the cookie");
    Ok(())
}

#[cfg(unix)]
fn keep_private(dir: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?)
}

#[cfg(not(unix))]
fn keep_private(_dir: &Path) -> Result<()> {
    Ok(())
}
