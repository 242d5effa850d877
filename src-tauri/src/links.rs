//! Links from outside, as each system hands them over: as an event, or as the argument of a start.

use tauri::{AppHandle, Manager as _, Runtime, async_runtime};
use tauri_plugin_deep_link::DeepLinkExt as _;

use crate::starting::StartingCore;

/// Hands every link to the core, also the one that this start was for.
pub(crate) fn follow<R: Runtime>(app: &AppHandle<R>) {
    let core = app.state::<StartingCore>().inner().clone();
    match app.deep_link().get_current() {
        Ok(links) => open(&core, links.iter().flatten().map(ToString::to_string)),
        Err(error) => tracing::warn!(%error, "the links of this start are not known"),
    }
    app.deep_link().on_open_url(move |event| {
        open(&core, event.urls().iter().map(ToString::to_string));
    });
}

/// Hands links to the core, as soon as it is there.
fn open(core: &StartingCore, links: impl Iterator<Item = String>) {
    let (core, links) = (core.clone(), links.collect::<Vec<_>>());
    async_runtime::spawn(async move {
        if let Ok(core) = core.get().await {
            for link in &links {
                core.open_link(link);
            }
        }
    });
}
