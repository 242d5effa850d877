//! A private desktop: folder, display, session bus, keyring and notification daemon that nobody else uses.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    Failure, Result,
    process::{Process, output_of},
    wait,
};

const KEYRING_PASSWORD: &[u8] = b"private keyring of one run";

const BUS_CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=BUS</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A private desktop. Its programs end and its folder goes when it is dropped.
#[derive(Debug)]
pub struct Desktop {
    // Dropped first to last: programs end before their folder goes.
    programs: Vec<Process>,
    display: String,
    folder: TempDir,
    keep_logs: Option<PathBuf>,
}

impl Desktop {
    /// Starts display, bus, keyring and notification daemon. Logs are copied to `keep_logs` at the end.
    pub async fn start(keep_logs: Option<PathBuf>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("uc-").tempdir()?;
        let mut desktop = Self {
            programs: Vec::new(),
            display: String::new(),
            folder,
            keep_logs,
        };
        desktop.make_folders()?;
        desktop.start_display().await?;
        desktop.start_bus().await?;
        desktop.start_keyring().await?;
        desktop.start_notifications().await?;
        Ok(desktop)
    }

    /// The private folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the private folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its display's name: `:7`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Where programs' words go.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.path("logs")
    }

    /// Where the notification daemon writes what it shows.
    #[must_use]
    pub fn shown_notifications(&self) -> PathBuf {
        self.path("notifications")
    }

    /// A command that runs on this desktop and knows of no other.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C.UTF-8")
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("XDG_RUNTIME_DIR", self.path("runtime"))
            .env("DBUS_SESSION_BUS_ADDRESS", self.bus_address())
            .env("DISPLAY", &self.display)
            // Without a graphics device the window stays white with the faster renderer.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            // The private bus has no accessibility bus to start.
            .env("NO_AT_BRIDGE", "1");
        command
    }

    fn bus_address(&self) -> String {
        format!("unix:path={}", self.path("bus").display())
    }

    fn make_folders(&self) -> Result<()> {
        for name in [
            "logs", "home", "tmp", "config", "data", "cache", "state", "runtime",
        ] {
            fs::create_dir(self.path(name))?;
        }
        fs::set_permissions(self.path("runtime"), fs::Permissions::from_mode(0o700))?;
        Ok(())
    }

    async fn start_display(&mut self) -> Result<()> {
        let number = self.path("display");
        let file = fs::File::create(&number)?;
        let mut command = self.command("sh");
        command
            .args([
                "-c",
                "exec Xvfb -displayfd 3 -screen 0 1640x1000x24 -nolisten tcp 3>display",
            ])
            .current_dir(self.folder());
        drop(file);
        let mut display = Process::start("display", command, &self.logs())?;
        self.display = display
            .until("a display", async || {
                let text = fs::read_to_string(&number)?;
                Ok(text.ends_with('\n').then(|| format!(":{}", text.trim())))
            })
            .await?;
        self.programs.push(display);
        Ok(())
    }

    async fn start_bus(&mut self) -> Result<()> {
        let configuration = self.path("bus.xml");
        let socket = self.path("bus");
        let text = BUS_CONFIGURATION.replace("BUS", &socket.to_string_lossy());
        fs::write(&configuration, text)?;
        let mut command = self.command("dbus-daemon");
        command
            .arg("--nofork")
            .arg("--config-file")
            .arg(&configuration);
        let mut bus = Process::start("bus", command, &self.logs())?;
        bus.until("the session bus", async || {
            Ok(socket.exists().then_some(()))
        })
        .await?;
        self.programs.push(bus);
        Ok(())
    }

    async fn start_keyring(&mut self) -> Result<()> {
        let mut command = self.command("gnome-keyring-daemon");
        command
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped());
        let mut keyring = Process::start("keyring", command, &self.logs())?;
        let mut password = keyring.take_stdin().expect("stdin was piped");
        password.write_all(KEYRING_PASSWORD)?;
        drop(password);
        self.wait_for_name("org.freedesktop.secrets").await?;
        self.programs.push(keyring);
        Ok(())
    }

    async fn start_notifications(&mut self) -> Result<()> {
        let script = self.path("tell");
        let configuration = self.path("dunstrc");
        write_program(&script, &tell_script(&self.shown_notifications()))?;
        fs::write(&configuration, dunst_configuration(&script))?;
        fs::write(self.shown_notifications(), "")?;
        let mut command = self.command("dunst");
        command.arg("-config").arg(&configuration);
        let daemon = Process::start("dunst", command, &self.logs())?;
        self.wait_for_name("org.freedesktop.Notifications").await?;
        self.programs.push(daemon);
        Ok(())
    }

    async fn wait_for_name(&self, name: &str) -> Result<()> {
        wait::until_true(name, wait::SOON, async || {
            let mut command = self.command("gdbus");
            command.args(["call", "--session"]);
            command.args(["--dest", "org.freedesktop.DBus"]);
            command.args(["--object-path", "/org/freedesktop/DBus"]);
            command.args(["--method", "org.freedesktop.DBus.NameHasOwner", name]);
            Ok(output_of(command)?.contains("true"))
        })
        .await
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if let Some(target) = &self.keep_logs {
            // Logs help to read a failure; without them the failure still stands.
            let _ = copy_files(&self.logs(), target);
        }
    }
}

/// Writes a script that can be started.
pub fn write_program(path: &Path, text: &str) -> Result<()> {
    let file = |source| Failure::File {
        path: path.to_owned(),
        source,
    };
    fs::write(path, text).map_err(file)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(file)
}

/// One line a notification, its parts between unit separators: what the daemon itself was told to show.
fn tell_script(target: &Path) -> String {
    format!(
        "#!/bin/sh\nprintf '%s\\037%s\\037%s\\037%s\\036\\n' \"$DUNST_ID\" \"$DUNST_APP_NAME\" \"$DUNST_SUMMARY\" \"$DUNST_BODY\" >> '{}'\n",
        target.display()
    )
}

fn dunst_configuration(script: &Path) -> String {
    format!(
        "[global]\ntimeout = 0\nfollow = none\nwidth = 400\nhistory_length = 100\nidle_threshold = 0\n\
         [urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n[urgency_critical]\ntimeout = 0\n\
         [tell]\nsummary = \"*\"\nscript = {}\n",
        script.display()
    )
}

fn copy_files(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
