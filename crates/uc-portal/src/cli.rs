//! Verbs of the command line. Output for programs is JSON, one object a line; logs go to stderr.

use std::{
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Serialize;
use uc_portal::{
    Config, RunningPortal, Times, config::DEFAULT_LISTEN, data_dir, demo, oidc::NoncePolicy,
};

mod applications;
mod journal;
mod post;
mod registry;

/// Reference portal of the unified client.
#[derive(Parser)]
#[command(name = "uc-portal", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Runs the portal until SIGTERM or Ctrl-C.
    #[command(
        after_help = "Example:\n  uc-portal serve --data-dir ~/.local/share/uc-portal --demo --demo-speed 3600"
    )]
    Serve(Box<Serve>),
    /// Prints the demo citizens and their passwords, one JSON object a line.
    #[command(after_help = "Example:\n  uc-portal demo-users")]
    DemoUsers,
    /// Looks at the applications.
    #[command(subcommand)]
    Applications(applications::Verb),
    /// Looks at the journal of authentication.
    #[command(subcommand)]
    Journal(journal::Verb),
    /// Changes and shows who acts in which role.
    #[command(subcommand)]
    Registry(registry::Verb),
    /// Prints the version.
    #[command(after_help = "Example:\n  uc-portal version")]
    Version,
}

#[derive(Args)]
struct Serve {
    /// Directory of the database, its key, and the certificates. Made when absent.
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// Address to listen on. With port 0 the port of the last run is taken again.
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_LISTEN)]
    listen: SocketAddr,
    /// Allow an address that other machines reach; needs --public-host.
    #[arg(long, requires = "public_host")]
    allow_remote: bool,
    /// The host name by which clients reach the portal, when it is not its loopback address.
    #[arg(long, value_name = "HOST")]
    public_host: Option<String>,
    /// Directory of catalogue files to publish in place of those in the program.
    #[arg(long, value_name = "DIR")]
    catalogue: Option<PathBuf>,
    /// File of clients beside the product's own, written like clients.example.toml.
    #[arg(long, value_name = "PATH")]
    clients: Option<PathBuf>,
    /// File of identity providers that people may sign in at, written like identity-providers.example.toml.
    #[arg(long, value_name = "PATH")]
    identity_providers: Option<PathBuf>,
    /// Seed invented citizens whose passwords everybody knows.
    #[arg(long)]
    demo: bool,
    /// How many times faster than real the agencies work.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "demo",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    demo_speed: u32,
    /// Whether clients' proofs of possession must hold a nonce of the portal's (RFC 9449 §8).
    #[arg(long, value_name = "POLICY", value_enum, default_value = "demanded")]
    dpop_nonces: DpopNonces,
    /// File to write the ready line to, whole or not at all.
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
    /// File with the database key: 96 hexadecimal digits. Without it, portal.key in the data directory is used.
    #[arg(long, value_name = "PATH", env = "PORTAL_KEY_FILE")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    post: post::PostOptions,
}

#[derive(Clone, Copy, ValueEnum)]
enum DpopNonces {
    /// Nobody can make proofs ahead of their time; the first request of a client is answered with a nonce.
    Demanded,
    /// A proof without a nonce is taken, too.
    Offered,
}

impl From<DpopNonces> for NoncePolicy {
    fn from(policy: DpopNonces) -> Self {
        match policy {
            DpopNonces::Demanded => Self::Demanded,
            DpopNonces::Offered => Self::Offered,
        }
    }
}

/// The line that says that the portal listens.
#[derive(Serialize)]
struct Ready<'a> {
    issuer: &'a str,
    ca: &'a std::path::Path,
    pid: u32,
    demo: bool,
}

/// A demo citizen as `demo-users` prints it.
#[derive(Serialize)]
struct DemoUser<'a> {
    phone: Option<&'a str>,
    email: Option<&'a str>,
    snils: Option<&'a str>,
    password: &'a str,
    name: String,
    role: Option<&'a str>,
}

/// Does what the command line says. 0: done; 1: failed; 2: the command line is wrong.
pub(crate) fn run() -> ExitCode {
    let verb = Cli::parse().verb;
    log_to_stderr();
    let done = match verb {
        Verb::Serve(options) => serve(*options),
        Verb::DemoUsers => demo_users(),
        Verb::Applications(verb) => applications::run(verb),
        Verb::Journal(verb) => journal::run(verb),
        Verb::Registry(verb) => registry::run(verb),
        Verb::Version => print(concat!("uc-portal ", env!("CARGO_PKG_VERSION"))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.init();
    } else {
        log.json().init();
    }
}

#[tokio::main]
async fn serve(options: Serve) -> anyhow::Result<()> {
    if !options.listen.ip().is_loopback() && !options.allow_remote {
        bail!(
            "{} is no loopback address: add --allow-remote",
            options.listen
        );
    }
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("another TLS provider is in place"))?;
    let stop = stop_signal()?;
    let (demo, ready_file) = (options.demo, options.ready_file.clone());
    let running = uc_portal::spawn(config(options)?).await?;
    announce(&running, demo, ready_file)?;
    stop.await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

fn config(options: Serve) -> anyhow::Result<Config> {
    let times = Times::Real {
        agency_speed: options.demo_speed,
    };
    Ok(Config {
        routes: options.post.routes(options.demo)?,
        listen: options.listen,
        public_host: options.public_host,
        key_file: options.key_file,
        catalogue: options.catalogue,
        clients: options.clients,
        identity_providers: options.identity_providers,
        demo: options.demo,
        dpop_nonces: options.dpop_nonces.into(),
        ..Config::demo(options.data_dir, times)
    })
}

fn announce(
    running: &RunningPortal,
    demo: bool,
    ready_file: Option<PathBuf>,
) -> anyhow::Result<()> {
    let line = serde_json::to_string(&Ready {
        issuer: running.issuer(),
        ca: running.ca_path(),
        pid: std::process::id(),
        demo,
    })?;
    if demo {
        tracing::info!("demo citizens are seeded; `uc-portal demo-users` prints their passwords");
    }
    print(&line)?;
    if let Some(path) = ready_file {
        data_dir::write_atomically(&path, line.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn demo_users() -> anyhow::Result<()> {
    for person in demo::persons()? {
        let profile = &person.profile;
        print(&serde_json::to_string(&DemoUser {
            phone: profile.phone.as_ref().map(uc_model::Phone::as_str),
            email: profile.email.as_deref(),
            snils: profile.snils.as_ref().map(uc_model::Snils::as_str),
            password: &person.password,
            name: format!("{} {}", profile.first_name, profile.last_name),
            role: person.staff.as_deref(),
        })?)?;
    }
    Ok(())
}

fn print(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Listens for the signals from now on; ends with the first.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature is that of the other systems"
)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler there is nothing to wait for but the process's end.
        let _ = tokio::signal::ctrl_c().await;
    })
}
