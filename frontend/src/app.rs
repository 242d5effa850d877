//! Providers, and which screen stands at which place.

use uc_ipc::Phase;
use uc_model::{ApplicationId, ServiceId};
use yew::prelude::*;
use yew_router::{
    HashRouter,
    hooks::{use_navigator, use_route},
};

use crate::{
    query::BackendProvider,
    route::Route,
    screens::{
        account::AccountScreen, application_form::ApplicationFormScreen,
        catalogue::CatalogueScreen, change_passcode::ChangePasscodeScreen, home::HomeScreen,
        inbox::InboxScreen, not_found::NotFoundScreen, profile::ProfileScreen,
        receipt::ReceiptScreen, request::RequestScreen, requests::RequestsScreen,
        service::ServiceScreen, services::ServicesScreen, set_passcode::SetPasscodeScreen,
        settings::SettingsScreen, unlock::UnlockScreen, welcome::WelcomeScreen,
    },
    session::{SessionProvider, use_session},
    shell::Shell,
};

/// The whole interface.
#[component]
pub(crate) fn App() -> Html {
    html! {
        <BackendProvider>
            <SessionProvider>
                <HashRouter><Stage /></HashRouter>
            </SessionProvider>
        </BackendProvider>
    }
}

/// What the phase of the session allows to be shown.
#[component]
fn Stage() -> Html {
    let handle = use_session();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    use_requested();
    match &handle.session.phase {
        Phase::SignedOut if route.is_public() => {
            html! { <Shell route={route.clone()}>{ screen(route) }</Shell> }
        }
        Phase::SignedOut | Phase::SigningIn => html! { <WelcomeScreen /> },
        Phase::NeedsPasscode => html! { <SetPasscodeScreen /> },
        Phase::Locked { .. } => html! { <UnlockScreen /> },
        Phase::Open { .. } => html! { <Shell route={route.clone()}>{ screen(route) }</Shell> },
    }
}

/// Goes to the application that a click outside the window asked for, as soon as the vault is open.
#[hook]
fn use_requested() {
    let handle = use_session();
    let navigator = use_navigator();
    let requested = handle.session.requested.filter(|_| handle.is_open());
    use_effect_with(requested, move |requested| {
        if let (Some(id), Some(navigator)) = (requested, navigator) {
            navigator.push(&Route::Request { id: *id });
        }
    });
}

/// One screen for each place. The key makes a screen new when its subject changes.
fn screen(route: Route) -> Html {
    let key = route.href();
    match route {
        Route::Home => html! { <HomeScreen /> },
        Route::Catalogue => html! { <CatalogueScreen /> },
        Route::LifeSituation { .. } | Route::Agency { .. } | Route::Region { .. } => {
            html! { <ServicesScreen {key} {route} /> }
        }
        Route::Service { id } => html! { <ServiceScreen {key} {id} /> },
        Route::Apply { service } => form(service, None),
        Route::Draft {
            service,
            application,
        } => form(service, Some(application)),
        Route::Requests => html! { <RequestsScreen /> },
        Route::Request { id } => html! { <RequestScreen {key} {id} /> },
        Route::Receipt { id } => html! { <ReceiptScreen {key} {id} /> },
        Route::Inbox => html! { <InboxScreen /> },
        Route::Settings => html! { <SettingsScreen /> },
        Route::ChangePasscode => html! { <ChangePasscodeScreen /> },
        Route::Account => html! { <AccountScreen /> },
        Route::Profile => html! { <ProfileScreen /> },
        Route::NotFound => html! { <NotFoundScreen /> },
    }
}

/// A new draft stays the same screen when it takes its own address, so the key is the service alone.
fn form(service: ServiceId, application: Option<ApplicationId>) -> Html {
    let key = service.to_string();
    html! { <ApplicationFormScreen {key} {service} {application} /> }
}
