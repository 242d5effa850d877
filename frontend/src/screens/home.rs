//! The first screen at work: what needs the person, what is on its way, what is often used.

mod finder;

use uc_ipc::{ApplicationRow, Dashboard, OpenDashboard, Phase};
use yew::prelude::*;

use self::finder::Finder;
use crate::{
    backend::clock,
    components::{
        application_card::ApplicationCard, icon::Icon, loading::show, page::Page,
        route_link::RouteLink, service_card::ServiceCard,
    },
    i18n::{I18n, t, use_i18n},
    query::use_query,
    route::Route,
    session::use_session,
};

/// Home.
#[component]
pub(crate) fn HomeScreen() -> Html {
    let answer = use_query(OpenDashboard {});
    show(
        &answer,
        |dashboard| html! { <Overview dashboard={dashboard.clone()} /> },
    )
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct OverviewProps {
    dashboard: Dashboard,
}

#[component]
fn Overview(props: &OverviewProps) -> Html {
    let i18n = use_i18n();
    let session = use_session().session;
    let dashboard = &props.dashboard;
    let name = match &session.phase {
        Phase::Open { first_name, .. } => first_name.as_str(),
        Phase::SignedOut | Phase::SigningIn | Phase::NeedsPasscode | Phase::Locked { .. } => "",
    };
    let nothing = dashboard.needs_you.is_empty()
        && dashboard.drafts.is_empty()
        && dashboard.active.is_empty();
    html! {
        <Page title={greeting(&i18n, name)} lead={lead(&i18n, dashboard)}>
            <Finder />
            if !dashboard.needs_you.is_empty() {
                { section("needs-you", "bell-ring", t!(i18n, "home-needs-you"), &dashboard.needs_you) }
            }
            if !dashboard.active.is_empty() {
                { section("active", "hourglass", t!(i18n, "home-active"), &dashboard.active) }
                if dashboard.active_total as usize > dashboard.active.len() {
                    <RouteLink to={Route::Requests} class="more-link">
                        { t!(i18n, "home-all-active", n = i64::from(dashboard.active_total)) }
                    </RouteLink>
                }
            }
            if !dashboard.drafts.is_empty() {
                { section("drafts", "pencil-line", t!(i18n, "home-drafts"), &dashboard.drafts) }
            }
            if nothing {
                <div class="empty">
                    <Icon name="sparkles" class="empty-icon" />
                    <p class="empty-text">{ t!(i18n, "home-empty") }</p>
                </div>
            }
            if !dashboard.often_used.is_empty() {
                <section class="section" aria-labelledby="often-used">
                    <h2 class="section-title" id="often-used"><Icon name="star" />{ t!(i18n, "home-often-used") }</h2>
                    <ul class="rows">
                        { for dashboard.often_used.iter().map(|row| html! {
                            <ServiceCard key={row.id.to_string()} row={row.clone()} />
                        }) }
                    </ul>
                </section>
            }
        </Page>
    }
}

fn section(
    id: &'static str,
    icon: &'static str,
    title: AttrValue,
    rows: &[ApplicationRow],
) -> Html {
    html! {
        <section class={classes!("section", format!("section-{id}"))} aria-labelledby={id}>
            <h2 class="section-title" {id}><Icon name={icon} />{ title }</h2>
            <ul class="rows">
                { for rows.iter().map(|row| html! {
                    <ApplicationCard key={row.id.to_string()} row={row.clone()} />
                }) }
            </ul>
        </section>
    }
}

/// A greeting that fits the hour.
fn greeting(i18n: &I18n, name: &str) -> AttrValue {
    match clock::local(clock::now()).hour() {
        5..=11 => t!(i18n, "home-morning", name = name),
        12..=17 => t!(i18n, "home-day", name = name),
        18..=22 => t!(i18n, "home-evening", name = name),
        _ => t!(i18n, "home-night", name = name),
    }
}

fn lead(i18n: &I18n, dashboard: &Dashboard) -> AttrValue {
    match i64::try_from(dashboard.needs_you.len()) {
        Ok(0) | Err(_) => t!(i18n, "home-lead-calm"),
        Ok(n) => t!(i18n, "home-lead-needs-you", n = n),
    }
}
