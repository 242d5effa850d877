//! An application with its history.

mod timeline;

use uc_ipc::{
    Action, ApplicationDetails, ApplicationState, CancelApplication, DiscardDraft, OpenApplication,
};
use uc_model::ApplicationId;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use self::timeline::timeline;
use crate::{
    components::{
        button::{Button, Effect, Readiness, Weight},
        dialog::ConfirmDialog,
        icon::Icon,
        loading::show,
        notice::{Failure, Notice, Tone},
        page::Page,
        route_link::RouteLink,
        state_tag::StateTag,
    },
    i18n::{I18n, t, use_i18n},
    query::{use_act, use_query},
    route::Route,
};

/// Props of [`RequestScreen`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct RequestScreenProps {
    /// Which.
    pub(crate) id: ApplicationId,
}

/// The screen.
#[component]
pub(crate) fn RequestScreen(props: &RequestScreenProps) -> Html {
    let i18n = use_i18n();
    let answer = use_query(OpenApplication {
        application: props.id,
    });
    show(&answer, |details| {
        let title = i18n
            .pick(&details.row.title, &details.row.title_en)
            .to_owned();
        html! {
            <Page {title} up={(Route::Requests, t!(i18n, "requests-title"))}>
                { summary(&i18n, details) }
                { correction(&i18n, details) }
                <Actions details={details.clone()} />
                <div class="split">
                    <div class="split-main">
                        { timeline(&i18n, details) }
                        { messages(&i18n, details) }
                    </div>
                    <aside class="split-side" aria-label={t!(i18n, "request-answers")}>
                        { answers(&i18n, details) }
                    </aside>
                </div>
            </Page>
        }
    })
}

/// State, number, deadline, and what is next.
fn summary(i18n: &I18n, details: &ApplicationDetails) -> Html {
    let row = &details.row;
    html! {
        <div class="summary-card">
            <div class="summary-line">
                <StateTag state={row.state} />
                if let Some(number) = &row.number {
                    <span class="number">{ t!(i18n, "request-number", number = number.as_str()) }</span>
                }
                <span class="muted">{ &row.agency }</span>
            </div>
            <p class="next-step" aria-live="polite">
                <span class="next-step-name">{ t!(i18n, "request-next") }</span>
                { i18n.next_step(details.next_step) }
            </p>
            if let ApplicationState::Queued { since } = row.state {
                <p class="muted">{ t!(i18n, "request-queued-since", moment = i18n.moment(since).as_str()) }</p>
            }
            if let Some(due) = row.due_at {
                <p class="due-line">
                    <Icon name="calendar-clock" />
                    <span>
                        { t!(i18n, "request-due", day = i18n.day(due).as_str()) }{ " · " }
                        <strong>{ i18n.countdown(due) }</strong>
                    </span>
                </p>
            }
        </div>
    }
}

/// What the agency, or the portal, wants mended.
fn correction(i18n: &I18n, details: &ApplicationDetails) -> Html {
    if let Some(correction) = &details.correction {
        return html! {
            <Notice tone={Tone::Warning} test_id="correction">
                <h2 class="ds-heading notice-title">{ t!(i18n, "correction-title") }</h2>
                <p class="ds-paragraph">{ i18n.pick_or(&correction.note, correction.note_en.as_deref()) }</p>
            </Notice>
        };
    }
    if details.returned.is_empty() {
        return Html::default();
    }
    html! {
        <Notice tone={Tone::Warning} test_id="returned">
            <h2 class="ds-heading notice-title">{ t!(i18n, "returned-title") }</h2>
            <ul class="bullets">
                { for details.returned.iter().map(|answer| html! {
                    <li>
                        <strong>{ i18n.pick_or(&answer.title, answer.title_en.as_deref()) }</strong>{ ": " }
                        { i18n.rule(&answer.fault.rule) }
                    </li>
                }) }
            </ul>
        </Notice>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct ActionsProps {
    details: ApplicationDetails,
}

/// Go on, correct, withdraw: what the core allows.
#[component]
fn Actions(props: &ActionsProps) -> Html {
    let i18n = use_i18n();
    let asked = use_state(|| false);
    let ask = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(true))
    };
    let close = Callback::from({
        let asked = asked.clone();
        move |()| asked.set(false)
    });
    let details = &props.details;
    if details.actions.is_empty() {
        return Html::default();
    }
    html! {
        <div class="actions">
            { for details.actions.iter().map(|action| match action {
                Action::Continue | Action::Correct => fill_in(&i18n, details, *action),
                Action::Cancel => html! {
                    <Button weight={Weight::Secondary} effect={Effect::Destructive} icon="undo-2"
                        test_id="cancel-request" onclick={ask.clone()}>{ i18n.action(*action) }</Button>
                },
            }) }
            if *asked {
                <CancelDialog id={details.row.id} draft={details.row.state == ApplicationState::Draft}
                    on_close={close} />
            }
        </div>
    }
}

fn fill_in(i18n: &I18n, details: &ApplicationDetails, action: Action) -> Html {
    let to = Route::Draft {
        service: details.row.service.clone(),
        application: details.row.id,
    };
    html! {
        <RouteLink {to} class="ds-button button" variant="primary" test_id="correct">
            <Icon name="file-pen-line" /><span>{ i18n.action(action) }</span>
        </RouteLink>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct CancelDialogProps {
    id: ApplicationId,
    draft: bool,
    on_close: Callback<()>,
}

/// The question before a withdrawal, or before a draft is thrown away.
#[component]
fn CancelDialog(props: &CancelDialogProps) -> Html {
    let i18n = use_i18n();
    let navigator = use_navigator();
    let cancel = use_act::<CancelApplication>(props.on_close.reform(|_| ()));
    let discard = use_act::<DiscardDraft>(Callback::from(move |_| {
        if let Some(navigator) = &navigator {
            navigator.replace(&Route::Requests);
        }
    }));
    let id = props.id;
    let (title, text, confirm, act) = if props.draft {
        let run = discard
            .run
            .reform(move |()| DiscardDraft { application: id });
        (
            t!(i18n, "discard-title"),
            t!(i18n, "discard-text"),
            t!(i18n, "discard-confirm"),
            run,
        )
    } else {
        let run = cancel
            .run
            .reform(move |()| CancelApplication { application: id });
        (
            t!(i18n, "cancel-title"),
            t!(i18n, "cancel-text"),
            t!(i18n, "cancel-confirm"),
            run,
        )
    };
    html! {
        <ConfirmDialog {title} {confirm} test_id="cancel-confirm" on_close={props.on_close.clone()} on_confirm={act}
            readiness={Readiness::busy_if(cancel.is_running() || discard.is_running())}>
            <p class="ds-paragraph">{ text }</p>
            if let Some(error) = cancel.error().or(discard.error()) {
                <Failure error={error.clone()} />
            }
        </ConfirmDialog>
    }
}

fn messages(i18n: &I18n, details: &ApplicationDetails) -> Html {
    if details.messages.is_empty() {
        return Html::default();
    }
    html! {
        <section class="section" aria-labelledby="messages">
            <h2 class="section-title" id="messages"><Icon name="message-square-text" />
                { t!(i18n, "request-messages") }</h2>
            <ul class="bubbles">
                { for details.messages.iter().map(|message| html! {
                    <li class="bubble" key={message.id.to_string()}>
                        <p class="bubble-head">
                            <strong>{ &message.agency }</strong>{ " · " }{ i18n.moment(message.sent_at) }
                        </p>
                        <p class="bubble-text">{ i18n.pick_or(&message.text, message.text_en.as_deref()) }</p>
                    </li>
                }) }
            </ul>
        </section>
    }
}

fn answers(i18n: &I18n, details: &ApplicationDetails) -> Html {
    if details.answers.is_empty() {
        return Html::default();
    }
    html! {
        <details class="ds-details fold">
            <summary>{ t!(i18n, "request-answers") }</summary>
            <dl class="answers">
                if let Some(name) = &details.acting_for {
                    <div class="answer"><dt>{ t!(i18n, "request-acting-for") }</dt><dd>{ i18n.acting_name(name) }</dd></div>
                }
                { for details.answers.iter().map(|answer| html! {
                    <div class="answer">
                        <dt>{ i18n.pick_or(&answer.title, answer.title_en.as_deref()) }</dt>
                        <dd>{ i18n.pick_or(&answer.text, answer.text_en.as_deref()) }</dd>
                    </div>
                }) }
            </dl>
        </details>
    }
}
