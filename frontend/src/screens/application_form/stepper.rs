//! How far along the form is.

use yew::prelude::*;

use super::filling::{Edit, Filling, Place};
use crate::{
    components::icon::Icon,
    i18n::{I18n, t, use_i18n},
};

/// Props of [`Stepper`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct StepperProps {
    pub(super) filling: UseReducerHandle<Filling>,
}

/// «Шаг 2 из 5», a bar, and on wide windows the names of the steps; those behind lead back.
#[component]
pub(super) fn Stepper(props: &StepperProps) -> Html {
    let i18n = use_i18n();
    let filling = &props.filling;
    let steps: Vec<usize> = (0..filling.form.steps.len())
        .filter(|step| filling.asks(*step))
        .collect();
    let total = steps.len() + 1;
    let here = match filling.place {
        Place::Step(here) => steps.iter().filter(|step| **step < here).count(),
        Place::Review => steps.len(),
    };
    html! {
        <div class="stepper">
            <p class="step-count" id="step-count">{ step_of(&i18n, here + 1, total) }</p>
            <progress class="progress" max={total.to_string()} value={(here + 1).to_string()}
                aria-labelledby="step-count" />
            <ol class="step-list">
                { for steps.iter().enumerate().map(|(index, step)| {
                    let name = i18n.words(&filling.form.steps[*step].title).to_owned();
                    item(filling, index, here, Some(*step), name)
                }) }
                { item(filling, total - 1, here, None, t!(i18n, "form-review").to_string()) }
            </ol>
        </div>
    }
}

fn step_of(i18n: &I18n, step: usize, total: usize) -> AttrValue {
    t!(
        i18n,
        "form-step",
        step = step.to_string(),
        total = total.to_string()
    )
}

fn item(
    filling: &UseReducerHandle<Filling>,
    index: usize,
    here: usize,
    step: Option<usize>,
    name: String,
) -> Html {
    let current = (index == here).then_some("step");
    let number = if index < here {
        html! { <Icon name="check" /> }
    } else {
        html! { { index + 1 } }
    };
    let behind = step.filter(|_| index < here);
    let words = match behind {
        Some(step) => {
            let filling = filling.clone();
            let onclick = Callback::from(move |_: MouseEvent| filling.dispatch(Edit::Go(step)));
            html! { <button type="button" class="step-name step-back" {onclick}>{ name }</button> }
        }
        None => html! { <span class="step-name">{ name }</span> },
    };
    let class = classes!(
        "step",
        behind.map(|_| "step-done"),
        current.map(|_| "step-current")
    );
    html! { <li {class} aria-current={current}><span class="step-number" aria-hidden="true">{ number }</span>{ words }</li> }
}
