//! Every place where the person is signed in, and the way to end it.

use uc_ipc::{
    AccountSession, AccountSessions, DeviceSystem, EndAccountSession, EndOtherSessions,
    OpenAccountSessions, SessionKind,
};
use uc_model::SessionId;
use yew::prelude::*;

use crate::{
    components::{
        button::{Button, Readiness, Weight},
        dialog::ConfirmDialog,
        icon::Icon,
        loading::Skeleton,
        notice::Failure,
    },
    i18n::{I18n, t, use_i18n},
    query::{Loadable, use_act, use_query},
};

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
    let target = use_state(|| None::<Target>);
    let ask = {
        let target = target.clone();
        Callback::from(move |wanted| target.set(Some(wanted)))
    };
    let close = {
        let target = target.clone();
        Callback::from(move |()| target.set(None))
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
            if let Some(target) = (*target).clone() {
                <EndDialog {target} {close} />
            }
        </section>
    }
}

fn list(i18n: &I18n, found: &AccountSessions, ask: &Callback<Target>) -> Html {
    let others = found.sessions.iter().any(|session| !session.is_current);
    html! {
        <>
            <ul class="letters">
                { for found.sessions.iter().map(|session| row(i18n, session, ask)) }
            </ul>
            if others {
                <div class="actions">
                    <Button weight={Weight::Secondary} icon="log-out" test_id="end-others"
                        onclick={ask.reform(|()| Target::Others)}>{ t!(i18n, "account-end-others") }</Button>
                </div>
            }
        </>
    }
}

fn row(i18n: &I18n, session: &AccountSession, ask: &Callback<Target>) -> Html {
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
            if !session.is_current {
                <Button weight={Weight::Tertiary} onclick={ask.reform(move |()| Target::One(id))}
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
