//! Signing out, after a question.

use uc_ipc::{IpcError, SignOut, Unsent};
use yew::prelude::*;

use super::panel;
use crate::{
    components::{
        button::{Button, Effect, Readiness, Weight},
        dialog::ConfirmDialog,
        notice::{Failure, Notice, Tone},
    },
    i18n::{t, use_i18n},
    query::use_act,
    session::use_session,
};

/// What is lost by signing out, and the way to do it.
#[component]
pub(super) fn LeavePanel() -> Html {
    let i18n = use_i18n();
    let asked = use_state(|| false);
    let ask = Callback::from({
        let asked = asked.clone();
        move |()| asked.set(true)
    });
    let close = Callback::from({
        let asked = asked.clone();
        move |()| asked.set(false)
    });
    panel(
        "log-out",
        t!(i18n, "settings-leave"),
        html! {
            <>
                <p class="ds-paragraph">{ t!(i18n, "settings-leave-text") }</p>
                <Button weight={Weight::Secondary} effect={Effect::Destructive} icon="log-out" test_id="sign-out"
                    onclick={ask}>{ t!(i18n, "sign-out-button") }</Button>
                if *asked {
                    <LeaveDialog on_close={close} />
                }
            </>
        },
    )
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct LeaveDialogProps {
    on_close: Callback<()>,
}

/// Unsent applications are kept, unless the person, once told of them, gives them up.
#[component]
fn LeaveDialog(props: &LeaveDialogProps) -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let sign_out = use_act::<SignOut>(handle.replace.clone());
    let told = matches!(sign_out.error(), Some(IpcError::UnsentApplications { .. }));
    let given_up = use_state(|| false);
    {
        let given_up = given_up.clone();
        use_effect_with(told, move |told| {
            if *told {
                given_up.set(true);
            }
        });
    }
    let unsent = if *given_up {
        Unsent::Discard
    } else {
        Unsent::Keep
    };
    let confirm = if *given_up {
        t!(i18n, "sign-out-discard")
    } else {
        t!(i18n, "sign-out-confirm")
    };
    html! {
        <ConfirmDialog title={t!(i18n, "sign-out-title")} {confirm} test_id="sign-out-confirm"
            readiness={Readiness::busy_if(sign_out.is_running())} on_close={props.on_close.clone()}
            on_confirm={sign_out.run.reform(move |()| SignOut { unsent })}>
            <p class="ds-paragraph">{ t!(i18n, "sign-out-text") }</p>
            if let Some(error) = sign_out.error() {
                if told {
                    <Notice tone={Tone::Warning} role="alert">
                        <p class="ds-paragraph">{ i18n.error(error) }</p>
                    </Notice>
                } else {
                    <Failure error={error.clone()} />
                }
            }
        </ConfirmDialog>
    }
}
