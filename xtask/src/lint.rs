//! `lint`: everything that is checked without running the product.

mod capabilities;
mod dependencies;
mod invariants;
mod locales;
mod metadata;
mod release;
mod rust_source;
mod secrets;
mod sign_in;
mod tree;
mod words;

use std::fmt;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::consent::Consent;
use crate::products::{self, FrontendProfile};
use crate::{conformance, process, report, requirements, workspace};
#[cfg(test)]
pub(crate) use metadata::Package;
#[cfg(test)]
pub(crate) use tree::TextFile;
pub(crate) use tree::Tree;

/// Checks format, lints, docs, dependencies and the rules of the architecture.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask lint
  cargo xtask lint --only rules      the rules of the architecture alone: seconds, builds nothing")]
pub(crate) struct Options {
    /// Run these parts alone
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Install what is missing without asking (as with CI=true)
    #[arg(long)]
    yes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// cargo fmt --check
    Format,
    /// Invariants, capabilities, release hygiene, locales, requirement ids, wording
    Rules,
    /// clippy, native and wasm
    Clippy,
    /// cargo doc
    Docs,
    /// cargo-deny: licences, sources, bans, advisories
    Dependencies,
}

/// A rule that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    place: String,
    rule: String,
}

impl Fault {
    pub(crate) fn new(place: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            rule: rule.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let all = [
        Part::Format,
        Part::Rules,
        Part::Clippy,
        Part::Docs,
        Part::Dependencies,
    ];
    let mut failed = Vec::new();
    for part in all {
        if !options.only.is_empty() && !options.only.contains(&part) {
            continue;
        }
        report::stage(&format!("{part:?}").to_lowercase());
        if let Err(error) = check(part, Consent::from_flag(options.yes)) {
            report::say(format_args!("{error:#}"));
            failed.push(format!("{part:?}").to_lowercase());
        }
    }
    if failed.is_empty() {
        report::say("\nlint: all parts hold");
        return Ok(());
    }
    bail!("lint: {} failed", failed.join(", "))
}

fn check(part: Part, consent: Consent) -> Result<()> {
    match part {
        Part::Format => process::run_shown(
            "cargo fmt",
            workspace::cargo().args(["fmt", "--all", "--check"]),
        ),
        Part::Rules => check_rules(),
        Part::Clippy => check_clippy(consent),
        Part::Docs => check_docs(consent),
        Part::Dependencies => dependencies::check(),
    }
}

/// A rule set by its name, and what breaks it in a tree.
type Rules = (&'static str, fn(&Tree) -> Vec<Fault>);

const RULES: &[Rules] = &[
    ("invariants of the architecture", invariants::check),
    (
        "capabilities and window settings (IPC-04)",
        capabilities::check,
    ),
    ("secrets cannot be serialized", secrets::check),
    ("sign-in keeps its checks (RP-24, RP-26)", sign_in::check),
    ("release builds hold no test parts", release::check),
    ("locales say the same", locales::check),
    ("requirement ids are known", requirements::check_ids),
    ("conformance lists are in step", conformance::check),
    ("wording and places", words::check),
];

fn check_rules() -> Result<()> {
    let tree = Tree::read()?;
    let mut broken = 0;
    for (name, rules) in RULES {
        let faults = rules(&tree);
        let verdict = if faults.is_empty() { "ok" } else { "BROKEN" };
        report::say(format_args!("  {name}: {verdict}"));
        for fault in &faults {
            report::say(format_args!("    {fault}"));
        }
        broken += faults.len();
    }
    anyhow::ensure!(broken == 0, "{broken} rules are broken");
    Ok(())
}

/// The shell takes the built frontend into its binary, so it does not compile without one.
fn check_clippy(consent: Consent) -> Result<()> {
    products::ensure_can_build(consent)?;
    products::build_frontend(FrontendProfile::Dev)?;
    let native = [
        "clippy",
        "--workspace",
        "--exclude",
        "uc-frontend",
        "--all-targets",
        "--features",
        "uc-store/unkeyed",
    ];
    process::run_shown(
        "clippy",
        workspace::cargo()
            .args(native)
            .args(["--", "-D", "warnings"]),
    )?;
    let wasm = [
        "clippy",
        "-p",
        "uc-frontend",
        "-p",
        "uc-ipc",
        "-p",
        "uc-model",
    ];
    process::run_shown(
        "clippy for wasm",
        workspace::cargo().args(wasm).args([
            "--target",
            "wasm32-unknown-unknown",
            "--features",
            "uc-frontend/bridge,uc-frontend/gallery",
            "--",
            "-D",
            "warnings",
        ]),
    )
}

fn check_docs(consent: Consent) -> Result<()> {
    products::ensure_can_build(consent)?;
    products::build_frontend(FrontendProfile::Dev)?;
    let flags = [
        "doc",
        "--workspace",
        "--exclude",
        "uc-frontend",
        "--no-deps",
    ];
    process::run_shown(
        "cargo doc",
        workspace::cargo()
            .args(flags)
            .args(["--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}
