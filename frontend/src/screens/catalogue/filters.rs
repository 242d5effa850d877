//! Narrowing the search.

use uc_ipc::CatalogueOverview;
use uc_model::Audience;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::Wanted;
use crate::i18n::{t, use_i18n};

/// Props of [`Filters`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(super) struct FiltersProps {
    pub(super) wanted: Wanted,
    pub(super) want: Callback<Wanted>,
    /// The choices.
    pub(super) overview: CatalogueOverview,
}

/// An option: what is sent, what is read, chosen.
type Choice = (String, String, bool);

/// Whom services are for.
const AUDIENCES: [Audience; 3] = [
    Audience::Citizen,
    Audience::Entrepreneur,
    Audience::Organisation,
];

/// As the address has it.
fn audience_value(audience: Audience) -> String {
    serde_json::to_value(audience)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Agency, region, whom it is for, and whether it can be applied for here.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let i18n = use_i18n();
    let FiltersProps {
        wanted,
        want,
        overview,
    } = props.clone();
    let agencies = overview.agencies.iter().map(|card| {
        let name = i18n.pick(&card.short, &card.title_en).to_owned();
        (
            card.id.to_string(),
            name,
            wanted.agency.as_ref() == Some(&card.id),
        )
    });
    let regions = overview.regions.iter().map(|card| {
        let name = i18n.pick(&card.title, &card.title_en).to_owned();
        (
            card.id.to_string(),
            name,
            wanted.region.as_ref() == Some(&card.id),
        )
    });
    let audiences = AUDIENCES.into_iter().map(|audience| {
        let name = i18n.audience(audience).to_string();
        let is_chosen = wanted.audience == Some(audience);
        (audience_value(audience), name, is_chosen)
    });
    let on_audience = change(&wanted, &want, |wanted, value| {
        wanted.audience = AUDIENCES
            .into_iter()
            .find(|audience| audience_value(*audience) == value);
    });
    let on_agency = change(&wanted, &want, |wanted, value| {
        wanted.agency = value.parse().ok();
    });
    let on_region = change(&wanted, &want, |wanted, value| {
        wanted.region = value.parse().ok();
    });
    let on_online = {
        let wanted = wanted.clone();
        want.reform(move |event: Event| Wanted {
            online: event.target_unchecked_into::<HtmlInputElement>().checked(),
            ..wanted.clone()
        })
    };
    html! {
        <div class="filters" role="group" aria-label={t!(i18n, "filters-label")}>
            { select("filter-agency", t!(i18n, "filter-agency"), t!(i18n, "filter-any-agency"), agencies, on_agency) }
            { select("filter-region", t!(i18n, "filter-region"), t!(i18n, "filter-any-region"), regions, on_region) }
            { select("filter-audience", t!(i18n, "filter-audience"), t!(i18n, "filter-any-audience"), audiences, on_audience) }
            <label class="filter-check">
                <input type="checkbox" class="ds-input" checked={wanted.online} onchange={on_online}
                    data-testid="filter-online" />
                <span>{ t!(i18n, "filter-online") }</span>
            </label>
        </div>
    }
}

fn change(
    wanted: &Wanted,
    want: &Callback<Wanted>,
    apply: impl Fn(&mut Wanted, &str) + 'static,
) -> Callback<Event> {
    let wanted = wanted.clone();
    want.reform(move |event: Event| {
        let mut next = wanted.clone();
        apply(
            &mut next,
            &event.target_unchecked_into::<HtmlSelectElement>().value(),
        );
        next
    })
}

fn select(
    id: &'static str,
    label: AttrValue,
    any: AttrValue,
    choices: impl Iterator<Item = Choice>,
    onchange: Callback<Event>,
) -> Html {
    let choices: Vec<Choice> = choices.collect();
    let chosen = choices.iter().any(|(.., selected)| *selected);
    html! {
        <div class="filter">
            <label class="ds-sr-only" for={id}>{ label }</label>
            <select class="ds-input" {id} {onchange} data-testid={id}>
                <option value="" selected={!chosen}>{ any }</option>
                { for choices.into_iter().map(|(value, name, selected)| html! {
                    <option {value} {selected}>{ name }</option>
                }) }
            </select>
        </div>
    }
}
