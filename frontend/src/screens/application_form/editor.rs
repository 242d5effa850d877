//! The form itself: fields of the step, or the review; ways on and back; sending.

use std::{cell::Cell, rc::Rc};

use uc_forms::{Form, Item};
use uc_ipc::{ApplicationDetails, ApplicationForm, IpcError, OpenApplication, SubmitApplication};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::{
    acting::ActingChoice,
    control::Control,
    filling::{Edit, Filling, Place},
    review::Review,
    saving::{Saving, use_saving},
    stepper::Stepper,
    summary::Summary,
};
use crate::{
    backend::dom,
    components::{
        button::{Button, Readiness, Weight},
        icon::Icon,
        notice::Failure,
    },
    i18n::{I18n, t, use_i18n},
    query::{Act, Progress, use_act, use_backend},
    route::Route,
};

/// Props of [`Editor`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct EditorProps {
    pub(super) asked: Rc<ApplicationForm>,
    pub(super) form: Rc<Form>,
    /// Asks for the form anew.
    pub(super) again: Callback<()>,
}

/// The editor.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let i18n = use_i18n();
    let filling = {
        let (form, asked) = (Rc::clone(&props.form), Rc::clone(&props.asked));
        use_reducer(move || Filling::new(form, &asked))
    };
    let sent = use_memo((), |()| Cell::new(false));
    let saving = use_saving(
        &props.asked,
        &filling,
        Rc::clone(&sent),
        props.again.clone(),
    );
    let submit = use_submit(&filling, &sent);
    let heading = use_step_focus(filling.place);
    let onsubmit = on_submit(props, &filling, &submit, &sent);
    let title = match filling.place {
        Place::Step(step) => i18n.words(&filling.form.steps[step].title).to_owned(),
        Place::Review => t!(i18n, "form-review").to_string(),
    };
    html! {
        <div class="form-layout">
            <Stepper filling={filling.clone()} />
            <form class="form-card" {onsubmit} novalidate=true>
                <Summary filling={filling.clone()} />
                <h2 class="step-title" tabindex="-1" ref={heading}>{ title }</h2>
                { match filling.place {
                    Place::Step(step) => html! {
                        <>
                            if step == 0 {
                                <ActingChoice filling={filling.clone()} />
                            }
                            { items(&i18n, &filling, &filling.form.steps[step].items) }
                        </>
                    },
                    Place::Review => html! { <Review filling={filling.clone()} /> },
                } }
                { refusal(&submit, props) }
                { footer(&i18n, &filling, submit.is_running()) }
                { saving_state(&i18n, &saving) }
            </form>
        </div>
    }
}

/// Sending: on success the receipt takes this screen's place; faults found by the portal are shown at their fields.
#[hook]
fn use_submit(
    filling: &UseReducerHandle<Filling>,
    sent: &Rc<Cell<bool>>,
) -> Act<SubmitApplication> {
    let backend = use_backend();
    let navigator = use_navigator();
    let submit =
        use_act::<SubmitApplication>(Callback::from(move |details: ApplicationDetails| {
            let id = details.row.id;
            backend.remember(&OpenApplication { application: id }, Rc::new(details));
            if let Some(navigator) = &navigator {
                navigator.replace(&Route::Receipt { id });
            }
        }));
    let (filling, sent) = (filling.clone(), Rc::clone(sent));
    use_effect_with(submit.progress.clone(), move |progress| {
        if let Progress::Failed(error) = progress {
            sent.set(false);
            if let IpcError::Rejected { faults } = error {
                filling.dispatch(Edit::Refuse(faults.clone()));
            }
        }
    });
    submit
}

/// The heading of each new step takes the focus.
#[hook]
fn use_step_focus(place: Place) -> NodeRef {
    let heading = use_node_ref();
    let first = use_mut_ref(|| true);
    let node = heading.clone();
    use_effect_with(place, move |_| {
        if !first.replace(false) {
            dom::scroll_to_top();
            dom::focus(&node);
        }
    });
    heading
}

/// Enter, or the button: to the next step, or away.
fn on_submit(
    props: &EditorProps,
    filling: &UseReducerHandle<Filling>,
    submit: &Act<SubmitApplication>,
    sent: &Rc<Cell<bool>>,
) -> Callback<SubmitEvent> {
    let (filling, run, sent) = (filling.clone(), submit.run.clone(), Rc::clone(sent));
    let asked = Rc::clone(&props.asked);
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if filling.place != Place::Review {
            filling.dispatch(Edit::Next);
            return;
        }
        let mut faults = filling.form.check(&filling.answers);
        faults.extend(filling.undecided(None));
        if faults.is_empty() {
            sent.set(true);
            run.emit(SubmitApplication {
                chosen: filling.chosen.clone(),
                application: asked.application,
                service: asked.service.clone(),
                acting_for: filling.acting.chosen.clone(),
                answers: filling.form.settle(&filling.answers),
            });
        } else {
            filling.dispatch(Edit::Refuse(faults));
        }
    })
}

fn items(i18n: &I18n, filling: &UseReducerHandle<Filling>, items: &[Item]) -> Html {
    items.iter().map(|part| item(i18n, filling, part)).collect()
}

fn item(i18n: &I18n, filling: &UseReducerHandle<Filling>, item: &Item) -> Html {
    let shows = |rule| filling.form.is_visible(rule, &filling.answers);
    match item {
        Item::Group {
            title,
            items: inner,
            rule,
        } if shows(rule.as_ref()) => html! {
            <fieldset class="ds-fieldset group">
                <legend class="group-title">{ i18n.words(title) }</legend>
                { items(i18n, filling, inner) }
            </fieldset>
        },
        Item::Label { text, rule } if shows(rule.as_ref()) => html! {
            <p class="form-label"><Icon name="info" /><span>{ i18n.words(text) }</span></p>
        },
        Item::Control { property, rule } if shows(rule.as_ref()) => html! {
            <Control key={property.clone()} property={property.clone()} filling={filling.clone()} />
        },
        Item::Group { .. } | Item::Label { .. } | Item::Control { .. } => Html::default(),
    }
}

/// Why it was not sent; a form that changed meanwhile is asked for anew.
fn refusal(submit: &Act<SubmitApplication>, props: &EditorProps) -> Html {
    let Some(error) = submit.error() else {
        return Html::default();
    };
    let retry = (*error == IpcError::StaleForm).then(|| props.again.clone());
    html! { <Failure error={error.clone()} {retry} /> }
}

fn footer(i18n: &I18n, filling: &UseReducerHandle<Filling>, sending: bool) -> Html {
    let back = {
        let filling = filling.clone();
        Callback::from(move |()| filling.dispatch(Edit::Back))
    };
    let first = filling.place == Place::Step(0);
    let (icon, test_id, words) = match filling.place {
        Place::Step(_) => ("arrow-right", "next-step", t!(i18n, "form-next")),
        Place::Review => ("send", "submit", t!(i18n, "form-submit")),
    };
    html! {
        <div class="form-foot">
            <Button kind="submit" {icon} {test_id} readiness={Readiness::busy_if(sending)}>{ words }</Button>
            if !first {
                <Button weight={Weight::Secondary} icon="arrow-left" test_id="back-step" onclick={back}>
                    { t!(i18n, "form-back") }
                </Button>
            }
        </div>
    }
}

/// How the keeping stands; where another device changed the draft, a way to see it.
fn saving_state(i18n: &I18n, (saving, reload): &(Saving, Callback<()>)) -> Html {
    html! {
        <>
            <p class="saving" role="status" data-testid="draft-saved">{ saving_words(i18n, *saving) }</p>
            if matches!(saving, Saving::ChangedElsewhere(_)) {
                <Button weight={Weight::Secondary} icon="refresh-cw" test_id="draft-reload" onclick={reload.clone()}>
                    { t!(i18n, "draft-reload") }
                </Button>
            }
        </>
    }
}

fn saving_words(i18n: &I18n, saving: Saving) -> AttrValue {
    match saving {
        Saving::Untouched => t!(i18n, "draft-untouched"),
        Saving::Pending => t!(i18n, "draft-pending"),
        Saving::Saved(at) => t!(i18n, "draft-saved", time = i18n.time(at).as_str()),
        Saving::ChangedElsewhere(at) => {
            t!(
                i18n,
                "draft-changed-elsewhere",
                time = i18n.time(at).as_str()
            )
        }
        Saving::Failed => t!(i18n, "draft-failed"),
    }
}
