//! Builds, runs and checks the product: `cargo xtask <verb>`.

mod bench;
mod cache;
mod check_targets;
mod ci;
mod conformance;
mod consent;
mod demo;
mod desktop_session;
mod dev;
mod exact_tools;
mod faults;
mod first_screen;
mod fresh_machine;
mod frontend;
mod fuzz;
mod judges;
mod lint;
mod portal;
mod process;
mod products;
mod report;
mod requirements;
mod run;
mod screenshots;
mod system_packages;
mod test;
mod test_names;
mod trust;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs and checks «Единый клиент».
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Run(run::Options),
    Test(test::Options),
    Lint(lint::Options),
    Ci(ci::Options),
    CheckTargets(check_targets::Options),
    Dev(dev::Options),
    Frontend(frontend::Options),
    Demo(demo::Options),
    Bench(bench::Options),
    Faults(faults::Options),
    Fuzz(fuzz::Options),
    Trust(trust::Options),
    Screenshots(screenshots::Options),
    Requirements(requirements::Options),
    Conformance(conformance::Options),
    FreshMachine(fresh_machine::Options),
}

impl Verb {
    fn carry_out(self) -> anyhow::Result<()> {
        match self {
            Self::Run(options) => run::run(&options),
            Self::Test(options) => test::run(&options),
            Self::Lint(options) => lint::run(&options),
            Self::Ci(options) => ci::run(&options),
            Self::CheckTargets(options) => check_targets::run(&options),
            Self::Dev(options) => dev::run(&options),
            Self::Frontend(options) => frontend::run(&options),
            Self::Demo(options) => demo::run(&options),
            Self::Bench(options) => bench::run(&options),
            Self::Faults(options) => faults::run(&options),
            Self::Fuzz(options) => fuzz::run(&options),
            Self::Trust(options) => trust::run(&options),
            Self::Screenshots(options) => screenshots::run(&options),
            Self::Requirements(options) => requirements::run(&options),
            Self::Conformance(options) => conformance::run(&options),
            Self::FreshMachine(options) => fresh_machine::run(&options),
        }
    }
}

fn main() -> ExitCode {
    match Arguments::parse().verb.carry_out() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::complain(format_args!("error: {error:#}"));
            ExitCode::from(if error.is::<consent::Needed>() { 2 } else { 1 })
        }
    }
}
