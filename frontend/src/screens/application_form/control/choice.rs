//! Questions answered by choosing or ticking.

use serde_json::Value;
use uc_forms::ChoiceOption;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::Frame;
use crate::i18n::t;

/// More options than this become a drop-down list.
const MOST_RADIOS: usize = 7;

/// One of several.
pub(super) fn choice(frame: &Frame<'_>, options: &[ChoiceOption]) -> Html {
    let chosen = frame
        .filling
        .answers
        .text(&frame.field.property)
        .unwrap_or_default();
    if options.len() > MOST_RADIOS {
        select(frame, options, chosen)
    } else {
        radios(frame, options, chosen)
    }
}

fn radios(frame: &Frame<'_>, options: &[ChoiceOption], chosen: &str) -> Html {
    html! {
        <fieldset class="ds-fieldset control" aria-describedby={frame.described_by()} data-testid={frame.id.clone()}>
            <legend class="ds-label control-label">{ frame.title() }</legend>
            { frame.help() }
            <div class="options">
                { for options.iter().enumerate().map(|(index, option)| radio(frame, index, option, chosen)) }
            </div>
            { frame.fault() }
        </fieldset>
    }
}

/// The first radio carries the id that the summary leads to.
fn radio(frame: &Frame<'_>, index: usize, option: &ChoiceOption, chosen: &str) -> Html {
    let id = if index == 0 {
        frame.id.clone()
    } else {
        format!("{}-{index}", frame.id)
    };
    let choose = frame.edit({
        let value = Value::String(option.value.clone());
        move |property| super::Edit::Choose {
            property,
            value: value.clone(),
        }
    });
    html! {
        <label class="option" for={id.clone()}>
            <input class="ds-input" type="radio" {id} name={frame.id.clone()} value={option.value.clone()}
                checked={option.value == chosen} onchange={Callback::from(move |_: Event| choose())}
                aria-invalid={frame.invalid()} data-testid={format!("{}-{}", frame.id, option.value)} />
            <span>{ frame.i18n.words(&option.title) }</span>
        </label>
    }
}

fn select(frame: &Frame<'_>, options: &[ChoiceOption], chosen: &str) -> Html {
    let (filling, property) = (frame.filling.clone(), frame.field.property.clone());
    let onchange = Callback::from(move |event: Event| {
        filling.dispatch(super::Edit::Choose {
            property: property.clone(),
            value: Value::String(event.target_unchecked_into::<HtmlSelectElement>().value()),
        });
    });
    html! {
        <div class="ds-field control">
            <label class="ds-label control-label" for={frame.id.clone()}>{ frame.title() }</label>
            { frame.help() }
            <select class="ds-input" id={frame.id.clone()} {onchange} aria-describedby={frame.described_by()}
                aria-invalid={frame.invalid()} aria-required={frame.required.to_string()}
                data-testid={frame.id.clone()}>
                <option value="" selected={chosen.is_empty()}>{ t!(frame.i18n, "form-choose") }</option>
                { for options.iter().map(|option| html! {
                    <option value={option.value.clone()} selected={option.value == chosen}>
                        { frame.i18n.words(&option.title) }
                    </option>
                }) }
            </select>
            { frame.fault() }
        </div>
    }
}

/// Yes or no.
pub(super) fn flag(frame: &Frame<'_>) -> Html {
    let (filling, property) = (frame.filling.clone(), frame.field.property.clone());
    let onchange = Callback::from(move |event: Event| {
        filling.dispatch(super::Edit::Choose {
            property: property.clone(),
            value: Value::Bool(event.target_unchecked_into::<HtmlInputElement>().checked()),
        });
    });
    let checked = frame.filling.answers.get(&frame.field.property) == Some(&Value::Bool(true));
    html! {
        <div class="control">
            <label class="option" for={frame.id.clone()}>
                <input class="ds-input" type="checkbox" id={frame.id.clone()} {checked} {onchange}
                    aria-describedby={frame.described_by()} aria-invalid={frame.invalid()}
                    data-testid={frame.id.clone()} />
                <span>{ frame.i18n.words(&frame.field.title) }</span>
            </label>
            { frame.help() }
            { frame.fault() }
        </div>
    }
}
