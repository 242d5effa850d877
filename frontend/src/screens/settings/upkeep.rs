//! Whether news comes by itself.

use uc_ipc::{PauseSync, Upkeep};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::panel;
use crate::{
    components::notice::Failure,
    i18n::{I18n, t, use_i18n},
    query::use_act,
    session::use_session,
};

/// The choice, and what the machine's network and battery make of it now.
#[component]
pub(super) fn UpkeepPanel() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let pause = use_act::<PauseSync>(handle.replace.clone());
    let upkeep = handle.session.upkeep;
    let onchange = pause.run.reform(|event: Event| PauseSync {
        paused: !event.target_unchecked_into::<HtmlInputElement>().checked(),
    });
    panel(
        "refresh-cw",
        t!(i18n, "settings-upkeep"),
        html! {
            <>
                <label class="option">
                    <input class="ds-input" type="checkbox" checked={!upkeep.paused} disabled={pause.is_running()}
                        {onchange} aria-describedby="upkeep-hint" data-testid="upkeep" />
                    <span>{ t!(i18n, "settings-upkeep-choice") }</span>
                </label>
                <p class="hint" id="upkeep-hint">{ t!(i18n, "settings-upkeep-hint") }</p>
                { spared(&i18n, upkeep) }
                if let Some(error) = pause.error() {
                    <Failure error={error.clone()} />
                }
            </>
        },
    )
}

/// What is done seldomer now, and why.
fn spared(i18n: &I18n, upkeep: Upkeep) -> Html {
    html! {
        <>
            if upkeep.metered && !upkeep.paused {
                <p class="hint" data-testid="upkeep-metered">{ t!(i18n, "settings-upkeep-metered") }</p>
            }
            if upkeep.low_battery && !upkeep.paused {
                <p class="hint" data-testid="upkeep-battery">{ t!(i18n, "settings-upkeep-battery") }</p>
            }
        </>
    }
}
