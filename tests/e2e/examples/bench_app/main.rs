//! From the start of the process to the first words on the display, and what that takes of memory: the app with an empty
//! store and with a full one, beside a window with nothing behind it and beside Chromium's app window with the same
//! interface. And the time from a key to the list that it leads to.
//!
//! No portal runs: what is shown comes from the store. The bare window has no WebAssembly, so the comparison is strict.
//!
//! `cargo xtask bench app [-- --json FILE --strict --starts 7 --services 100000 --applications 100000]`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measuring program speaks through its output, and what it fills a catalogue with is at hand"
)]

mod contender;
mod fill;
mod memory;
mod report;
mod screen;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, Subcommand};
use uc_e2e::{desktop::Desktop, process::output_of};

use self::{
    contender::Contender,
    report::{Figures, Report},
    screen::Screen,
};

/// How long a window stays before its memory is looked at.
const IDLE: Duration = Duration::from_secs(5);

/// Measures start and memory of the app.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    fill: Option<Fill>,
    /// Writes all figures to a file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where a goal is missed.
    #[arg(long)]
    strict: bool,
    /// Starts of each contender; the first is dropped.
    #[arg(long, default_value_t = 7)]
    starts: usize,
    /// Services in the full catalogue.
    #[arg(long, default_value_t = 100_000)]
    services: usize,
    /// Applications in the full vault.
    #[arg(long, default_value_t = 100_000)]
    applications: u32,
}

#[derive(Subcommand)]
enum Fill {
    #[command(hide = true)]
    Fill(fill::Options),
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(Fill::Fill(options)) = &arguments.fill {
        return fill::run(options).await;
    }
    let desktop = Desktop::start(None).await?;
    let screen = Screen::open(desktop.display())?;
    let empty = profile(&desktop, "empty", 0, 0)?;
    let full = profile(&desktop, "full", arguments.services, arguments.applications)?;
    let contenders = [
        ("bare", Contender::Bare),
        ("empty", Contender::App(empty)),
        ("full", Contender::App(full.clone())),
        ("browser", Contender::Browser(full.clone())),
    ];
    let mut report = Report::default();
    for round in 0..arguments.starts.max(2) {
        for (name, contender) in &contenders {
            let figures = start(contender, &desktop, &screen).await?;
            if round > 0 {
                report.starts.entry(name).or_default().push(figures);
            }
        }
    }
    let app = Contender::App(full).start(&desktop, &screen).await?;
    report.unlock_ms = unlock(&screen).await?;
    report.keys_ms = type_words(&screen).await?;
    drop(app);
    report.finish(arguments.json.as_deref(), arguments.strict)
}

/// Fills a profile by this program on the private desktop, whose keyring it takes.
fn profile(desktop: &Desktop, name: &str, services: usize, applications: u32) -> Result<PathBuf> {
    let profile = desktop.path(name);
    let mut command = desktop.command(std::env::current_exe()?);
    command
        .arg("fill")
        .arg(&profile)
        .args(["--services", &services.to_string()])
        .args(["--applications", &applications.to_string()]);
    output_of(command).with_context(|| format!("the profile «{name}»"))?;
    Ok(profile)
}

async fn start(contender: &Contender, desktop: &Desktop, screen: &Screen) -> Result<Figures> {
    let started = contender.start(desktop, screen).await?;
    tokio::time::sleep(IDLE).await;
    let mut mebibytes = 0.0;
    for id in started.ids() {
        mebibytes += memory::pss(id)?;
    }
    Ok(Figures {
        milliseconds: started.milliseconds,
        mebibytes,
    })
}

/// From Enter after the passcode to the home screen.
async fn unlock(screen: &Screen) -> Result<f64> {
    screen.settled().await?;
    screen.focus()?;
    screen.press(fill::PASSCODE)?;
    screen.settled().await?;
    let pressed = screen.press_key('\n')?;
    let painted = screen.turned().await?;
    Ok(painted.duration_since(pressed).as_secs_f64() * 1000.0)
}

/// Types words into the search, and says for each key how long it took until the list stood still.
async fn type_words(screen: &Screen) -> Result<Vec<f64>> {
    let mut taken = Vec::new();
    screen.press("/")?;
    screen.settled().await?;
    for word in ["passport", "certificate", "gfcgjhn"] {
        for key in word.chars() {
            let pressed = screen.press_key(key)?;
            if let Some(painted) = screen.settled().await? {
                taken.push(painted.duration_since(pressed).as_secs_f64() * 1000.0);
            }
        }
        for _ in word.chars() {
            screen.press("\u{8}")?;
        }
        screen.settled().await?;
    }
    ensure!(taken.len() > 15, "the keys led nowhere");
    Ok(taken)
}
