//! `bench`: measurements, each a program of the crate that it measures.

use anyhow::Result;
use clap::ValueEnum;

use crate::consent::Consent;
use crate::system_packages::{self, Purpose};
use crate::{process, products, workspace};

/// Measures a part of the product and prints figures with their goals.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask bench search
  cargo xtask bench crypt -- --services 100000
  cargo xtask bench app -- --starts 11
  cargo xtask bench identity -- --strict --json target/identity.json

Ends with lines `NAME: figure (goal …) ok|short`; exits 0 when measured, with --strict 1 when a goal is missed.")]
pub(crate) struct Options {
    /// What to measure
    what: Measured,
    /// Passed on to the measuring program
    #[arg(last = true)]
    arguments: Vec<String>,
    /// Install what is missing without asking (as with CI=true)
    #[arg(long)]
    yes: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Measured {
    /// Search in the catalogue beside plain FTS5, tantivy, PostgreSQL, minisearch and flexsearch, and whether the right
    /// service comes first
    Search,
    /// Keeping the catalogue in step beside the replication of npm `PouchDB`
    Sync,
    /// The encrypted catalogue beside the same in a plain file
    Crypt,
    /// Start and memory of the app beside a window with nothing behind it and beside Chromium's app window
    App,
    /// Tokens of the portal beside those of npm oidc-provider, and sign-ins beside the bare password hash
    Identity,
}

impl Measured {
    fn example(self) -> &'static str {
        match self {
            Self::Search => "bench_search",
            Self::Sync => "bench_sync",
            Self::Crypt => "bench_crypt",
            Self::App => "bench_app",
            Self::Identity => "bench_identity",
        }
    }

    /// What cargo builds, all as it ships: the measuring program and what it starts.
    fn targets(self) -> &'static [&'static str] {
        match self {
            // Always beside the portal's program, whose features are then the same: else its library is built again.
            Self::Search => &[
                "-p",
                "uc-interop",
                "--example",
                "bench_search",
                "-p",
                "uc-portal",
                "--bin",
                "uc-portal",
            ],
            Self::Sync => &[
                "-p",
                "uc-interop",
                "--example",
                "bench_sync",
                "-p",
                "uc-portal",
                "--bin",
                "uc-portal",
            ],
            Self::Crypt => &[
                "-p",
                "uc-store",
                "--features",
                "unkeyed",
                "--example",
                "bench_crypt",
            ],
            Self::App => &[
                "-p",
                "uc-e2e",
                "--example",
                "bench_app",
                "-p",
                "uc-shell",
                "--bin",
                "edinyi-klient",
                "--example",
                "bare_window",
                "--features",
                "uc-shell/custom-protocol",
                "-p",
                "uc-devbridge",
                "--bin",
                "uc-devbridge",
            ],
            Self::Identity => &[
                "-p",
                "uc-interop",
                "--example",
                "bench_identity",
                "-p",
                "uc-portal",
                "--bin",
                "uc-portal",
            ],
        }
    }

    fn needs(self) -> &'static [Purpose] {
        match self {
            Self::Crypt => &[],
            Self::App => &[Purpose::Headless, Purpose::WindowTests],
            Self::Search => &[Purpose::Judges, Purpose::Peers],
            Self::Identity | Self::Sync => &[Purpose::Judges],
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let consent = Consent::from_flag(options.yes);
    let what = options.what;
    products::ensure_can_build(consent)?;
    system_packages::ensure_present(what.needs(), consent)?;
    if matches!(what, Measured::App) {
        products::build_measured_frontend()?;
    }
    process::run_quietly(
        "building it",
        workspace::cargo()
            .args(["build", "--release"])
            .args(what.targets()),
    )?;
    let program = workspace::built_for_release(&format!("examples/{}", what.example()));
    process::run_shown(
        what.example(),
        workspace::program(&program.to_string_lossy())
            .env("UC_PORTAL", workspace::built_for_release("uc-portal"))
            .env("UC_APP", workspace::built_for_release("edinyi-klient"))
            .env(
                "UC_BARE",
                workspace::built_for_release("examples/bare_window"),
            )
            .args(&options.arguments),
    )
}
