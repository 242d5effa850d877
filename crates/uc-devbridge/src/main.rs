//! `uc-devbridge --dist frontend/dist --listen 127.0.0.1:1421`: the interface in a browser, over a real core.
//!
//! Development and tests only: whoever reaches the port acts for the person. It listens on loopback and answers only
//! requests for that very host.

mod routes;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context as _, ensure};
use clap::Parser;

/// Serves the interface and the command table on loopback.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Example: uc-devbridge --dist frontend/dist --listen 127.0.0.1:1421"
)]
struct Arguments {
    /// Where to listen; loopback only.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The built interface.
    #[arg(long)]
    dist: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    ensure!(
        arguments.listen.ip().is_loopback(),
        "the bridge listens on loopback only"
    );
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    // Fails only when the same provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let core = uc_platform::start(uc_platform::Profile::from_env()?).await?;
    let listener = tokio::net::TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address = listener.local_addr()?;
    announce(address);
    axum::serve(listener, routes::router(core, &arguments.dist, address)).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the address is this program's output")]
fn announce(address: SocketAddr) {
    println!("http://{address}");
}
