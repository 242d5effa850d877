//! Every place where the person is signed in, and the way to end it.

use uc_ipc::{
    AccountSession, AccountSessions, DeviceSystem, EndAccountSession, EndOtherSessions,
    OpenAccountSessions, RenameDevice, SessionKind,
};
use uc_model::SessionId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{
        button::{Button, Effect, Readiness, Weight},
        dialog::ConfirmDialog,
        icon::Icon,
        loading::Skeleton,
        notice::Failure,
    },
    i18n::{I18n, t, use_i18n},
    query::{Loadable, use_act, use_query},
};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Question {
    /// Whether to end.
    End(Target),
    /// What to call the device of a session, which has this name.
    Name(SessionId, String),
}

/// What is about to be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    One(SessionId),
    Others,
}

/// The list, or why there is none.
#[component]
pub(super) fn Sessions() -> Html {
    let i18n = use_i18n();
    let answer = use_query(OpenAccountSessions {});
    let question = use_state(|| None::<Question>);
    let ask = {
        let question = question.clone();
        Callback::from(move |asked| question.set(Some(asked)))
    };
    let close = {
        let question = question.clone();
        Callback::from(move |()| question.set(None))
    };
    html! {
        <section class="section" aria-labelledby="sessions-title">
            <h2 class="section-title" id="sessions-title"><Icon name="monitor" />{ t!(i18n, "account-sessions") }</h2>
            { match &answer.state {
                Loadable::Loading => html! { <Skeleton /> },
                Loadable::Failed(error) =>
                    html! { <Failure error={error.clone()} retry={answer.retry.clone()} /> },
                Loadable::Ready(found) => list(&i18n, found, &ask),
            } }
            { match (*question).clone() {
                Some(Question::Name(session, name)) => html! { <NameDialog {session} {name} {close} /> },
                Some(Question::End(target)) => html! { <EndDialog {target} {close} /> },
                None => Html::default(),
            } }
        </section>
    }
}

fn list(i18n: &I18n, found: &AccountSessions, ask: &Callback<Question>) -> Html {
    let others = found.sessions.iter().any(|session| !session.is_current);
    html! {
        <>
            <ul class="letters">
                { for found.sessions.iter().map(|session| row(i18n, session, ask)) }
            </ul>
            if others {
                <div class="actions">
                    <Button weight={Weight::Secondary} icon="log-out" test_id="end-others"
                        onclick={ask.reform(|()| Question::End(Target::Others))}>{ t!(i18n, "account-end-others") }</Button>
                </div>
            }
        </>
    }
}

fn row(i18n: &I18n, session: &AccountSession, ask: &Callback<Question>) -> Html {
    let id = session.id;
    html! {
        <li class="letter session" key={id.to_string()} data-testid="session-row" data-kind={word(&session.kind)}>
            <Icon name={icon(session)} class="session-icon" />
            <div class="session-main">
                <p class="letter-head">
                    <strong>{ title(i18n, &session.kind) }</strong>
                    if session.is_current {
                        <span class="ds-tag" data-color="success">{ t!(i18n, "account-this") }</span>
                    }
                </p>
                if let Some(device) = &session.device {
                    <p>{ &device.name }</p>
                }
                <p class="row-meta">
                    <span>{ t!(i18n, "account-used", moment = i18n.moment(session.last_used_at).as_str()) }</span>
                    <span>{ t!(i18n, "account-signed-in", moment = i18n.moment(session.signed_in_at).as_str()) }</span>
                </p>
            </div>
            if let Some(name) = session.device.as_ref().map(|device| device.name.clone()) {
                <Button weight={Weight::Tertiary} test_id="rename-device"
                    onclick={ask.reform(move |()| Question::Name(id, name.clone()))}>{ t!(i18n, "account-rename") }</Button>
            }
            if !session.is_current {
                <Button weight={Weight::Tertiary} onclick={ask.reform(move |()| Question::End(Target::One(id)))}
                    test_id="end-session">{ t!(i18n, "account-end") }</Button>
            }
        </li>
    }
}

/// The kind for those who look from outside.
const fn word(kind: &SessionKind) -> &'static str {
    match kind {
        SessionKind::App => "app",
        SessionKind::Site { .. } => "site",
        SessionKind::Browser => "browser",
        SessionKind::Unknown => "unknown",
    }
}

fn icon(session: &AccountSession) -> &'static str {
    let system = session.device.as_ref().map(|device| device.system);
    match (&session.kind, system) {
        (SessionKind::Site { .. } | SessionKind::Unknown, _) => "globe",
        (SessionKind::App | SessionKind::Browser, Some(DeviceSystem::Phone)) => "smartphone",
        (
            SessionKind::App | SessionKind::Browser,
            Some(DeviceSystem::Computer | DeviceSystem::Unknown) | None,
        ) => "monitor",
    }
}

fn title(i18n: &I18n, kind: &SessionKind) -> AttrValue {
    match kind {
        SessionKind::App => t!(i18n, "account-kind-app"),
        SessionKind::Site { name } => AttrValue::from(name.clone()),
        SessionKind::Browser => t!(i18n, "account-kind-browser"),
        SessionKind::Unknown => t!(i18n, "account-kind-unknown"),
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct EndDialogProps {
    target: Target,
    close: Callback<()>,
}

/// Asks, ends and closes; a refusal stays in sight.
#[component]
fn EndDialog(props: &EndDialogProps) -> Html {
    let i18n = use_i18n();
    let done = props.close.reform(|_: AccountSessions| ());
    let one = use_act::<EndAccountSession>(done.clone());
    let others = use_act::<EndOtherSessions>(done);
    let (title, text, confirm) = words(&i18n, &props.target);
    let on_confirm = {
        let (target, one, others) = (props.target.clone(), one.run.clone(), others.run.clone());
        Callback::from(move |()| match target {
            Target::One(session) => one.emit(EndAccountSession { session }),
            Target::Others => others.emit(EndOtherSessions {}),
        })
    };
    let running = one.is_running() || others.is_running();
    html! {
        <ConfirmDialog {title} {confirm} test_id="end-confirm"
            readiness={Readiness::busy_if(running)} on_close={props.close.clone()} {on_confirm}>
            <p class="ds-paragraph">{ text }</p>
            if let Some(error) = one.error().or_else(|| others.error()) {
                <Failure error={error.clone()} />
            }
        </ConfirmDialog>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct NameDialogProps {
    session: SessionId,
    name: String,
    close: Callback<()>,
}

/// Asks what a device is to be called; a refusal stays in sight.
#[component]
fn NameDialog(props: &NameDialogProps) -> Html {
    let i18n = use_i18n();
    let name = use_state(|| props.name.clone());
    let act = use_act::<RenameDevice>(props.close.reform(|_: AccountSessions| ()));
    let oninput = {
        let name = name.clone();
        Callback::from(move |event: InputEvent| {
            name.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let on_confirm = {
        let (session, name) = (props.session, (*name).clone());
        act.run.reform(move |()| RenameDevice {
            session,
            name: name.clone(),
        })
    };
    let readiness = if name.trim().is_empty() {
        Readiness::Disabled
    } else {
        Readiness::busy_if(act.is_running())
    };
    html! {
        <ConfirmDialog title={t!(i18n, "account-rename-title")} confirm={t!(i18n, "account-rename-save")}
            test_id="rename-confirm" effect={Effect::Safe} {readiness} on_close={props.close.clone()} {on_confirm}>
            <div class="ds-field">
                <label class="ds-label" for="device-name" data-weight="medium">{ t!(i18n, "account-rename-label") }</label>
                <p class="field-hint" id="device-name-hint">{ t!(i18n, "account-rename-hint") }</p>
                <input class="ds-input" id="device-name" type="text" maxlength="60" value={(*name).clone()} {oninput}
                    autocomplete="off" aria-describedby="device-name-hint" data-testid="device-name" />
            </div>
            if let Some(error) = act.error() {
                <Failure error={error.clone()} />
            }
        </ConfirmDialog>
    }
}

/// The question, what follows from yes, and the word for it.
fn words(i18n: &I18n, target: &Target) -> (AttrValue, AttrValue, AttrValue) {
    match target {
        Target::One(_) => (
            t!(i18n, "account-end-title"),
            t!(i18n, "account-end-text"),
            t!(i18n, "account-end"),
        ),
        Target::Others => (
            t!(i18n, "account-end-others-title"),
            t!(i18n, "account-end-others-text"),
            t!(i18n, "account-end-others"),
        ),
    }
}
