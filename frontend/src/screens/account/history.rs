//! What happened to the account lately.

use uc_ipc::{IpcError, OpenSignIns, SignInEntry, SignInEvent, SignIns};
use yew::prelude::*;

use crate::{
    components::{icon::Icon, loading::Skeleton, notice::Failure},
    i18n::{I18n, t, use_i18n},
    query::{Loadable, use_query},
};

/// The list, or why there is none.
#[component]
pub(super) fn History() -> Html {
    let i18n = use_i18n();
    let answer = use_query(OpenSignIns {});
    html! {
        <section class="section" aria-labelledby="history-title">
            <h2 class="section-title" id="history-title"><Icon name="history" />{ t!(i18n, "account-history") }</h2>
            { match &answer.state {
                Loadable::Loading => html! { <Skeleton /> },
                // What is above says so already.
                Loadable::Failed(IpcError::Offline) => html! {
                    <p class="muted">{ t!(i18n, "account-history-offline") }</p>
                },
                Loadable::Failed(error) =>
                    html! { <Failure error={error.clone()} retry={answer.retry.clone()} /> },
                Loadable::Ready(found) => list(&i18n, found),
            } }
        </section>
    }
}

fn list(i18n: &I18n, found: &SignIns) -> Html {
    html! {
        <>
            <p class="hint">{ t!(i18n, "account-history-hint") }</p>
            <ul class="events">
                { for found.entries.iter().map(|entry| row(i18n, entry)) }
            </ul>
        </>
    }
}

fn row(i18n: &I18n, entry: &SignInEntry) -> Html {
    let (icon, class) = if entry.succeeded {
        ("circle-check", "event")
    } else {
        ("shield-alert", "event event-refused")
    };
    html! {
        <li {class} data-testid="sign-in-row">
            <Icon name={icon} />
            <div class="session-main">
                <p class="event-title">{ words(i18n, entry.event) }</p>
                <p class="row-meta">
                    <span>{ i18n.moment(entry.at) }</span>
                    if let Some(site) = &entry.site {
                        <span>{ site }</span>
                    }
                    if let Some(device) = &entry.device {
                        <span>{ &device.name }</span>
                    }
                    if let Some(address) = &entry.address {
                        <span>{ t!(i18n, "account-address", address = address.as_str()) }</span>
                    }
                </p>
            </div>
        </li>
    }
}

fn words(i18n: &I18n, event: SignInEvent) -> AttrValue {
    match event {
        SignInEvent::Registered => t!(i18n, "account-event-registered"),
        SignInEvent::PasswordRecovered => t!(i18n, "account-event-password-recovered"),
        SignInEvent::SignedIn => t!(i18n, "account-event-signed-in"),
        SignInEvent::SignedOut => t!(i18n, "account-event-signed-out"),
        SignInEvent::NewDevice => t!(i18n, "account-event-new-device"),
        SignInEvent::PasswordRefused => t!(i18n, "account-event-password-refused"),
        SignInEvent::FactorShown => t!(i18n, "account-event-factor-shown"),
        SignInEvent::FactorRefused => t!(i18n, "account-event-factor-refused"),
        SignInEvent::FactorAdded => t!(i18n, "account-event-factor-added"),
        SignInEvent::FactorRemoved => t!(i18n, "account-event-factor-removed"),
        SignInEvent::ProviderNamed => t!(i18n, "account-event-provider-named"),
        SignInEvent::ProviderRefused => t!(i18n, "account-event-provider-refused"),
        SignInEvent::IdentityLinked => t!(i18n, "account-event-identity-linked"),
        SignInEvent::IdentityUnlinked => t!(i18n, "account-event-identity-unlinked"),
        SignInEvent::EmailReplaced => t!(i18n, "account-event-email-replaced"),
        SignInEvent::PapersGiven => t!(i18n, "account-event-papers-given"),
        SignInEvent::DocumentsSent => t!(i18n, "account-event-documents-sent"),
        SignInEvent::DocumentsOpened => t!(i18n, "account-event-documents-opened"),
        SignInEvent::DocumentsConfirmed => t!(i18n, "account-event-documents-confirmed"),
        SignInEvent::DocumentsReturned => t!(i18n, "account-event-documents-returned"),
        SignInEvent::TurnedAway => t!(i18n, "account-event-turned-away"),
        SignInEvent::Locked => t!(i18n, "account-event-locked"),
        SignInEvent::AccessAllowed => t!(i18n, "account-event-access-allowed"),
        SignInEvent::AccessGivenBack => t!(i18n, "account-event-access-given-back"),
        SignInEvent::AccessEnded => t!(i18n, "account-event-access-ended"),
        SignInEvent::AccessCopied => t!(i18n, "account-event-access-copied"),
        SignInEvent::RoleGiven => t!(i18n, "account-event-role-given"),
        SignInEvent::RoleTaken => t!(i18n, "account-event-role-taken"),
        SignInEvent::BrowserEnded => t!(i18n, "account-event-browser-ended"),
        SignInEvent::Unknown => t!(i18n, "account-event-unknown"),
    }
}
