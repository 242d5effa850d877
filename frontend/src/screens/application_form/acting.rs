//! In whose name the application is made. Nothing is shown where there is nothing to choose.

use uc_ipc::{Acting, ActingName};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::filling::{Edit, Filling};
use crate::{
    components::notice::{Notice, Tone},
    i18n::{I18n, t, use_i18n},
};

const ID: &str = "acting-for";

/// Props of [`ActingChoice`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ActingChoiceProps {
    pub(super) filling: UseReducerHandle<Filling>,
}

/// The names to choose from, or word that there is none for this service.
#[component]
pub(super) fn ActingChoice(props: &ActingChoiceProps) -> Html {
    let i18n = use_i18n();
    let acting = &props.filling.acting;
    if acting.names.is_empty() {
        return if acting.own {
            Html::default()
        } else {
            nobody(&i18n)
        };
    }
    let filling = props.filling.clone();
    let onchange = Callback::from(move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        filling.dispatch(Edit::ActFor(value.parse().ok()));
    });
    html! {
        <div class="ds-field control">
            <label class="ds-label control-label" for={ID}>{ t!(i18n, "acting-label") }</label>
            <select class="ds-input" id={ID} {onchange} data-testid={ID}>
                if acting.own {
                    <option value="" selected={acting.chosen.is_none()}>{ t!(i18n, "acting-own") }</option>
                }
                { for acting.names.iter().map(|name| option(&i18n, acting, name)) }
            </select>
        </div>
    }
}

fn option(i18n: &I18n, acting: &Acting, name: &ActingName) -> Html {
    let selected = acting.chosen.as_ref() == Some(&name.number);
    html! {
        <option value={name.number.as_str().to_owned()} {selected}>{ i18n.acting_name(name) }</option>
    }
}

fn nobody(i18n: &I18n) -> Html {
    html! {
        <Notice tone={Tone::Warning} test_id="acting-nobody">
            <p class="ds-paragraph">{ t!(i18n, "acting-nobody") }</p>
        </Notice>
    }
}

/// The chosen name among what is looked through before sending.
pub(super) fn reviewed(i18n: &I18n, acting: &Acting) -> Html {
    if acting.names.is_empty() {
        return Html::default();
    }
    let chosen = acting
        .names
        .iter()
        .find(|name| acting.chosen.as_ref() == Some(&name.number));
    let words = chosen.map_or_else(|| t!(i18n, "acting-own"), |name| i18n.acting_name(name));
    html! {
        <dl class="answers" data-testid="acting-reviewed">
            <div class="answer"><dt>{ t!(i18n, "acting-label") }</dt><dd>{ words }</dd></div>
        </dl>
    }
}
