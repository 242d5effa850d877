//! Services of one life situation, agency or region.

use uc_ipc::{CatalogueOverview, OpenCatalogue, SearchServices, ServiceFilter};
use yew::prelude::*;

use super::catalogue::Found;
use crate::{
    components::{loading::show, page::Page, search_box::SearchBox},
    i18n::{I18n, t, use_i18n},
    paging::use_pages,
    query::use_query,
    route::Route,
};

/// Props of [`ServicesScreen`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ServicesScreenProps {
    /// Which: a life situation, agency or region.
    pub(crate) route: Route,
}

/// The list, with a search inside it.
#[component]
pub(crate) fn ServicesScreen(props: &ServicesScreenProps) -> Html {
    let i18n = use_i18n();
    let overview = use_query(OpenCatalogue {});
    let text = use_state(String::new);
    let pages = use_pages(SearchServices {
        text: (*text).clone(),
        filter: filter(&props.route),
        after: None,
    });
    let on_text = Callback::from(move |words| text.set(words));
    show(&overview, |overview| {
        let (title, lead) = heading(&i18n, overview, &props.route);
        html! {
            <Page {title} {lead} up={(Route::Catalogue, t!(i18n, "catalogue-title"))}>
                <SearchBox label={t!(i18n, "catalogue-search-here")} placeholder={t!(i18n, "catalogue-search-here")}
                    {on_text} />
                <Found {pages} />
            </Page>
        }
    })
}

fn filter(route: &Route) -> ServiceFilter {
    let mut filter = ServiceFilter::default();
    if let Route::LifeSituation { id } = route {
        filter.life_situation = Some(id.clone());
    } else if let Route::Agency { id } = route {
        filter.agency = Some(id.clone());
    } else if let Route::Region { id } = route {
        filter.region = Some(id.clone());
    }
    filter
}

/// Name and, for agencies, full name. What the catalogue does not know any more has the catalogue's name.
fn heading(
    i18n: &I18n,
    overview: &CatalogueOverview,
    route: &Route,
) -> (AttrValue, Option<AttrValue>) {
    let own = |text: &str| AttrValue::from(text.to_owned());
    let known = if let Route::LifeSituation { id } = route {
        let card = overview.life_situations.iter().find(|card| card.id == *id);
        card.map(|card| (own(i18n.pick(&card.title, &card.title_en)), None))
    } else if let Route::Agency { id } = route {
        let card = overview.agencies.iter().find(|card| card.id == *id);
        card.map(|card| {
            (
                own(&card.short),
                Some(own(i18n.pick(&card.title, &card.title_en))),
            )
        })
    } else if let Route::Region { id } = route {
        let card = overview.regions.iter().find(|card| card.id == *id);
        card.map(|card| (own(i18n.pick(&card.title, &card.title_en)), None))
    } else {
        None
    };
    known.unwrap_or_else(|| (t!(i18n, "catalogue-title"), None))
}
