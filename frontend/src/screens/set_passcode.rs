//! Choosing the PIN, twice.

use uc_ipc::{PasscodeEntry, SetPasscode, SignOut, Unsent, WeakPasscode};
use uc_model::{Passcode, SecretString};
use yew::prelude::*;

use super::welcome::GateTools;
use crate::{
    backend::dom,
    components::{
        button::{Button, Readiness, Weight},
        notice::Failure,
        passcode_field::PasscodeField,
    },
    i18n::{I18n, t, use_i18n},
    query::use_act,
    session::use_session,
};

/// What is wrong with the two entries, if anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The first keeps no rule.
    Weak(WeakPasscode),
    /// The second is not the first.
    Different,
}

pub(super) fn flaw(first: &str, second: &str) -> Option<Flaw> {
    match Passcode::parse(SecretString::new(first.to_owned())) {
        Err(fault) => Some(Flaw::Weak(fault.into())),
        Ok(_) if first != second => Some(Flaw::Different),
        Ok(_) => None,
    }
}

/// The screen after the first sign-in.
#[component]
pub(crate) fn SetPasscodeScreen() -> Html {
    let i18n = use_i18n();
    let title = t!(
        i18n,
        "window-title",
        screen = t!(i18n, "set-passcode-title").as_str()
    );
    use_effect_with(title, |title| dom::set_title(title));
    html! {
        <div class="gate gate-narrow">
            <main class="gate-main">
                <GateTools />
                <div class="gate-card">
                    <span class="gate-mark" aria-hidden="true" />
                    <h1 class="gate-title">{ t!(i18n, "set-passcode-title") }</h1>
                    <p class="gate-lead">{ t!(i18n, "set-passcode-lead") }</p>
                    <Entries />
                </div>
            </main>
        </div>
    }
}

#[component]
fn Entries() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let first = use_state(String::new);
    let second = use_state(String::new);
    let shown = use_state(|| None::<Flaw>);
    let set = use_act::<SetPasscode>(handle.replace.clone());
    let leave = use_act::<SignOut>(handle.replace.clone());
    let onsubmit = {
        let (first, second, shown, run) = (
            first.clone(),
            second.clone(),
            shown.clone(),
            set.run.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let found = flaw(&first, &second);
            shown.set(found);
            match found {
                None => run.emit(SetPasscode {
                    passcode: PasscodeEntry::new((*first).clone()),
                }),
                Some(Flaw::Weak(_)) => {
                    dom::focus_id("pin");
                }
                Some(Flaw::Different) => {
                    dom::focus_id("pin-repeat");
                }
            }
        })
    };
    html! {
        <form class="gate-form" {onsubmit} novalidate=true>
            if let Some(error) = set.error() {
                <Failure error={error.clone()} />
            }
            <PasscodeField id="pin" test_id="pin-input" label={t!(i18n, "set-passcode-label")}
                hint={t!(i18n, "set-passcode-hint")} error={weak_words(&i18n, *shown)} value={(*first).clone()}
                autocomplete="new-password" on_input={setter(&first)} />
            <PasscodeField id="pin-repeat" test_id="pin-repeat" label={t!(i18n, "set-passcode-repeat")}
                error={different_words(&i18n, *shown)} value={(*second).clone()}
                autocomplete="new-password" on_input={setter(&second)} />
            <Button kind="submit" class="button-wide" test_id="set-pin"
                readiness={Readiness::busy_if(set.is_running())}>{ t!(i18n, "set-passcode-button") }</Button>
            <Button weight={Weight::Tertiary} class="button-wide" test_id="sign-out"
                onclick={leave.run.reform(|()| SignOut { unsent: Unsent::Discard })}>
                { t!(i18n, "set-passcode-leave") }
            </Button>
        </form>
    }
}

pub(super) fn setter(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.clone();
    Callback::from(move |text| state.set(text))
}

pub(super) fn weak_words(i18n: &I18n, shown: Option<Flaw>) -> Option<AttrValue> {
    match shown {
        Some(Flaw::Weak(fault)) => Some(i18n.weak_passcode(fault)),
        Some(Flaw::Different) | None => None,
    }
}

pub(super) fn different_words(i18n: &I18n, shown: Option<Flaw>) -> Option<AttrValue> {
    match shown {
        Some(Flaw::Different) => Some(t!(i18n, "set-passcode-different")),
        Some(Flaw::Weak(_)) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plat_05_weak_or_different_entries_are_not_sent() {
        assert_eq!(flaw("480517", "480517"), None);
        assert_eq!(flaw("480517", "480518"), Some(Flaw::Different));
        assert_eq!(
            flaw("111111", "111111"),
            Some(Flaw::Weak(WeakPasscode::OneDigit))
        );
    }
}
