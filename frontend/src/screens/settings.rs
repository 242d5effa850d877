//! Settings: appearance for everybody, lock and session for those at work.

mod appearance;
mod leave;
mod lock;
mod upkeep;

use uc_ipc::{OpenSettings, PortalInfo};
use yew::prelude::*;

use self::{appearance::AppearancePanel, leave::LeavePanel, lock::LockPanel, upkeep::UpkeepPanel};
use crate::{
    components::{icon::Icon, page::Page, route_link::RouteLink},
    i18n::{I18n, t, use_i18n},
    query::use_query,
    route::Route,
    session::use_session,
};

/// The screen.
#[component]
pub(crate) fn SettingsScreen() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    html! {
        <Page title={t!(i18n, "nav-settings")}>
            <AppearancePanel />
            <UpkeepPanel />
            if handle.is_open() {
                <LockPanel />
                { account(&i18n) }
            }
            { portal(&i18n, &handle.session.portal) }
            <About />
            if handle.is_open() {
                <LeavePanel />
            }
        </Page>
    }
}

/// A titled part of the settings.
pub(super) fn panel(icon: &'static str, title: AttrValue, body: Html) -> Html {
    html! {
        <section class="panel">
            <h2 class="panel-title"><Icon name={icon} />{ title }</h2>
            { body }
        </section>
    }
}

/// The way to sessions and sign-ins.
fn account(i18n: &I18n) -> Html {
    panel(
        "circle-user-round",
        t!(i18n, "settings-account"),
        html! {
            <>
                <p class="ds-paragraph">{ t!(i18n, "settings-account-text") }</p>
                <div class="actions">
                    <RouteLink to={Route::Profile} class="ds-button" variant="secondary" test_id="open-profile">
                        { t!(i18n, "profile-title") }
                    </RouteLink>
                    <RouteLink to={Route::Account} class="ds-button" variant="secondary" test_id="open-account">
                        { t!(i18n, "account-title") }
                    </RouteLink>
                </div>
            </>
        },
    )
}

/// Which portal, and whom the client trusts for it.
fn portal(i18n: &I18n, portal: &PortalInfo) -> Html {
    let trust = match &portal.authority_fingerprint {
        Some(fingerprint) => html! { <code class="fingerprint">{ fingerprint }</code> },
        None => html! { { t!(i18n, "settings-portal-system") } },
    };
    panel(
        "server",
        t!(i18n, "settings-portal"),
        html! {
            <dl class="answers">
                <div class="answer"><dt>{ t!(i18n, "settings-portal-address") }</dt>
                    <dd>
                        <span class="breakable">{ &portal.address }</span>
                        if portal.demo {
                            { " " }<span class="ds-tag" data-color="warning">{ t!(i18n, "portal-demo") }</span>
                        }
                    </dd></div>
                <div class="answer"><dt>{ t!(i18n, "settings-portal-trust") }</dt><dd>{ trust }</dd></div>
            </dl>
        },
    )
}

/// What this is, and what it is not.
#[component]
fn About() -> Html {
    let i18n = use_i18n();
    let open = use_session().is_open();
    panel(
        "info",
        t!(i18n, "settings-about"),
        html! {
            <>
                <p class="about-line">{ t!(i18n, "about-independent") }</p>
                if open {
                    <AboutNumbers />
                }
            </>
        },
    )
}

/// Version, and how much is kept on this device.
#[component]
fn AboutNumbers() -> Html {
    let i18n = use_i18n();
    let answer = use_query(OpenSettings {});
    let Some(settings) = answer.state.value() else {
        return Html::default();
    };
    html! {
        <dl class="answers">
            <div class="answer"><dt>{ t!(i18n, "settings-version") }</dt><dd>{ &settings.version }</dd></div>
            <div class="answer"><dt>{ t!(i18n, "settings-kept") }</dt>
                <dd>{ t!(i18n, "settings-kept-text", services = i18n.number(settings.services),
                    applications = i18n.number(settings.applications)) }</dd></div>
        </dl>
    }
}
