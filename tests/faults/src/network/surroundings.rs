//! What the surroundings of a process may not change (NW-08).

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use tokio::process::Command;
use uc_core::ports::{Http as _, Limits};
use uc_platform::{PortalSettings, RustlsHttp};

use super::{Row, answers, hostile::Hostile};
use crate::report::say;

/// Asks one address, as the app does.
#[derive(Debug, clap::Args)]
pub(crate) struct Probe {
    #[arg(long)]
    address: String,
    #[arg(long)]
    authority: PathBuf,
}

/// The program under other surroundings: prints what came of the request.
pub(crate) async fn probe(options: &Probe) -> Result<ExitCode> {
    // Fails when it is installed, which it is not yet.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = PortalSettings::new(&options.address, Some(&options.authority))?;
    let request = http::Request::get(&options.address).body(Vec::new())?;
    let answer = RustlsHttp::new(&settings)?
        .send(request, Limits::ANSWER)
        .await;
    say(&format!("{:?}", answer.map(|it| it.status().as_u16())));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn rows() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let (portal, stranger) = (
        Hostile::serve(answers::no_content()).await?,
        Hostile::serve(answers::no_content()).await?,
    );
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("authority.pem"), &portal.authority)?;
    std::fs::write(file("stranger.pem"), &stranger.authority)?;
    let ask = |address: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap_or_default());
        command.args(["network-probe", "--address", address, "--authority"]);
        command.arg(file("authority.pem"));
        command
            .env("SSLKEYLOGFILE", file("keys.log"))
            .env("SSL_CERT_FILE", file("stranger.pem"))
            .env("HTTPS_PROXY", &stranger.address)
            .env("ALL_PROXY", &stranger.address);
        command
    };
    let told = async |mut command: Command| -> Result<String> {
        Ok(String::from_utf8(command.output().await?.stdout)?
            .trim()
            .to_owned())
    };
    let mut key_log = Row::new("NW-08", "a file for the keys of TLS");
    let answer = told(ask(&portal.address)).await?;
    key_log.check(
        answer == "Ok(204)",
        format!("the portal is not heard: {answer}"),
    );
    key_log.check(!file("keys.log").exists(), "keys were written");
    let mut proxy = Row::new("NW-08", "a proxy before a portal on this machine");
    proxy.check(stranger.asked() == 0, "the proxy was asked");
    let mut authority = Row::new("NW-08", "an authority from the surroundings");
    let answer = told(ask(&stranger.address)).await?;
    authority.check(
        answer == "Err(Untrusted)",
        format!("it is trusted: {answer}"),
    );
    Ok(vec![key_log, proxy, authority])
}
