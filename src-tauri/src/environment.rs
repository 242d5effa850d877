//! What must be true of the process before a window opens.

use tracing_subscriber::EnvFilter;

/// Starts the log and hardens the process.
pub(crate) fn prepare() {
    let filter = EnvFilter::try_from_env("UC_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    std::panic::set_hook(Box::new(log_panic));
    uc_platform::harden();
    // Fails only when the same provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    #[cfg(target_os = "linux")]
    avoid_white_window();
}

/// Says where it happened and nothing more: a panic's text may quote personal data.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    tracing::error!(place, "panic");
}

/// With software rendering WebKitGTK's DMA-BUF renderer leaves the window white. An explicit setting is respected.
#[cfg(target_os = "linux")]
fn avoid_white_window() {
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_gpu = std::fs::read_dir("/dev/dri").is_ok_and(|devices| {
        devices
            .flatten()
            .any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
    });
    if !has_gpu && std::env::var_os(RENDERER).is_none() {
        #[expect(
            unsafe_code,
            reason = "no other thread reads the environment: GTK starts later"
        )]
        // SAFETY: called from `main` before the window system and before any thread that reads the environment.
        unsafe {
            std::env::set_var(RENDERER, "1");
        }
    }
}
