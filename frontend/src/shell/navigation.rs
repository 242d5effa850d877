//! Ways to the sections.

use uc_ipc::{Lock, Phase};
use yew::prelude::*;

use crate::{
    components::{
        button::{Button, Weight},
        icon::Icon,
        route_link::RouteLink,
    },
    i18n::{I18n, t, use_i18n},
    query::use_act,
    route::{Route, Section},
    session::use_session,
};

/// Props of [`Navigation`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct NavigationProps {
    /// The section that is shown.
    pub(crate) section: Option<Section>,
}

/// The product's name, the sections, and the lock.
#[component]
pub(crate) fn Navigation(props: &NavigationProps) -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    html! {
        <header class="side">
            <RouteLink to={Route::Home} class="brand">
                <span class="brand-mark" aria-hidden="true" />
                <span class="brand-name">{ t!(i18n, "product-name") }</span>
            </RouteLink>
            <nav class="nav" aria-label={t!(i18n, "nav-label")}>
                <ul class="nav-list">
                    { for Section::ALL.into_iter().map(|section| {
                        item(&i18n, section, props.section, handle.session.unread)
                    }) }
                </ul>
            </nav>
            <div class="side-foot"><Person /></div>
        </header>
    }
}

fn item(i18n: &I18n, section: Section, current: Option<Section>, unread: u32) -> Html {
    let current = (current == Some(section)).then_some(AttrValue::Static("page"));
    let badge = (section == Section::Inbox && unread > 0).then_some(unread);
    html! {
        <li>
            <RouteLink to={section.route()} class="nav-item" test_id={section.test_id()} {current}>
                <span class="nav-icon">
                    <Icon name={section.icon()} />
                    if let Some(unread) = badge {
                        <span class="nav-badge" aria-hidden="true">{ short(unread) }</span>
                    }
                </span>
                <span class="nav-name">{ i18n.section(section) }</span>
                if let Some(unread) = badge {
                    <span class="ds-sr-only">{ t!(i18n, "inbox-unread", n = i64::from(unread)) }</span>
                }
            </RouteLink>
        </li>
    }
}

/// A count that fits a badge.
fn short(count: u32) -> String {
    if count > 99 {
        "99+".to_owned()
    } else {
        count.to_string()
    }
}

/// Who is at work, with the lock; or the way to sign in.
#[component]
fn Person() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let lock = use_act::<Lock>(handle.replace.clone());
    let onclick = lock.run.reform(|()| Lock {});
    match &handle.session.phase {
        Phase::Open { first_name, .. } => html! {
            <>
                <span class="person"><Icon name="circle-user-round" /><span>{ first_name }</span></span>
                <Button weight={Weight::Tertiary} icon="lock" class="lock-button" test_id="lock" {onclick}>
                    { t!(i18n, "lock-button") }
                </Button>
            </>
        },
        Phase::SignedOut | Phase::SigningIn | Phase::NeedsPasscode | Phase::Locked { .. } => {
            html! {
                <RouteLink to={Route::Home} class="ds-button button" variant="secondary" test_id="to-sign-in">
                    <Icon name="log-in" /><span>{ t!(i18n, "sign-in-button") }</span>
                </RouteLink>
            }
        }
    }
}
