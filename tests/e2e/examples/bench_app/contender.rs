//! What is started and looked at: the app, a window with nothing behind it, and a browser with the same interface.

use std::{path::PathBuf, time::Instant};

use anyhow::{Context as _, Result};
use uc_e2e::{
    bridge,
    desktop::Desktop,
    process::Process,
    products::{interface, programs_folder},
};

use crate::screen::Screen;

/// Nobody listens there: what is shown comes from the store.
const NO_PORTAL: &str = "https://127.0.0.1:9";

/// A program that shows a window.
#[derive(Debug, Clone)]
pub(crate) enum Contender {
    /// A window with a page and nothing behind it.
    Bare,
    /// The app on a profile.
    App(PathBuf),
    /// Chromium's app window with the same interface, and the core behind the development bridge.
    Browser(PathBuf),
}

/// What a start took.
pub(crate) struct Started {
    /// Until the first words were painted.
    pub(crate) milliseconds: f64,
    processes: Vec<Process>,
}

impl Started {
    /// The processes that were started, which started others.
    pub(crate) fn ids(&self) -> Vec<u32> {
        self.processes.iter().map(Process::id).collect()
    }
}

impl Contender {
    /// Starts it and waits for its first words.
    pub(crate) async fn start(&self, desktop: &Desktop, screen: &Screen) -> Result<Started> {
        screen.empty().await?;
        let begun = Instant::now();
        let processes = match self {
            Self::Bare => vec![window(desktop, "bare", &named("UC_BARE")?)?],
            Self::App(profile) => vec![app(desktop, profile)?],
            Self::Browser(profile) => browser(desktop, profile).await?,
        };
        let painted = screen.text().await?;
        Ok(Started {
            milliseconds: painted.duration_since(begun).as_secs_f64() * 1000.0,
            processes,
        })
    }
}

fn window(desktop: &Desktop, name: &str, program: &PathBuf) -> Result<Process> {
    Ok(Process::start(
        name,
        desktop.command(program),
        &desktop.logs(),
    )?)
}

fn app(desktop: &Desktop, profile: &PathBuf) -> Result<Process> {
    let mut command = desktop.command(named("UC_APP")?);
    command
        .env("UC_PROFILE_DIR", profile)
        .env("UC_PORTAL_URL", NO_PORTAL);
    Ok(Process::start("app", command, &desktop.logs())?)
}

/// The core first: the browser is told its address.
async fn browser(desktop: &Desktop, profile: &PathBuf) -> Result<Vec<Process>> {
    let mut command = desktop.command(programs_folder()?.join("../uc-devbridge"));
    command
        .env("UC_PROFILE_DIR", profile)
        .env("UC_PORTAL_URL", NO_PORTAL)
        .args(["--listen", "127.0.0.1:0", "--dist"])
        .arg(interface());
    let mut core = Process::start("bridge", command, &desktop.logs())?;
    let address = bridge::address(&mut core).await?;
    let mut command = desktop.command("chromium");
    command
        .args([
            "--no-sandbox",
            "--no-first-run",
            "--disable-gpu",
            "--disable-sync",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args(["--window-position=0,0", "--window-size=1180,800"])
        .arg(format!(
            "--user-data-dir={}",
            desktop.path("contender").display()
        ))
        .arg(format!("--app={address}"));
    let viewer = Process::start("viewer", command, &desktop.logs())?;
    Ok(vec![viewer, core])
}

fn named(variable: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable).with_context(|| format!("{variable} is not set"))?;
    Ok(path.into())
}
