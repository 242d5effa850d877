//! Looking everything through before it is sent.

use uc_forms::Field;
use uc_model::Answers;
use yew::prelude::*;

use super::{
    acting::reviewed,
    filling::{Edit, Filling},
    wording::{answer_text, masked},
};
use crate::{
    components::{
        button::{Button, Weight},
        icon::Icon,
    },
    i18n::{I18n, t, use_i18n},
};

/// Props of [`Review`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ReviewProps {
    pub(super) filling: UseReducerHandle<Filling>,
}

/// What will be sent, by step, each step with a way back to it. Sensitive answers are dots until asked for.
#[component]
pub(super) fn Review(props: &ReviewProps) -> Html {
    let i18n = use_i18n();
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |()| open.set(!*open))
    };
    let filling = &props.filling;
    let settled = filling.form.settle(&filling.answers);
    let (icon, words) = if *open {
        ("eye-off", t!(i18n, "form-hide-sensitive"))
    } else {
        ("eye", t!(i18n, "form-show-sensitive"))
    };
    html! {
        <>
            <p class="review-lead">{ t!(i18n, "form-review-lead") }</p>
            if has_sensitive(filling) {
                <Button weight={Weight::Tertiary} {icon} onclick={toggle}>{ words }</Button>
            }
            { reviewed(&i18n, &filling.acting) }
            { for (0..filling.form.steps.len()).filter(|step| filling.asks(*step)).map(|step| {
                step_card(&i18n, filling, &settled, step, *open)
            }) }
        </>
    }
}

fn has_sensitive(filling: &Filling) -> bool {
    filling.answers.keys().any(|property| {
        filling
            .form
            .field(property)
            .is_some_and(|field| field.sensitive)
    })
}

fn step_card(
    i18n: &I18n,
    filling: &UseReducerHandle<Filling>,
    settled: &Answers,
    step: usize,
    open: bool,
) -> Html {
    let title = i18n.words(&filling.form.steps[step].title).to_owned();
    let fields = filling
        .form
        .visible_properties(step, &filling.answers)
        .into_iter()
        .filter_map(|property| filling.form.field(property));
    let onclick = {
        let filling = filling.clone();
        Callback::from(move |_: MouseEvent| filling.dispatch(Edit::Go(step)))
    };
    let label = t!(i18n, "form-change-step", step = title.as_str());
    html! {
        <section class="review-card">
            <header class="review-head">
                <h3 class="review-title">{ title }</h3>
                <button type="button" class="review-change" {onclick} aria-label={label}>
                    <Icon name="pencil" />{ t!(i18n, "form-change") }
                </button>
            </header>
            <dl class="answers">{ for fields.map(|field| answer(i18n, settled, field, open)) }</dl>
        </section>
    }
}

fn answer(i18n: &I18n, settled: &Answers, field: &Field, open: bool) -> Html {
    let given = settled.get(&field.property);
    let words = given.map(|answer| answer_text(i18n, field, answer));
    html! {
        <div class="answer">
            <dt>{ i18n.words(&field.title) }</dt>
            <dd>
                { match words {
                    None => html! { <span class="unknown">{ t!(i18n, "answer-none") }</span> },
                    Some(text) if field.sensitive && !open => html! { { masked(&text) } },
                    Some(text) => html! { { text } },
                } }
            </dd>
        </div>
    }
}
