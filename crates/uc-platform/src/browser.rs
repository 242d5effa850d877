//! The system's browser.

use std::{process::Stdio, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::process::Command;
use uc_core::ports::{Browser, NoBrowser};
use url::Url;

/// How long an opener may take to say that it failed; a browser that it became itself runs on.
const VERDICT: Duration = Duration::from_secs(3);

/// The browser that the person chose for this system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, address: &Url) -> BoxFuture<'_, Result<(), NoBrowser>> {
        let address = address.clone();
        async move {
            if address.scheme() != "https" {
                return Err(NoBrowser);
            }
            run(opener(&address)?).await
        }
        .boxed()
    }
}

async fn run(mut command: Command) -> Result<(), NoBrowser> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| NoBrowser)?;
    match tokio::time::timeout(VERDICT, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(_) => Err(NoBrowser),
        // The runtime reaps it when it ends.
        Err(_) => Ok(()),
    }
}

fn opener(address: &Url) -> Result<Command, NoBrowser> {
    #[cfg(feature = "test-hooks")]
    if let Some(program) = std::env::var_os("UC_BROWSER") {
        let mut command = Command::new(program);
        command.arg(address.as_str());
        return Ok(command);
    }
    system_opener(address)
}

#[cfg(target_os = "linux")]
#[expect(clippy::unnecessary_wraps, reason = "phones have none")]
fn system_opener(address: &Url) -> Result<Command, NoBrowser> {
    let mut command = Command::new("xdg-open");
    command.arg(address.as_str());
    Ok(command)
}

#[cfg(target_os = "macos")]
#[expect(clippy::unnecessary_wraps, reason = "phones have none")]
fn system_opener(address: &Url) -> Result<Command, NoBrowser> {
    let mut command = Command::new("/usr/bin/open");
    command.arg(address.as_str());
    Ok(command)
}

#[cfg(target_os = "windows")]
#[expect(clippy::unnecessary_wraps, reason = "phones have none")]
fn system_opener(address: &Url) -> Result<Command, NoBrowser> {
    let mut command = Command::new("rundll32.exe");
    command.args(["url.dll,FileProtocolHandler", address.as_str()]);
    Ok(command)
}

/// On phones the app opens the browser itself.
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
fn system_opener(_: &Url) -> Result<Command, NoBrowser> {
    Err(NoBrowser)
}
