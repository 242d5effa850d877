//! The portal as a process, reached through a relay that can lose its replies.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use crate::{
    Failure, Result,
    desktop::Desktop,
    fault_proxy::FaultProxy,
    process::{Process, output_of},
    wait,
};

/// Where the portal itself listens; clients know the relay at [`Ipv4Addr::LOCALHOST`] with the same port.
const BEHIND: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// The portal's line when it listens.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    /// Its base address, as clients know it.
    pub issuer: String,
    /// The certificate authority to trust.
    pub ca: PathBuf,
}

/// A citizen of the demo.
#[derive(Debug, Clone, Deserialize)]
pub struct Citizen {
    /// What to sign in with.
    pub phone: String,
    /// Known to everybody.
    pub password: String,
    /// Given name and surname.
    pub name: String,
    /// СНИЛС.
    #[serde(default)]
    pub snils: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// The role of somebody who works for the portal.
    #[serde(default)]
    pub role: Option<String>,
}

/// Applications in the portal's database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Count {
    /// Applications.
    pub applications: u64,
    /// Forms accepted for them: corrections count again, a form accepted twice would too.
    pub submissions: u64,
}

/// A portal with its data; it can be stopped, killed and started again on the same address.
#[derive(Debug)]
pub struct Portal {
    program: PathBuf,
    data: PathBuf,
    ready_file: PathBuf,
    logs: PathBuf,
    speed: u32,
    ready: Ready,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    process: Process,
    relay: FaultProxy,
}

impl Portal {
    /// Starts a portal with demo citizens, whose agencies work `speed` times faster than real ones.
    pub async fn start(desktop: &Desktop, program: &Path, speed: u32) -> Result<Self> {
        let mut portal = Self {
            program: program.to_owned(),
            data: desktop.path("portal"),
            ready_file: desktop.path("portal.ready"),
            logs: desktop.logs(),
            speed,
            ready: Ready {
                issuer: String::new(),
                ca: PathBuf::new(),
            },
            running: None,
        };
        portal.start_again(desktop).await?;
        Ok(portal)
    }

    /// Starts it with the data of its last run.
    pub async fn start_again(&mut self, desktop: &Desktop) -> Result<()> {
        // Left from the last run, if there was one.
        let _ = fs::remove_file(&self.ready_file);
        let mut process = Process::start("portal", self.serve(desktop), &self.logs)?;
        let ready_file = &self.ready_file;
        self.ready = process
            .until("the portal", async || read(ready_file))
            .await?;
        let relay = FaultProxy::start(self.address()?, self.behind()?).await?;
        self.running = Some(Running { process, relay });
        Ok(())
    }

    /// Its base address, as clients know it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.ready.issuer
    }

    /// The certificate authority to trust for it.
    #[must_use]
    pub fn authority(&self) -> &Path {
        &self.ready.ca
    }

    /// Stops it as an operator does (SIGTERM).
    pub async fn stop(&mut self) -> Result<()> {
        match self.running.take() {
            Some(running) => {
                running.relay.cut();
                running.process.terminate(wait::PATIENT).await
            }
            None => Ok(()),
        }
    }

    /// Ends it as a power cut does (SIGKILL).
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// The relay in front of it.
    pub fn relay(&self) -> Result<&FaultProxy> {
        self.running
            .as_ref()
            .map(|running| &running.relay)
            .ok_or_else(|| Failure::Unmet("the portal does not run".into()))
    }

    /// The demo's citizens and those who work for it, as the portal prints them.
    pub fn citizens(&self, desktop: &Desktop) -> Result<Vec<Citizen>> {
        citizens(desktop, &self.program)
    }

    /// What lies in its database now, for one public service or in all; the portal may be running.
    pub fn count(&self, desktop: &Desktop, service: Option<&str>) -> Result<Count> {
        let mut command = desktop.command(&self.program);
        command
            .args(["applications", "count", "--data-dir"])
            .arg(&self.data);
        if let Some(service) = service {
            command.args(["--service", service]);
        }
        Ok(serde_json::from_str(&output_of(command)?)?)
    }

    fn serve(&self, desktop: &Desktop) -> Command {
        let mut command = desktop.command(&self.program);
        command
            .arg("serve")
            .args(["--demo", "--demo-speed", &self.speed.to_string()])
            .args(["--listen", &format!("{BEHIND}:0")])
            .args(["--public-host", &Ipv4Addr::LOCALHOST.to_string()])
            .arg("--data-dir")
            .arg(&self.data)
            .arg("--ready-file")
            .arg(&self.ready_file);
        command
    }

    fn behind(&self) -> Result<SocketAddr> {
        Ok((BEHIND, self.address()?.port()).into())
    }

    fn address(&self) -> Result<SocketAddr> {
        self.ready
            .issuer
            .strip_prefix("https://")
            .and_then(|address| address.parse().ok())
            .ok_or_else(|| Failure::Unmet(format!("{} is no loopback issuer", self.ready.issuer)))
    }
}

/// A portal with a name, as passkeys need it: `localhost`. Nothing stands between it and its clients.
#[derive(Debug)]
pub struct NamedPortal {
    program: PathBuf,
    ready: Ready,
    _process: Process,
}

impl NamedPortal {
    /// Starts it with demo citizens.
    pub async fn start(desktop: &Desktop, program: &Path) -> Result<Self> {
        let ready_file = desktop.path("named.ready");
        let mut command = desktop.command(program);
        command
            .args(["serve", "--demo", "--public-host", "localhost"])
            .args(["--listen", &format!("{}:0", Ipv4Addr::LOCALHOST)])
            .arg("--data-dir")
            .arg(desktop.path("named-portal"))
            .arg("--ready-file")
            .arg(&ready_file);
        let mut process = Process::start("named-portal", command, &desktop.logs())?;
        let ready = process
            .until("the portal", async || read(&ready_file))
            .await?;
        Ok(Self {
            program: program.to_owned(),
            ready,
            _process: process,
        })
    }

    /// Its base address.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.ready.issuer
    }

    /// The certificate authority to trust for it.
    #[must_use]
    pub fn authority(&self) -> &Path {
        &self.ready.ca
    }

    /// The demo's citizens.
    pub fn citizens(&self, desktop: &Desktop) -> Result<Vec<Citizen>> {
        citizens(desktop, &self.program)
    }
}

/// The portal's line, once it listens.
fn read(ready_file: &Path) -> Result<Option<Ready>> {
    match fs::read(ready_file) {
        Ok(line) => Ok(Some(serde_json::from_slice(&line)?)),
        Err(_) => Ok(None),
    }
}

/// The demo's citizens and those who work for it, as the portal prints them.
fn citizens(desktop: &Desktop, program: &Path) -> Result<Vec<Citizen>> {
    let mut command = desktop.command(program);
    command.arg("demo-users");
    let lines = output_of(command)?;
    lines
        .lines()
        .map(|line| Ok(serde_json::from_str(line)?))
        .collect()
}
