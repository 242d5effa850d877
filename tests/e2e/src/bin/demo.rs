//! `demo`: the main job in the real window, a line a step.

use std::{
    io::Write as _,
    path::PathBuf,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::Parser;
use uc_e2e::{
    failure::chain,
    main_job::{self, Broken, Held, Step},
    products::{fresh_folder, repository},
};

/// Runs the main job in the real window and prints a line a step; ends with the first step that does not hold.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example: cargo xtask demo -- --output target/demo"
)]
struct Arguments {
    /// Where pictures and logs go; emptied first
    #[arg(long, default_value_os_t = repository().join("target/demo"))]
    output: PathBuf,
    /// Chooses the marker words; printed, so that a run can be repeated
    #[arg(long)]
    seed: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let seed = arguments.seed.unwrap_or_else(seed_of_the_moment);
    say(&format!(
        "pictures: {}; seed {seed}",
        arguments.output.display()
    ));
    let output = match fresh_folder(&arguments.output) {
        Ok(output) => output,
        Err(failure) => return fail(&chain(&failure)),
    };
    match main_job::run(output, seed, |held| say(&line(held))).await {
        Ok(()) => {
            say(&format!("all {} steps hold", Step::ALL.len()));
            ExitCode::SUCCESS
        }
        Err(broken) => fail(&verdict(&broken)),
    }
}

fn line(held: &Held) -> String {
    let figures = if held.figures.is_empty() {
        String::new()
    } else {
        format!(" ({})", held.figures)
    };
    format!(
        "{}/{} {}{figures} … ok {:.1} s",
        held.place,
        Step::ALL.len(),
        held.step.title(),
        held.took.as_secs_f64()
    )
}

fn verdict(broken: &Broken) -> String {
    let why = chain(&broken.failure);
    match broken.step {
        None => format!("not begun: {why}"),
        Some(step) => {
            let place = Step::ALL.iter().position(|own| *own == step).unwrap_or(0) + 1;
            format!(
                "{place}/{} {} … FAILED: {why}",
                Step::ALL.len(),
                step.title()
            )
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the markers only have to differ from those of the last run"
)]
fn seed_of_the_moment() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    since.as_secs()
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
