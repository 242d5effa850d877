//! The closed vault.

use gloo_timers::callback::Interval;
use jiff::{SignedDuration, Timestamp};
use uc_ipc::{AtStake, IpcError, PasscodeEntry, Phase, Sensor, SignOut, Unlock, Unsent};
use yew::prelude::*;

use crate::{
    backend::{clock, dom},
    components::{
        button::{Button, Readiness, Weight},
        dialog::ConfirmDialog,
        icon::Icon,
        notice::{Failure, Notice, Tone},
        passcode_field::PasscodeField,
    },
    i18n::{I18n, t, use_i18n},
    query::{Act, use_act},
    session::use_session,
};

/// All tries there are; fewer left are told.
const ALL_ATTEMPTS: u8 = 10;

/// The screen that asks for the PIN.
#[component]
pub(crate) fn UnlockScreen() -> Html {
    let i18n = use_i18n();
    let title = t!(
        i18n,
        "window-title",
        screen = t!(i18n, "unlock-title").as_str()
    );
    use_effect_with(title, |title| dom::set_title(title));
    html! {
        <div class="gate gate-narrow">
            <main class="gate-main">
                <div class="gate-card">
                    <span class="gate-mark" aria-hidden="true" />
                    <h1 class="gate-title">{ t!(i18n, "unlock-title") }</h1>
                    <News />
                    <Entry />
                    <SensorButton />
                    <Forgotten />
                </div>
            </main>
        </div>
    }
}

/// How much is new, as far as a locked client may know.
#[component]
fn News() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let news = match &handle.session.phase {
        Phase::Locked { news, .. } => *news,
        Phase::SignedOut | Phase::SigningIn | Phase::NeedsPasscode | Phase::Open { .. } => 0,
    };
    html! {
        if news > 0 {
            <p class="ds-paragraph gate-news" role="status" data-testid="locked-news">
                <Icon name="bell-ring" />{ t!(i18n, "unlock-news", n = i64::from(news)) }
            </p>
        }
    }
}

#[component]
fn Entry() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let typed = use_state(String::new);
    let unlock = use_act::<Unlock>(handle.replace.clone());
    let node = use_node_ref();
    use_clearing(&typed, &unlock, &node);
    let (attempts_left, wait_until) = standing(&handle.session.phase, unlock.error());
    let wait = use_wait(wait_until);
    let onsubmit = {
        let (typed, run) = (typed.clone(), unlock.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !typed.is_empty() && wait.is_zero() {
                run.emit(Unlock::Passcode {
                    passcode: PasscodeEntry::new((*typed).clone()),
                });
            }
        })
    };
    let on_input = {
        let typed = typed.clone();
        Callback::from(move |text| typed.set(text))
    };
    html! {
        <form class="gate-form" {onsubmit} novalidate=true>
            <PasscodeField id="pin" test_id="pin-input" label={t!(i18n, "unlock-label")} {node}
                value={(*typed).clone()} autocomplete="current-password" {on_input} disabled={!wait.is_zero()}
                error={refusal(&i18n, unlock.error(), wait)} />
            if attempts_left < ALL_ATTEMPTS && wait.is_zero() {
                <Notice tone={Tone::Warning} test_id="attempts-left">
                    <p class="ds-paragraph">{ t!(i18n, "unlock-attempts", n = i64::from(attempts_left)) }</p>
                </Notice>
            }
            <Button kind="submit" icon="lock-open" class="button-wide" test_id="unlock"
                readiness={readiness(unlock.is_running(), wait)}>{ t!(i18n, "unlock-button") }</Button>
        </form>
    }
}

fn readiness(running: bool, wait: SignedDuration) -> Readiness {
    if wait.is_zero() {
        Readiness::busy_if(running)
    } else {
        Readiness::Disabled
    }
}

/// Tries left and the end of the wait, by the newest of what is known.
fn standing(phase: &Phase, error: Option<&IpcError>) -> (u8, Option<Timestamp>) {
    let (attempts, wait) = match phase {
        Phase::Locked {
            attempts_left,
            wait_until,
            ..
        } => (*attempts_left, *wait_until),
        Phase::SignedOut | Phase::SigningIn | Phase::NeedsPasscode | Phase::Open { .. } => {
            (ALL_ATTEMPTS, None)
        }
    };
    if let Some(IpcError::WrongPasscode {
        attempts_left,
        wait_until,
    }) = error
    {
        ((*attempts_left).min(attempts), (*wait_until).max(wait))
    } else if let Some(IpcError::TooManyAttempts { until }) = error {
        (attempts, Some(*until).max(wait))
    } else {
        (attempts, wait)
    }
}

fn refusal(i18n: &I18n, error: Option<&IpcError>, wait: SignedDuration) -> Option<AttrValue> {
    if !wait.is_zero() {
        let wait = i18n.wait(wait);
        return Some(t!(i18n, "unlock-wait", wait = wait.as_str()));
    }
    let error = error?;
    let about_tries = matches!(
        error,
        IpcError::WrongPasscode { .. } | IpcError::TooManyAttempts { .. }
    );
    Some(if about_tries {
        t!(i18n, "unlock-wrong")
    } else {
        i18n.error(error)
    })
}

/// The rest of a wait, told anew every second.
#[hook]
fn use_wait(until: Option<Timestamp>) -> SignedDuration {
    let tick = use_state(|| 0_u32);
    let rest = until.map_or(SignedDuration::ZERO, clock::until);
    {
        let tick = tick.clone();
        use_effect_with((until, rest.is_zero(), *tick), move |(_, over, count)| {
            let next = count.wrapping_add(1);
            let interval = (!over).then(|| Interval::new(1000, move || tick.set(next)));
            move || drop(interval)
        });
    }
    rest
}

/// After a refusal the field is empty and has the focus.
#[hook]
fn use_clearing(typed: &UseStateHandle<String>, unlock: &Act<Unlock>, node: &NodeRef) {
    let (typed, node) = (typed.clone(), node.clone());
    use_effect_with(unlock.progress.clone(), move |progress| {
        if matches!(progress, crate::query::Progress::Failed(_)) {
            typed.set(String::new());
        }
        dom::focus(&node);
    });
}

/// Asks the device's sensor in place of the PIN, where it can open the vault.
#[component]
fn SensorButton() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let unlock = use_act::<Unlock>(handle.replace.clone());
    let sensor = match &handle.session.phase {
        Phase::Locked { sensor, .. } => *sensor,
        Phase::SignedOut | Phase::SigningIn | Phase::NeedsPasscode | Phase::Open { .. } => None,
    };
    html! {
        <>
            if let Some(sensor) = sensor {
                <Button weight={Weight::Secondary} icon={sensor_icon(sensor)} class="button-wide"
                    test_id="unlock-sensor" readiness={Readiness::busy_if(unlock.is_running())}
                    onclick={unlock.run.reform(|()| Unlock::Sensor)}>{ i18n.sensor_button(sensor) }</Button>
            }
            if let Some(error) = unlock.error() {
                <Failure error={error.clone()} />
            }
        </>
    }
}

fn sensor_icon(sensor: Sensor) -> &'static str {
    match sensor {
        Sensor::TouchId | Sensor::Fingerprint => "fingerprint",
        Sensor::FaceId | Sensor::WindowsHello => "scan-face",
        Sensor::System => "shield-check",
    }
}

/// The way out for those who forgot the PIN.
#[component]
fn Forgotten() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let asked = use_state(|| false);
    let sign_out = use_act::<SignOut>(handle.replace.clone());
    let (open, close) = (asked.clone(), asked.clone());
    html! {
        <>
            <Button weight={Weight::Tertiary} class="button-wide" test_id="forgot-pin"
                onclick={Callback::from(move |()| open.set(true))}>{ t!(i18n, "unlock-forgotten") }</Button>
            if *asked {
                <ConfirmDialog title={t!(i18n, "unlock-forgotten-title")} confirm={t!(i18n, "sign-out-confirm")}
                    test_id="sign-out" readiness={Readiness::busy_if(sign_out.is_running())}
                    on_close={Callback::from(move |()| close.set(false))}
                    on_confirm={sign_out.run.reform(|()| SignOut { unsent: Unsent::Discard })}>
                    <p class="ds-paragraph">{ t!(i18n, "unlock-forgotten-text") }</p>
                    { at_stake(&i18n, &handle.session.phase) }
                    if let Some(error) = sign_out.error() {
                        <Failure error={error.clone()} />
                    }
                </ConfirmDialog>
            }
        </>
    }
}

/// What would be lost, as far as it is known.
fn at_stake(i18n: &I18n, phase: &Phase) -> Html {
    let known = match phase {
        Phase::Locked { at_stake, .. } => *at_stake,
        Phase::SignedOut | Phase::SigningIn | Phase::NeedsPasscode | Phase::Open { .. } => None,
    };
    let losses = match known {
        Some(AtStake {
            waiting: 0,
            drafts: 0,
        }) => {
            return html! { <p class="ds-paragraph" data-testid="nothing-lost">{ t!(i18n, "unlock-forgotten-nothing") }</p> };
        }
        Some(AtStake { waiting, drafts }) => [
            (waiting > 0).then(|| t!(i18n, "unlock-forgotten-waiting", n = i64::from(waiting))),
            (drafts > 0).then(|| t!(i18n, "unlock-forgotten-drafts", n = i64::from(drafts))),
        ],
        None => [Some(t!(i18n, "unlock-forgotten-unsent")), None],
    };
    html! {
        { for losses.into_iter().flatten().map(|loss| html! {
            <p class="ds-paragraph warning-line" data-testid="lost"><Icon name="triangle-alert" /><span>{ loss }</span></p>
        }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_count_of_attempts_is_shown() {
        let phase = Phase::Locked {
            attempts_left: 9,
            wait_until: None,
            sensor: None,
            at_stake: None,
            news: 0,
        };
        let error = IpcError::WrongPasscode {
            attempts_left: 8,
            wait_until: Some(Timestamp::UNIX_EPOCH),
        };
        assert_eq!(
            standing(&phase, Some(&error)),
            (8, Some(Timestamp::UNIX_EPOCH))
        );
        assert_eq!(standing(&phase, None), (9, None));
    }
}
