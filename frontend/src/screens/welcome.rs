//! The first screen: what this is, and the way in.

use uc_ipc::{Appearance, CancelSignIn, Language, Phase, SignIn, UpdateAppearance};
use yew::prelude::*;

use crate::{
    backend::dom,
    components::{
        button::{Button, Readiness, Weight},
        icon::Icon,
        language_switch::LanguageSwitch,
        notice::Failure,
        route_link::RouteLink,
    },
    i18n::{I18n, t, use_i18n},
    query::use_act,
    route::Route,
    session::use_session,
};

/// Welcome, and waiting for the browser.
#[component]
pub(crate) fn WelcomeScreen() -> Html {
    let i18n = use_i18n();
    let title = t!(
        i18n,
        "window-title",
        screen = t!(i18n, "welcome-title").as_str()
    );
    use_effect_with(title, |title| dom::set_title(title));
    html! {
        <div class="gate">
            <section class="gate-story" aria-hidden="true">
                <span class="gate-mark" />
                <p class="gate-claim">{ t!(i18n, "welcome-claim") }</p>
                <ul class="gate-points">
                    { point("search", t!(i18n, "welcome-point-catalogue")) }
                    { point("cloud-off", t!(i18n, "welcome-point-offline")) }
                    { point("shield-check", t!(i18n, "welcome-point-safe")) }
                </ul>
            </section>
            <main class="gate-main">
                <GateTools />
                <Entrance />
                <p class="gate-foot">{ t!(i18n, "about-independent") }</p>
            </main>
        </div>
    }
}

fn point(icon: &'static str, words: AttrValue) -> Html {
    html! { <li class="gate-point"><Icon name={icon} /><span>{ words }</span></li> }
}

/// The language, one click away before anybody signed in.
#[component]
pub(crate) fn GateTools() -> Html {
    let handle = use_session();
    let update = use_act::<UpdateAppearance>(handle.replace.clone());
    let appearance = handle.session.appearance;
    let on_choice = update
        .run
        .reform(move |language: Language| UpdateAppearance {
            appearance: Appearance {
                language,
                ..appearance
            },
        });
    html! { <div class="gate-tools"><LanguageSwitch {on_choice} /></div> }
}

#[component]
fn Entrance() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let sign_in = use_act::<SignIn>(handle.replace.clone());
    let cancel = use_act::<CancelSignIn>(handle.replace.clone());
    let waiting = handle.session.phase == Phase::SigningIn || sign_in.is_running();
    if waiting {
        return waiting_room(&i18n, cancel.run.reform(|()| CancelSignIn {}));
    }
    let onclick = sign_in.run.reform(|()| SignIn {});
    html! {
        <div class="gate-card">
            <h1 class="gate-title">{ t!(i18n, "welcome-title") }</h1>
            <p class="gate-lead">{ t!(i18n, "welcome-lead") }</p>
            if let Some(error) = sign_in.error() {
                <Failure error={error.clone()} />
            }
            <Button icon="log-in" class="button-wide" test_id="sign-in" {onclick}
                readiness={Readiness::busy_if(sign_in.is_running())}>{ t!(i18n, "sign-in-button") }</Button>
            <p class="gate-hint">{ t!(i18n, "sign-in-browser-hint") }</p>
            <div class="gate-or">{ t!(i18n, "welcome-or") }</div>
            <RouteLink to={Route::Catalogue} class="ds-button button button-wide" variant="secondary"
                test_id="browse-catalogue">
                <Icon name="layout-grid" /><span>{ t!(i18n, "welcome-browse") }</span>
            </RouteLink>
            <PortalLine />
        </div>
    }
}

fn waiting_room(i18n: &I18n, on_cancel: Callback<()>) -> Html {
    html! {
        <div class="gate-card gate-waiting" role="status">
            <span class="waiting-ring" aria-hidden="true" />
            <h1 class="gate-title">{ t!(i18n, "signing-in-title") }</h1>
            <p class="gate-lead">{ t!(i18n, "signing-in-lead") }</p>
            <Button weight={Weight::Secondary} class="button-wide" test_id="cancel-sign-in" onclick={on_cancel}>
                { t!(i18n, "signing-in-cancel") }
            </Button>
        </div>
    }
}

/// Which portal the sign-in goes to.
#[component]
fn PortalLine() -> Html {
    let i18n = use_i18n();
    let portal = &use_session().session.portal;
    html! {
        <p class="gate-portal">
            <Icon name="server" />
            <span>{ t!(i18n, "portal-at", address = portal.address.as_str()) }</span>
            if portal.demo {
                <span class="ds-tag" data-color="warning">{ t!(i18n, "portal-demo") }</span>
            }
        </p>
    }
}
