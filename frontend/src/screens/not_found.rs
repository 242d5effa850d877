//! An address that leads nowhere.

use yew::prelude::*;

use crate::{
    components::{page::Page, route_link::RouteLink},
    i18n::{t, use_i18n},
    route::Route,
};

/// Says so, and leads home.
#[component]
pub(crate) fn NotFoundScreen() -> Html {
    let i18n = use_i18n();
    html! {
        <Page title={t!(i18n, "not-found-title")} lead={t!(i18n, "not-found-lead")}>
            <RouteLink to={Route::Home} class="ds-button button" variant="primary">
                { t!(i18n, "not-found-home") }
            </RouteLink>
        </Page>
    }
}
