//! Token issuance beside npm `oidc-provider`, and password logins beside the bare hash, in one run.
//!
//! Both servers are processes of their own and answer the same client over HTTP/1.1 and TLS 1.3 on loopback: ID tokens of
//! ES256, opaque access tokens, rotated refresh tokens, once bearer and once bound to a key (`DPoP`) with nonces. What counts
//! is each process's own processor time. The portal stores every token on disk, encrypted and synced; the provider has its
//! adapter in memory.
//!
//! `cargo xtask bench identity [-- --json FILE --strict --rounds 5 --renewals 60 --logins 20]`

#![expect(
    clippy::print_stdout,
    reason = "a measuring program speaks through its output"
)]

mod cpu;
mod issuance;
mod logins;
mod network;
mod server;
mod session;

use std::{fs, path::PathBuf};

use clap::Parser;
use issuance::Issuance;
use logins::SignIns;
use serde::Serialize;
use server::Server;
use uc_interop::provider::Tokens;

const ISSUANCE_GOAL: f64 = 3.0;
const LOGIN_GOAL: f64 = 0.9;

/// Measures the portal's OpenID provider.
#[derive(Parser)]
struct Options {
    /// Writes all figures to a file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where a goal is missed.
    #[arg(long)]
    strict: bool,
    /// Rounds that count.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Renewals of each session in a round.
    #[arg(long, default_value_t = 60)]
    renewals: u32,
    /// Sign-ins in a round.
    #[arg(long, default_value_t = 20)]
    logins: u32,
}

#[derive(Serialize)]
struct Report {
    judge: String,
    issuance: Vec<Issuance>,
    sign_ins: SignIns,
    portal_mib: f64,
    provider_mib: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    // Fails when it is installed, which it is not yet.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let report = measure(&options).await?;
    println!("beside {}, whose tokens are in memory alone", report.judge);
    for issuance in &report.issuance {
        println!(
            "    {:<6} portal {:.0}, provider {:.0} tokens per second of processor time",
            issuance.tokens,
            issuance.portal.per_second(),
            issuance.provider.per_second()
        );
    }
    let sign_ins = &report.sign_ins;
    println!(
        "    bare hashes {:.1}, password logins {:.1}, whole sign-ins {:.1} per second of processor time",
        sign_ins.bare.per_second(),
        sign_ins.by_password.per_second(),
        sign_ins.whole.per_second()
    );
    println!(
        "    most memory: portal {:.0} MiB, provider {:.0} MiB",
        report.portal_mib, report.provider_mib
    );
    finish(&report, &options)
}

async fn measure(options: &Options) -> anyhow::Result<Report> {
    let folder = tempfile::tempdir()?;
    let portal = Server::portal(&folder.path().join("portal")).await?;
    let mut issuance = Vec::new();
    let (mut judge, mut provider_mib) = (String::new(), 0.0);
    for tokens in [Tokens::Bearer, Tokens::BoundWithNonce] {
        let (provider, name) = Server::provider(folder.path(), tokens).await?;
        let (rounds, times) = (options.rounds, options.renewals);
        issuance.push(issuance::measure(&portal, &provider, tokens, rounds, times).await?);
        provider_mib = cpu::peak_memory(provider.process)?;
        judge = name;
    }
    Ok(Report {
        judge,
        issuance,
        // Before the logins of the next step; those of the sessions' openings are in it.
        portal_mib: cpu::peak_memory(portal.process)?,
        provider_mib,
        sign_ins: logins::measure(&portal, options.rounds, options.logins).await?,
    })
}

fn finish(report: &Report, options: &Options) -> anyhow::Result<()> {
    if let Some(path) = &options.json {
        fs::write(path, serde_json::to_vec_pretty(report)?)?;
    }
    let mut good = true;
    let mut line = |name: &str, figure: f64, goal: &str, holds: bool| {
        good &= holds;
        let verdict = if holds { "ok" } else { "short" };
        println!("{name}: {figure:.2} (goal {goal}) {verdict}");
    };
    for issuance in &report.issuance {
        let (name, ratio) = (issuance.tokens, issuance.ratio());
        let goal = format!(">= {ISSUANCE_GOAL}");
        line(
            &format!("identity-tokens-{name}"),
            ratio,
            &goal,
            ratio >= ISSUANCE_GOAL,
        );
    }
    let login = report.sign_ins.ratio(report.sign_ins.by_password);
    line(
        "identity-password-login",
        login,
        &format!(">= {LOGIN_GOAL}"),
        login >= LOGIN_GOAL,
    );
    anyhow::ensure!(good || !options.strict, "a goal is missed");
    Ok(())
}
