//! The catalogue before anything is looked for.

use uc_ipc::{AgencyCard, CatalogueOverview, RegionCard};
use uc_model::Level;
use yew::prelude::*;

use crate::{
    components::{icon::Icon, route_link::RouteLink},
    i18n::{I18n, t, use_i18n},
    route::Route,
};

/// Props of [`Overview`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct OverviewProps {
    /// What the catalogue holds.
    pub(super) overview: CatalogueOverview,
}

/// Life situations as a grid, agencies and regions as lists.
#[component]
pub(super) fn Overview(props: &OverviewProps) -> Html {
    let i18n = use_i18n();
    let overview = &props.overview;
    html! {
        <>
            <section class="section" aria-labelledby="situations">
                <h2 class="section-title" id="situations">{ t!(i18n, "catalogue-situations") }</h2>
                <ul class="tiles">
                    { for overview.life_situations.iter().map(|card| html! {
                        <li key={card.id.to_string()}>
                            <RouteLink to={Route::LifeSituation { id: card.id.clone() }} class="tile">
                                <span class="tile-icon"><Icon name={card.icon.clone()} /></span>
                                <span class="tile-name">{ i18n.pick(&card.title, &card.title_en) }</span>
                                <span class="tile-count">{ services(&i18n, card.services) }</span>
                            </RouteLink>
                        </li>
                    }) }
                </ul>
            </section>
            <section class="section" aria-labelledby="agencies">
                <h2 class="section-title" id="agencies">{ t!(i18n, "catalogue-agencies") }</h2>
                { for [Level::Federal, Level::Regional, Level::Municipal].into_iter().map(|level| {
                    agencies(&i18n, level, &overview.agencies)
                }) }
            </section>
            <section class="section" aria-labelledby="regions">
                <h2 class="section-title" id="regions">{ t!(i18n, "catalogue-regions") }</h2>
                <ul class="links">{ for overview.regions.iter().map(|card| region(&i18n, card)) }</ul>
            </section>
        </>
    }
}

fn services(i18n: &I18n, count: u32) -> AttrValue {
    t!(
        i18n,
        "services-count",
        n = i64::from(count),
        count = i18n.number(count)
    )
}

fn agencies(i18n: &I18n, level: Level, cards: &[AgencyCard]) -> Html {
    let cards: Vec<_> = cards.iter().filter(|card| card.level == level).collect();
    if cards.is_empty() {
        return Html::default();
    }
    html! {
        <details class="ds-details fold" open={level == Level::Federal}>
            <summary>{ i18n.level(level) }</summary>
            <ul class="links">
                { for cards.into_iter().map(|card| html! {
                    <li key={card.id.to_string()}>
                        <RouteLink to={Route::Agency { id: card.id.clone() }} class="link-row">
                            <span class="link-name">{ i18n.pick(&card.short, &card.title_en) }</span>
                            <span class="link-count">{ i18n.number(card.services) }</span>
                        </RouteLink>
                    </li>
                }) }
            </ul>
        </details>
    }
}

fn region(i18n: &I18n, card: &RegionCard) -> Html {
    html! {
        <li key={card.id.to_string()}>
            <RouteLink to={Route::Region { id: card.id.clone() }} class="link-row">
                <Icon name={if card.municipality { "building-2" } else { "map-pin" }} />
                <span class="link-name">{ i18n.pick(&card.title, &card.title_en) }</span>
                <span class="link-count">{ i18n.number(card.services) }</span>
            </RouteLink>
        </li>
    }
}
