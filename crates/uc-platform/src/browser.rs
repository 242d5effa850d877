//! The system's browser.

use futures_util::future::BoxFuture;
use uc_core::ports::{Browser, NoBrowser};
use url::Url;

/// The browser that the person chose in the system.
#[derive(Debug, Clone, Copy)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, address: &Url) -> BoxFuture<'_, Result<(), NoBrowser>> {
        let address = address.clone();
        Box::pin(async move {
            if address.scheme() != "https" {
                return Err(NoBrowser);
            }
            tokio::task::spawn_blocking(move || open(&address))
                .await
                .map_err(|_| NoBrowser)?
        })
    }
}

#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
fn open(address: &Url) -> Result<(), NoBrowser> {
    #[cfg(feature = "test-hooks")]
    if let Some(program) = std::env::var_os("UC_BROWSER") {
        return open::with_detached(address.as_str(), program.to_string_lossy())
            .map_err(|_| NoBrowser);
    }
    open::that_detached(address.as_str()).map_err(|error| {
        tracing::warn!(kind = ?error.kind(), "no browser");
        NoBrowser
    })
}

/// Phones open pages through the shell's activity, which brings its own port.
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
fn open(_: &Url) -> Result<(), NoBrowser> {
    Err(NoBrowser)
}
