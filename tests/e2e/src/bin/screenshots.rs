//! `screenshots`: every screen in every look, judged.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::Parser;
use uc_e2e::{
    failure::chain,
    products::{fresh_folder, repository},
    screens::{self, Verdict},
};

/// Looks at every screen in two languages, two themes, two sizes of text and two widths; fails when anything is wrong.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example: cargo xtask screenshots -- target/screens"
)]
struct Arguments {
    /// Where pictures and logs go; emptied first
    #[arg(default_value_os_t = repository().join("target/screens"))]
    output: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let output = match fresh_folder(&arguments.output) {
        Ok(output) => output,
        Err(failure) => return fail(&chain(&failure)),
    };
    let tell = |screen: &str, took: std::time::Duration| {
        say(&format!("  {screen}: {:.1} s", took.as_secs_f64()));
    };
    match screens::run(output, tell).await {
        Ok(verdict) => conclude(&verdict),
        Err(failure) => fail(&chain(&failure)),
    }
}

fn conclude(verdict: &Verdict) -> ExitCode {
    for finding in &verdict.findings {
        say(finding);
    }
    let word = if verdict.findings.is_empty() {
        "ok"
    } else {
        "short"
    };
    say(&format!(
        "screens: {} findings on {} screens, {} pictures, {} texts and {} elements seen (goal 0) {word}",
        verdict.findings.len(),
        verdict.screens,
        verdict.pictures,
        verdict.texts,
        verdict.elements
    ));
    if verdict.findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn fail(words: &str) -> ExitCode {
    say(words);
    ExitCode::FAILURE
}

fn say(words: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody is left to tell when standard output is gone.
    let _ = writeln!(out, "{words}").and_then(|()| out.flush());
}
