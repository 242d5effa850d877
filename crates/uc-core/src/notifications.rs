//! Telling the person outside the window.

use std::sync::Arc;

use uc_ipc::{Language, View};
use uc_model::ApplicationId;
use uc_notify::{Phrase, Preferences, Standing, Tongue};

use crate::{Core, ports::Notification};

/// Takes clicks on notifications until no more can come.
pub(crate) async fn run(core: Arc<Core>) {
    while let Some(click) = core.notifier().next_click().await {
        core.state().requested = click;
        core.changed(View::Session);
        core.want_window();
    }
}

/// Tells what is new between two states of the person's applications.
pub(crate) fn tell(core: &Core, before: &[Standing], after: &[Standing]) {
    for news in uc_notify::plan(before, after, Preferences::All, core.now()) {
        show(core, news.phrase, news.application);
    }
}

/// Shows one phrase.
pub(crate) fn show(core: &Core, phrase: Phrase, opens: Option<ApplicationId>) {
    let tongue = match core.state().appearance.language {
        Language::Ru => Tongue::Ru,
        Language::En => Tongue::En,
    };
    core.notifier().show(Notification {
        title: tongue.title().to_owned(),
        body: phrase.words(tongue).to_owned(),
        opens,
    });
}
