//! Telling the person outside the window.

use std::sync::Arc;

use crate::Core;

/// Takes clicks on notifications until no more can come.
pub(crate) async fn run(core: Arc<Core>) {
    while let Some(click) = core.notifier().next_click().await {
        core.state().requested = click;
        core.changed(uc_ipc::View::Session);
        core.want_window();
    }
}
