//! Ways into the catalogue: words, life situations, agencies, regions.

mod filters;
mod overview;

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use uc_ipc::{CatalogueOverview, OpenCatalogue, SearchServices, ServiceFilter, ServiceRow};
use yew::prelude::*;
use yew_router::hooks::{use_location, use_navigator};

use self::{filters::Filters, overview::Overview};
use crate::{
    components::{
        icon::Icon, loading::Skeleton, long_list::LongList, more, notice::Failure, page::Page,
        search_box::SearchBox, service_card::ServiceCard,
    },
    i18n::{t, use_i18n},
    paging::{Pages, use_pages},
    query::{Loadable, use_query},
    route::Route,
};

/// What is looked for, kept in the address so that going back finds it again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    text: String,
    #[serde(default)]
    agency: Option<uc_model::AgencyId>,
    #[serde(default)]
    region: Option<uc_model::RegionId>,
    #[serde(default)]
    audience: Option<uc_model::Audience>,
    #[serde(default)]
    online: bool,
}

impl Wanted {
    /// Only words.
    pub(super) fn of_words(text: &str) -> Self {
        Self {
            text: text.trim().to_owned(),
            ..Self::default()
        }
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn search(&self) -> SearchServices {
        SearchServices {
            text: self.text.clone(),
            filter: ServiceFilter {
                life_situation: None,
                agency: self.agency.clone(),
                region: self.region.clone(),
                with_form: self.online,
                audience: self.audience,
            },
            after: None,
        }
    }
}

/// The catalogue.
#[component]
pub(crate) fn CatalogueScreen() -> Html {
    let i18n = use_i18n();
    let overview = use_query(OpenCatalogue {});
    let navigator = use_navigator();
    let wanted: Wanted = use_location()
        .and_then(|location| location.query::<Wanted>().ok())
        .unwrap_or_default();
    let want = Callback::from(move |wanted: Wanted| {
        if let Some(navigator) = &navigator {
            // Fails only for a query that does not serialise, which this one does.
            let _ = navigator.replace_with_query(&Route::Catalogue, &wanted);
        }
    });
    let lead = overview.state.value().map(|overview| {
        t!(
            i18n,
            "catalogue-lead",
            n = i64::from(overview.services),
            count = i18n.number(overview.services)
        )
    });
    html! {
        <Page title={t!(i18n, "catalogue-title")} {lead}>
            <Finder wanted={wanted.clone()} want={want.clone()}
                overview={overview.state.value().map(|overview| (**overview).clone())} />
            if wanted.is_nothing() {
                { match &overview.state {
                    Loadable::Loading => html! { <Skeleton /> },
                    Loadable::Ready(overview) => html! { <Overview overview={(**overview).clone()} /> },
                    Loadable::Failed(error) => html! {
                        <Failure error={error.clone()} retry={overview.retry.clone()} />
                    },
                } }
            }
        </Page>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct FinderProps {
    wanted: Wanted,
    want: Callback<Wanted>,
    overview: Option<CatalogueOverview>,
}

/// Words, filters, and what they find.
#[component]
fn Finder(props: &FinderProps) -> Html {
    let i18n = use_i18n();
    let navigator = use_navigator();
    let pages = use_pages(props.wanted.search());
    let on_text = {
        let (wanted, want) = (props.wanted.clone(), props.want.clone());
        Callback::from(move |text: String| {
            if text != wanted.text {
                want.emit(Wanted {
                    text,
                    ..wanted.clone()
                });
            }
        })
    };
    let on_enter = {
        let first = pages
            .listing
            .as_ref()
            .and_then(|listing| listing.rows.first())
            .map(|row| row.id.clone())
            .filter(|_| !props.wanted.is_nothing());
        Callback::from(move |()| {
            if let (Some(navigator), Some(id)) = (&navigator, first.clone()) {
                navigator.push(&Route::Service { id });
            }
        })
    };
    html! {
        <>
            <SearchBox label={t!(i18n, "catalogue-search")} placeholder={t!(i18n, "catalogue-example")}
                text={props.wanted.text.clone()} {on_text} {on_enter} />
            if let Some(overview) = &props.overview {
                <Filters wanted={props.wanted.clone()} want={props.want.clone()} overview={overview.clone()} />
            }
            if !props.wanted.is_nothing() {
                <section class="section" aria-label={t!(i18n, "catalogue-results")}>
                    <Found {pages} />
                </section>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct FoundProps {
    pub(super) pages: Pages<ServiceRow>,
}

/// What was found, with its number told to those who do not see it.
#[component]
pub(super) fn Found(props: &FoundProps) -> Html {
    let i18n = use_i18n();
    let Some(listing) = &props.pages.listing else {
        return if props.pages.error.is_some() {
            more::foot(&props.pages)
        } else {
            html! { <Skeleton /> }
        };
    };
    let row = Callback::from(|row: Rc<ServiceRow>| {
        html! { <ServiceCard key={row.id.to_string()} row={(*row).clone()} /> }
    });
    html! {
        <>
            <p class="found" role="status" aria-live="polite">
                { t!(i18n, "catalogue-found", n = i64::from(listing.total), count = i18n.number(listing.total)) }
            </p>
            if listing.rows.is_empty() {
                <div class="empty">
                    <Icon name="search-x" class="empty-icon" />
                    <p class="empty-text">{ t!(i18n, "catalogue-nothing") }</p>
                </div>
            } else {
                <LongList<ServiceRow> class="rows" pages={props.pages.clone()} {row} />
            }
        </>
    }
}
