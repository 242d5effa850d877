//! All faults in one place, each a link to its field.

use uc_forms::FieldFault;
use yew::prelude::*;

use super::filling::{Edit, Filling};
use crate::{
    backend::dom,
    i18n::{I18n, t, use_i18n},
};

/// Props of [`Summary`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct SummaryProps {
    pub(super) filling: UseReducerHandle<Filling>,
}

/// The summary; it takes the focus each time faults stop the person.
#[component]
pub(super) fn Summary(props: &SummaryProps) -> Html {
    let i18n = use_i18n();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.filling.stops, move |stops| {
            if *stops > 0 {
                dom::focus(&node);
            }
        });
    }
    let faults = props.filling.faults_here();
    if faults.is_empty() || !props.filling.stopped {
        return Html::default();
    }
    let count = i64::try_from(faults.len()).unwrap_or(i64::MAX);
    html! {
        <div class="ds-error-summary error-summary" tabindex="-1" role="group" aria-labelledby="faults-title"
            ref={node} data-testid="error-summary">
            <h2 class="ds-heading notice-title" id="faults-title">{ t!(i18n, "form-faults", n = count) }</h2>
            <ul class="ds-list">{ for faults.iter().map(|fault| link(&i18n, &props.filling, fault)) }</ul>
        </div>
    }
}

fn link(i18n: &I18n, filling: &UseReducerHandle<Filling>, fault: &FieldFault) -> Html {
    let id = format!("field-{}", fault.property);
    let name = filling
        .form
        .field(&fault.property)
        .map_or(fault.property.as_str(), |field| i18n.words(&field.title))
        .to_owned();
    let step = filling.form.step_of(&fault.property);
    let onclick = {
        let (filling, id) = (filling.clone(), id.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            if !dom::focus_id(&id)
                && let Some(step) = step
            {
                filling.dispatch(Edit::Go(step));
                dom::focus_later(id.clone());
            }
        })
    };
    html! {
        <li>
            <a class="ds-link" href={format!("#{id}")} {onclick}>{ name }{ ": " }{ i18n.rule(&fault.rule) }</a>
        </li>
    }
}
