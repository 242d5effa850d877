//! Another PIN in the place of the present one.

use uc_ipc::{ChangePasscode, IpcError, PasscodeEntry, Session};
use yew::prelude::*;

use super::set_passcode::{Flaw, different_words, flaw, setter, weak_words};
use crate::{
    backend::dom,
    components::{
        button::{Button, Readiness},
        notice::{Failure, Notice, Tone},
        page::Page,
        passcode_field::PasscodeField,
        route_link::RouteLink,
    },
    i18n::{I18n, t, use_i18n},
    query::{Progress, use_act},
    route::Route,
    session::use_session,
};

/// The screen.
#[component]
pub(crate) fn ChangePasscodeScreen() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let done = use_state(|| false);
    let on_done = {
        let (done, replace) = (done.clone(), handle.replace.clone());
        Callback::from(move |session: Session| {
            replace.emit(session);
            done.set(true);
        })
    };
    html! {
        <Page title={t!(i18n, "change-passcode-title")} lead={t!(i18n, "change-passcode-lead")}
            up={(Route::Settings, t!(i18n, "nav-settings"))}>
            <section class="panel">
                if *done {
                    <Done />
                } else {
                    <Entries {on_done} />
                }
            </section>
        </Page>
    }
}

/// It is done, and where to go from here.
#[component]
fn Done() -> Html {
    let i18n = use_i18n();
    html! {
        <>
            <Notice tone={Tone::Info} role="status" test_id="passcode-changed">
                <p class="ds-paragraph">{ t!(i18n, "change-passcode-done") }</p>
            </Notice>
            <RouteLink to={Route::Settings} class="ds-button" variant="secondary">
                { t!(i18n, "change-passcode-back") }
            </RouteLink>
        </>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct EntriesProps {
    on_done: Callback<Session>,
}

#[component]
fn Entries(props: &EntriesProps) -> Html {
    let i18n = use_i18n();
    let current = use_state(String::new);
    let first = use_state(String::new);
    let second = use_state(String::new);
    let shown = use_state(|| None::<Flaw>);
    let change = use_act::<ChangePasscode>(props.on_done.clone());
    use_clearing(&current, &change.progress);
    let onsubmit = {
        let (current, first, second) = (current.clone(), first.clone(), second.clone());
        let (shown, run) = (shown.clone(), change.run.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let found = flaw(&first, &second);
            shown.set(found);
            match (found, current.is_empty()) {
                (_, true) => dom::focus_id("pin-current"),
                (Some(Flaw::Weak(_)), false) => dom::focus_id("pin"),
                (Some(Flaw::Different), false) => dom::focus_id("pin-repeat"),
                (None, false) => {
                    run.emit(ChangePasscode {
                        current: PasscodeEntry::new((*current).clone()),
                        new: PasscodeEntry::new((*first).clone()),
                    });
                    true
                }
            };
        })
    };
    html! {
        <form class="gate-form" {onsubmit} novalidate=true>
            if let Some(error) = change.error().filter(|error| !is_about_current(error)) {
                <Failure error={error.clone()} />
            }
            <PasscodeField id="pin-current" test_id="pin-current" label={t!(i18n, "change-passcode-current")}
                error={current_words(&i18n, change.error())} value={(*current).clone()}
                autocomplete="current-password" on_input={setter(&current)} />
            <PasscodeField id="pin" test_id="pin-input" label={t!(i18n, "set-passcode-label")}
                hint={t!(i18n, "set-passcode-hint")} error={weak_words(&i18n, *shown)} value={(*first).clone()}
                autocomplete="new-password" on_input={setter(&first)} />
            <PasscodeField id="pin-repeat" test_id="pin-repeat" label={t!(i18n, "set-passcode-repeat")}
                error={different_words(&i18n, *shown)} value={(*second).clone()}
                autocomplete="new-password" on_input={setter(&second)} />
            <Button kind="submit" test_id="set-pin" readiness={Readiness::busy_if(change.is_running())}>
                { t!(i18n, "change-passcode-button") }
            </Button>
        </form>
    }
}

/// Whether a refusal belongs to the field of the present PIN.
fn is_about_current(error: &IpcError) -> bool {
    matches!(
        error,
        IpcError::WrongPasscode { .. } | IpcError::TooManyAttempts { .. }
    )
}

fn current_words(i18n: &I18n, error: Option<&IpcError>) -> Option<AttrValue> {
    error
        .filter(|error| is_about_current(error))
        .map(|error| i18n.error(error))
}

/// After a refusal the field of the present PIN is empty and has the focus.
#[hook]
fn use_clearing(current: &UseStateHandle<String>, progress: &Progress) {
    let current = current.clone();
    use_effect_with(progress.clone(), move |progress| {
        if let Progress::Failed(error) = progress
            && is_about_current(error)
        {
            current.set(String::new());
            dom::focus_id("pin-current");
        }
    });
}
