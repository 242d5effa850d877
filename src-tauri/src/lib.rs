//! The shell: one window, the command table, the core behind it. No logic.

#![cfg_attr(
    target_os = "ios",
    expect(
        missing_docs,
        reason = "the entry point's macro writes a function without"
    )
)]

mod commands;
mod environment;
mod events;
mod late_app;
mod links;
#[cfg(target_os = "android")]
mod sensor;
#[cfg(desktop)]
mod single_instance;
mod starting;
mod window;

use anyhow::Context as _;
use tauri::{
    Builder, Runtime,
    async_runtime::{self, block_on},
};
use uc_platform::{FilesError, StartError};

use late_app::LateApp;
use starting::StartingCore;

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
    let builder = alone(&profile);
    let files = match profile.open() {
        Err(FilesError::InUse) => return hand_over(builder),
        opened => opened.context("the profile cannot be used")?,
    };
    let late_app = LateApp::default();
    let (core, started) = StartingCore::begin(late_app.clone().start_core(profile, files));
    let started = async_runtime::spawn(started);
    let app = with_core(builder, core.clone())
        .setup(move |app| {
            late_app.attach(app.handle());
            async_runtime::spawn(end_without_core(app.handle().clone(), started));
            links::follow(app.handle());
            window::open(app)?;
            events::forward(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window system did not start")?;
    app.run(|_, _| {});
    if let Some(core) = core.now() {
        block_on(core.stop());
    }
    Ok(())
}

/// A window that nothing will stand behind closes.
async fn end_without_core(
    app: tauri::AppHandle,
    started: async_runtime::JoinHandle<Result<(), StartError>>,
) {
    let fault = match started.await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => anyhow::Error::from(error),
        Err(error) => anyhow::Error::from(error),
    };
    tracing::error!(fault = format!("{fault:#}"), "the core did not start");
    app.exit(1);
}

/// A program whose later starts are heard by the first.
fn alone(profile: &uc_platform::Profile) -> Builder<tauri::Wry> {
    let builder = Builder::default();
    // On phones the system keeps an app from being started twice.
    #[cfg(mobile)]
    let _ = profile;
    #[cfg(desktop)]
    let builder = match single_instance::plugin(profile) {
        Some(plugin) => builder.plugin(plugin),
        None => builder,
    };
    #[cfg(target_os = "android")]
    let builder = builder.plugin(tauri_plugin_biometric::init());
    builder.plugin(tauri_plugin_deep_link::init())
}

/// Another process has the profile: its window comes to the front, and it hears what this start was asked for.
fn hand_over(builder: Builder<tauri::Wry>) -> anyhow::Result<()> {
    // Ends the process when the other one has heard.
    builder
        .build(tauri::generate_context!())
        .context("the window system did not start")?;
    Err(FilesError::InUse.into())
}

/// The commands and the core they act on; the same for every runtime, so that tests need no display.
fn with_core<R: Runtime>(builder: Builder<R>, core: StartingCore) -> Builder<R> {
    builder.invoke_handler(commands::handler()).manage(core)
}

#[cfg(test)]
mod tests;
