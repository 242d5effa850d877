//! Links from outside, as each system hands them over: as an event, or as the argument of a start.

use std::sync::Arc;

use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_deep_link::DeepLinkExt as _;
use uc_core::Core;

/// Hands every link to the core, also the one that this start was for.
pub(crate) fn follow<R: Runtime>(app: &AppHandle<R>) {
    let core = Arc::clone(&app.state::<Arc<Core>>());
    match app.deep_link().get_current() {
        Ok(links) => links
            .iter()
            .flatten()
            .for_each(|link| core.open_link(link.as_str())),
        Err(error) => tracing::warn!(%error, "the links of this start are not known"),
    }
    app.deep_link().on_open_url(move |event| {
        for link in event.urls() {
            core.open_link(link.as_str());
        }
    });
}
