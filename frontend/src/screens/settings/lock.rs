//! How the client locks itself, and what opens it.

use uc_ipc::{
    AutoLock, Lock, OpenSettings, SensorUnlock, Settings, UpdateAutoLock, UpdateSensorUnlock,
};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::panel;
use crate::{
    components::{
        button::{Button, Weight},
        notice::Failure,
        route_link::RouteLink,
    },
    i18n::{t, use_i18n},
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

/// Lock now, or after a time without use; the passcode, and what may stand in for it.
#[component]
pub(super) fn LockPanel() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let settings = use_query(OpenSettings {});
    let lock = use_act::<Lock>(handle.replace.clone());
    let known = settings.state.value();
    let changed = settings.retry.reform(|_: Settings| ());
    panel(
        "lock",
        t!(i18n, "settings-lock"),
        html! {
            <>
                <AutoLockChoice chosen={known.map(|settings| settings.auto_lock)} on_change={changed.clone()} />
                if let Some(unlock) = known.and_then(|settings| settings.sensor_unlock) {
                    <SensorChoice {unlock} on_change={changed} />
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

#[derive(PartialEq, Properties)]
struct AutoLockProps {
    chosen: Option<AutoLock>,
    on_change: Callback<Settings>,
}

#[component]
fn AutoLockChoice(props: &AutoLockProps) -> Html {
    let i18n = use_i18n();
    let update = use_act::<UpdateAutoLock>(props.on_change.clone());
    let onchange = update.run.reform(|event: Event| UpdateAutoLock {
        auto_lock: chosen_auto_lock(&event.target_unchecked_into::<HtmlSelectElement>().value()),
    });
    html! {
        <>
            <div class="setting">
                <label class="setting-name" for="auto-lock">{ t!(i18n, "settings-auto-lock") }</label>
                <select class="ds-input setting-select" id="auto-lock" {onchange} data-testid="auto-lock">
                    { for AUTO_LOCKS.into_iter().enumerate().map(|(index, auto_lock)| html! {
                        <option value={index.to_string()} selected={props.chosen == Some(auto_lock)}>
                            { i18n.auto_lock(auto_lock) }
                        </option>
                    }) }
                </select>
            </div>
            if let Some(error) = update.error() {
                <Failure error={error.clone()} />
            }
        </>
    }
}

fn chosen_auto_lock(value: &str) -> AutoLock {
    value
        .parse::<usize>()
        .ok()
        .and_then(|index| AUTO_LOCKS.get(index).copied())
        .unwrap_or_default()
}

#[derive(PartialEq, Properties)]
struct SensorProps {
    unlock: SensorUnlock,
    on_change: Callback<Settings>,
}

/// Turning it on asks the sensor; a refusal leaves the box as it was.
#[component]
fn SensorChoice(props: &SensorProps) -> Html {
    let i18n = use_i18n();
    let update = use_act::<UpdateSensorUnlock>(props.on_change.clone());
    let SensorUnlock { sensor, enabled } = props.unlock;
    let onchange = update.run.reform(move |event: Event| {
        let element = event.target_unchecked_into::<HtmlInputElement>();
        let wanted = element.checked();
        element.set_checked(enabled);
        UpdateSensorUnlock { enabled: wanted }
    });
    html! {
        <>
            <label class="option">
                <input class="ds-input" type="checkbox" checked={enabled} disabled={update.is_running()} {onchange}
                    aria-describedby="sensor-hint" data-testid="sensor-unlock" />
                <span>{ i18n.sensor_setting(sensor) }</span>
            </label>
            <p class="hint" id="sensor-hint">{ t!(i18n, "settings-sensor-hint") }</p>
            if let Some(error) = update.error() {
                <Failure error={error.clone()} />
            }
        </>
    }
}
