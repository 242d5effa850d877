//! All applications.

use std::rc::Rc;

use uc_ipc::{ApplicationFilter, ApplicationRow, ListApplications, StateGroup};
use yew::prelude::*;

use crate::{
    components::{
        application_card::ApplicationCard, icon::Icon, loading::Skeleton, long_list::LongList,
        more, page::Page, route_link::RouteLink, search_box::SearchBox,
    },
    i18n::{I18n, t, use_i18n},
    paging::{Pages, use_pages},
    route::Route,
};

/// Groups in the order in which they are asked for; first of all, all.
const GROUPS: [Option<StateGroup>; 5] = [
    None,
    Some(StateGroup::NeedsYou),
    Some(StateGroup::Active),
    Some(StateGroup::Drafts),
    Some(StateGroup::Finished),
];

/// The list with its filters.
#[component]
pub(crate) fn RequestsScreen() -> Html {
    let i18n = use_i18n();
    let filter = use_state(ApplicationFilter::default);
    let pages = use_pages(ListApplications {
        filter: (*filter).clone(),
        after: None,
    });
    let on_text = {
        let filter = filter.clone();
        Callback::from(move |text: String| {
            if text != filter.text {
                filter.set(ApplicationFilter {
                    text,
                    ..(*filter).clone()
                });
            }
        })
    };
    html! {
        <Page title={t!(i18n, "requests-title")} lead={t!(i18n, "requests-lead")}>
            <SearchBox label={t!(i18n, "requests-search")} placeholder={t!(i18n, "requests-example")} {on_text} />
            <div class="chips" role="group" aria-label={t!(i18n, "requests-groups")}>
                { for GROUPS.into_iter().map(|group| chip(&i18n, &filter, group)) }
            </div>
            { found(&i18n, &pages, *filter == ApplicationFilter::default()) }
        </Page>
    }
}

fn chip(
    i18n: &I18n,
    filter: &UseStateHandle<ApplicationFilter>,
    group: Option<StateGroup>,
) -> Html {
    let pressed = filter.group == group;
    let onclick = {
        let filter = filter.clone();
        Callback::from(move |_: MouseEvent| {
            filter.set(ApplicationFilter {
                group,
                ..(*filter).clone()
            });
        })
    };
    let name = group.map_or_else(|| t!(i18n, "group-all"), |group| i18n.group(group));
    html! {
        <button type="button" class="chip" {onclick} aria-pressed={pressed.to_string()}>{ name }</button>
    }
}

fn found(i18n: &I18n, pages: &Pages<ApplicationRow>, unfiltered: bool) -> Html {
    let Some(listing) = &pages.listing else {
        return if pages.error.is_some() {
            more::foot(pages)
        } else {
            html! { <Skeleton /> }
        };
    };
    let row = Callback::from(|row: Rc<ApplicationRow>| {
        html! { <ApplicationCard key={row.id.to_string()} row={(*row).clone()} /> }
    });
    html! {
        <>
            <p class="found" role="status" aria-live="polite">
                { t!(i18n, "requests-found", n = i64::from(listing.total), count = i18n.number(listing.total)) }
            </p>
            if listing.rows.is_empty() {
                { empty(i18n, unfiltered) }
            } else {
                <LongList<ApplicationRow> class="rows" pages={pages.clone()} row={row} />
            }
        </>
    }
}

fn empty(i18n: &I18n, unfiltered: bool) -> Html {
    html! {
        <div class="empty">
            <Icon name="inbox" class="empty-icon" />
            if unfiltered {
                <p class="empty-text">{ t!(i18n, "requests-none") }</p>
                <RouteLink to={Route::Catalogue} class="ds-button button" variant="primary">
                    { t!(i18n, "requests-to-catalogue") }
                </RouteLink>
            } else {
                <p class="empty-text">{ t!(i18n, "requests-nothing") }</p>
            }
        </div>
    }
}
