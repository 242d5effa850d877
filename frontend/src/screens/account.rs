//! Where the person is signed in, and what happened to their account.

mod history;
mod sessions;

use yew::prelude::*;

use self::{history::History, sessions::Sessions};
use crate::{
    components::page::Page,
    i18n::{t, use_i18n},
    route::Route,
};

/// The screen.
#[component]
pub(crate) fn AccountScreen() -> Html {
    let i18n = use_i18n();
    html! {
        <Page title={t!(i18n, "account-title")} lead={t!(i18n, "account-lead")}
            up={(Route::Settings, t!(i18n, "nav-settings"))}>
            <Sessions />
            <History />
        </Page>
    }
}
