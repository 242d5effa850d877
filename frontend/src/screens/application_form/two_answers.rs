//! Two answers to one question, from two devices: the person chooses.

use uc_forms::Field;
use yew::prelude::*;

use super::{
    filling::{Edit, Filling},
    wording::answer_text,
};
use crate::{
    components::{
        button::{Button, Weight},
        icon::Icon,
    },
    i18n::{I18n, t},
};

/// What another device answered, and the choice between the two; nothing where they agree.
pub(super) fn two_answers(i18n: &I18n, filling: &UseReducerHandle<Filling>, field: &Field) -> Html {
    let Some(other) = filling.others.get(&field.property) else {
        return Html::default();
    };
    let words = if other.is_null() {
        t!(i18n, "two-answers-none")
    } else {
        let answer = answer_text(i18n, field, other);
        t!(i18n, "two-answers-other", answer = answer.as_str())
    };
    let choose = |takes_other: bool| {
        let (filling, property) = (filling.clone(), field.property.clone());
        Callback::from(move |()| {
            filling.dispatch(Edit::Decide {
                property: property.clone(),
                takes_other,
            });
        })
    };
    let id = format!("field-{}", field.property);
    let label = t!(
        i18n,
        "two-answers-label",
        question = i18n.words(&field.title)
    );
    html! {
        <div class="two-answers" role="group" aria-label={label} data-testid={format!("{id}-two-answers")}>
            <p><Icon name="smartphone" />{ words }</p>
            <div class="two-answers-choice">
                <Button weight={Weight::Secondary} icon="check" test_id={format!("{id}-other")} onclick={choose(true)}>
                    { t!(i18n, "two-answers-take") }
                </Button>
                <Button weight={Weight::Tertiary} icon="undo-2" test_id={format!("{id}-own")} onclick={choose(false)}>
                    { t!(i18n, "two-answers-keep") }
                </Button>
            </div>
        </div>
    }
}
