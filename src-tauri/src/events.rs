//! Events of the core, handed to the window.

use tauri::{AppHandle, Emitter as _, Manager as _, Runtime, async_runtime};
use tokio::sync::broadcast::error::RecvError;
use uc_ipc::{Event, View};

use crate::{starting::StartingCore, window};

/// Hands every event to the window until the core ends.
pub(crate) fn forward<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    let core = app.state::<StartingCore>().inner().clone();
    async_runtime::spawn(async move {
        let Ok(core) = core.get().await else { return };
        let mut events = core.events();
        // What changed before anybody listened the window asks for first.
        drop(core);
        loop {
            match events.recv().await {
                Ok(Event::WindowWanted) => window::show(&app),
                Ok(event) => emit(&app, event),
                // Which views were missed is not known: all of them are asked for again.
                Err(RecvError::Lagged(_)) => {
                    for view in View::ALL {
                        emit(&app, Event::Changed { view });
                    }
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
}

fn emit<R: Runtime>(app: &AppHandle<R>, event: Event) {
    if let Err(error) = app.emit_to(window::MAIN, Event::CHANNEL, event) {
        tracing::warn!(%error, "an event did not reach the window");
    }
}
