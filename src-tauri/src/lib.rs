//! The shell: one window, the command table, the core behind it. No logic.

mod commands;
mod environment;
mod events;
mod window;

use std::sync::Arc;

use anyhow::Context as _;
use tauri::{Builder, Runtime, async_runtime::block_on};
use uc_core::Core;

/// Runs the app until its window closes.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run_mobile() {
    if let Err(error) = run() {
        tracing::error!(%error, "the app ended");
    }
}

/// Runs the app until its window closes.
pub fn run() -> anyhow::Result<()> {
    environment::prepare();
    let profile = uc_platform::Profile::from_env()?;
    let core = block_on(uc_platform::start(profile)).context("the core did not start")?;
    let app = with_core(Builder::default(), Arc::clone(&core))
        .setup(|app| {
            window::open(app)?;
            events::forward(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window system did not start")?;
    app.run(|_, _| {});
    block_on(core.stop());
    Ok(())
}

/// The commands and the core they act on; the same for every runtime, so that tests need no display.
fn with_core<R: Runtime>(builder: Builder<R>, core: Arc<Core>) -> Builder<R> {
    builder.invoke_handler(commands::handler()).manage(core)
}

#[cfg(test)]
mod tests;
