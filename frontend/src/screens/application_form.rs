//! Filling in a form: step by step, kept as a draft, looked through, sent.

mod acting;
mod control;
mod editor;
mod filling;
mod review;
mod saving;
mod stepper;
mod summary;
mod two_answers;
mod wording;

use std::rc::Rc;

use uc_forms::Form;
use uc_ipc::{ApplicationForm, IpcError, OpenForm};
use uc_model::{ApplicationId, ServiceId};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use self::editor::Editor;
use crate::{
    components::{
        loading::Skeleton,
        notice::{Failure, Notice, Tone},
        page::Page,
    },
    i18n::{I18n, t, use_i18n},
    query::use_act,
    route::Route,
};

/// Props of [`ApplicationFormScreen`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ApplicationFormScreenProps {
    /// What is applied for.
    pub(crate) service: ServiceId,
    /// A draft to go on with, or an application to correct.
    #[prop_or_default]
    pub(crate) application: Option<ApplicationId>,
}

/// A form that was asked for, read once.
#[derive(Debug, Clone, PartialEq)]
struct Opened {
    asked: Rc<ApplicationForm>,
    form: Result<Rc<Form>, IpcError>,
    /// How often it was asked for: each time it is filled in anew.
    turn: u32,
}

impl Opened {
    fn new(asked: ApplicationForm, turn: u32) -> Self {
        let form = Form::parse(&asked.schema, &asked.layout)
            .map(Rc::new)
            .map_err(|_| IpcError::Internal {
                incident: "ui-form".to_owned(),
            });
        Self {
            asked: Rc::new(asked),
            form,
            turn,
        }
    }
}

/// The screen. A new draft takes its own address as soon as it has an id, so that coming back finds the same draft.
#[component]
pub(crate) fn ApplicationFormScreen(props: &ApplicationFormScreenProps) -> Html {
    let navigator = use_navigator();
    let opened = use_state(|| None::<Opened>);
    let open = {
        let opened = opened.clone();
        let turn = opened.as_ref().map_or(0, |opened| opened.turn + 1);
        use_act::<OpenForm>(Callback::from(move |form: ApplicationForm| {
            let route = Route::Draft {
                service: form.service.clone(),
                application: form.application,
            };
            opened.set(Some(Opened::new(form, turn)));
            if let Some(navigator) = &navigator {
                navigator.replace(&route);
            }
        }))
    };
    let request = OpenForm {
        service: props.service.clone(),
        application: props.application,
    };
    {
        let run = open.run.clone();
        let here = opened.as_ref().map(|opened| opened.asked.application);
        use_effect_with(request.clone(), move |request| {
            if here.is_none() || here != request.application {
                run.emit(request.clone());
            }
        });
    }
    let again = open.run.reform(move |()| request.clone());
    if let Some(error) = open.error() {
        return html! { <Failure error={error.clone()} retry={again} /> };
    }
    match &*opened {
        None => html! { <Skeleton /> },
        Some(opened) => html! {
            <OpenedForm key={format!("{}-{}", opened.asked.application, opened.turn)} opened={opened.clone()} {again} />
        },
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct OpenedFormProps {
    opened: Opened,
    again: Callback<()>,
}

/// Heading, the agency's wishes, and the fields.
#[component]
fn OpenedForm(props: &OpenedFormProps) -> Html {
    let i18n = use_i18n();
    let asked = &props.opened.asked;
    let form = match &props.opened.form {
        Ok(form) => Rc::clone(form),
        Err(error) => {
            return html! { <Failure error={error.clone()} retry={props.again.clone()} /> };
        }
    };
    let title = i18n.pick(&asked.title, &asked.title_en).to_owned();
    let up = (
        Route::Service {
            id: asked.service.clone(),
        },
        t!(i18n, "form-up"),
    );
    html! {
        <Page {title} lead={asked.agency.clone()} {up}>
            { notices(&i18n, asked) }
            <Editor asked={Rc::clone(asked)} form={form} again={props.again.clone()} />
        </Page>
    }
}

fn notices(i18n: &I18n, asked: &ApplicationForm) -> Html {
    html! {
        <>
            if let Some(correction) = &asked.correction {
                <Notice tone={Tone::Warning} test_id="correction">
                    <h2 class="ds-heading notice-title">{ t!(i18n, "correction-title") }</h2>
                    <p class="ds-paragraph">{ i18n.pick_or(&correction.note, correction.note_en.as_deref()) }</p>
                </Notice>
            }
            if asked.form_changed {
                <Notice tone={Tone::Info}>
                    <p class="ds-paragraph">{ t!(i18n, "form-changed") }</p>
                </Notice>
            }
        </>
    }
}
