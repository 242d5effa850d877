//! Settings: appearance for everybody, lock and session for those at work.

mod appearance;
mod leave;

use uc_ipc::{AutoLock, Lock, OpenSettings, PortalInfo, UpdateAutoLock};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use self::{appearance::AppearancePanel, leave::LeavePanel};
use crate::{
    components::{
        button::{Button, Weight},
        icon::Icon,
        notice::Failure,
        page::Page,
        route_link::RouteLink,
    },
    i18n::{I18n, t, use_i18n},
    query::{use_act, use_query},
    route::Route,
    session::use_session,
};

/// The rules a person can choose from.
const AUTO_LOCKS: [AutoLock; 3] = [
    AutoLock::OneMinute,
    AutoLock::FiveMinutes,
    AutoLock::FifteenMinutes,
];

/// The screen.
#[component]
pub(crate) fn SettingsScreen() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    html! {
        <Page title={t!(i18n, "nav-settings")}>
            <AppearancePanel />
            if handle.is_open() {
                <LockPanel />
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

/// Lock now, or after a time without use.
#[component]
fn LockPanel() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let settings = use_query(OpenSettings {});
    let retry = settings.retry.clone();
    let update = use_act::<UpdateAutoLock>(Callback::from(move |_| retry.emit(())));
    let lock = use_act::<Lock>(handle.replace.clone());
    let chosen = settings.state.value().map(|settings| settings.auto_lock);
    let onchange = update.run.reform(|event: Event| UpdateAutoLock {
        auto_lock: chosen_auto_lock(&event.target_unchecked_into::<HtmlSelectElement>().value()),
    });
    panel(
        "lock",
        t!(i18n, "settings-lock"),
        html! {
            <>
                <div class="setting">
                    <label class="setting-name" for="auto-lock">{ t!(i18n, "settings-auto-lock") }</label>
                    <select class="ds-input setting-select" id="auto-lock" {onchange} data-testid="auto-lock">
                        { for AUTO_LOCKS.into_iter().enumerate().map(|(index, auto_lock)| html! {
                            <option value={index.to_string()} selected={chosen == Some(auto_lock)}>
                                { i18n.auto_lock(auto_lock) }
                            </option>
                        }) }
                    </select>
                </div>
                if let Some(error) = update.error() {
                    <Failure error={error.clone()} />
                }
                <div class="actions">
                    <Button weight={Weight::Secondary} icon="lock" test_id="lock-now"
                        onclick={lock.run.reform(|()| Lock {})}>{ t!(i18n, "settings-lock-now") }</Button>
                    <RouteLink to={Route::ChangePasscode} class="ds-button" variant="tertiary"
                        test_id="change-passcode">{ t!(i18n, "settings-change-passcode") }</RouteLink>
                </div>
            </>
        },
    )
}

fn chosen_auto_lock(value: &str) -> AutoLock {
    value
        .parse::<usize>()
        .ok()
        .and_then(|index| AUTO_LOCKS.get(index).copied())
        .unwrap_or_default()
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
