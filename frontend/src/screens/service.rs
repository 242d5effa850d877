//! A service's page: what, who, documents, term, fee, ways, agency, law, source.

use uc_ipc::{OpenService, ServiceDetails};
use uc_model::{AccountLevel, Channel, ServiceId};
use yew::prelude::*;

use crate::{
    components::{
        icon::Icon,
        loading::show,
        notice::{Notice, Tone},
        page::Page,
        route_link::RouteLink,
    },
    i18n::{I18n, t, use_i18n},
    query::use_query,
    route::Route,
    session::{SessionHandle, use_session},
};

/// Props of [`ServiceScreen`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ServiceScreenProps {
    /// Which.
    pub(crate) id: ServiceId,
}

/// The page.
#[component]
pub(crate) fn ServiceScreen(props: &ServiceScreenProps) -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let answer = use_query(OpenService {
        service: props.id.clone(),
    });
    show(&answer, |details| {
        let title = i18n
            .pick(&details.row.title, &details.row.title_en)
            .to_owned();
        html! {
            <Page {title} lead={details.summary.clone()} up={(Route::Catalogue, t!(i18n, "catalogue-title"))}>
                <div class="split">
                    <div class="split-main">{ facts(&i18n, details) }</div>
                    <aside class="split-side" aria-label={t!(i18n, "service-apply-label")}>
                        { apply_card(&i18n, &handle, details) }
                    </aside>
                </div>
            </Page>
        }
    })
}

/// Term, fee, and the way in.
fn apply_card(i18n: &I18n, handle: &SessionHandle, details: &ServiceDetails) -> Html {
    html! {
        <div class="apply-card">
            <dl class="key-facts">
                <div class="key-fact">
                    <dt><Icon name="clock" />{ t!(i18n, "service-term") }</dt>
                    <dd lang="ru">{ term(i18n, details) }</dd>
                </div>
                <div class="key-fact">
                    <dt><Icon name="wallet" />{ t!(i18n, "service-fee") }</dt>
                    <dd lang="ru">{ fee(i18n, details) }</dd>
                </div>
            </dl>
            { way_in(i18n, handle, details) }
        </div>
    }
}

/// An unknown term is said to be unknown.
fn term(i18n: &I18n, details: &ServiceDetails) -> Html {
    match &details.term {
        Some(term) => html! { { &term.text } },
        None => html! { <span class="unknown">{ t!(i18n, "service-term-unknown") }</span> },
    }
}

fn fee(i18n: &I18n, details: &ServiceDetails) -> Html {
    match &details.fee {
        Some(fee) if fee.sum.as_kopecks() == 0 => html! { { t!(i18n, "fee-free") } },
        Some(fee) => html! { { &fee.text } },
        None => html! { <span class="unknown">{ t!(i18n, "service-fee-unknown") }</span> },
    }
}

/// «Подать заявление», or why not here.
fn way_in(i18n: &I18n, handle: &SessionHandle, details: &ServiceDetails) -> Html {
    let service = details.row.id.clone();
    if !details.row.has_form {
        return html! {
            <Notice tone={Tone::Info} test_id="apply-unavailable">
                <p class="ds-paragraph">{ no_form(i18n, &details.channels) }</p>
            </Notice>
        };
    }
    if !handle.is_open() {
        return html! {
            <RouteLink to={Route::Home} class="ds-button button button-wide" variant="primary" test_id="apply-sign-in">
                <Icon name="log-in" /><span>{ t!(i18n, "service-sign-in") }</span>
            </RouteLink>
        };
    }
    match details.draft {
        Some(application) => html! {
            <>
                <RouteLink to={Route::Draft { service, application }} class="ds-button button button-wide"
                    variant="primary" test_id="apply">
                    <Icon name="pencil-line" /><span>{ t!(i18n, "service-continue") }</span>
                </RouteLink>
                <p class="apply-hint">{ t!(i18n, "service-draft-hint") }</p>
            </>
        },
        None => html! {
            <>
                <RouteLink to={Route::Apply { service }} class="ds-button button button-wide" variant="primary"
                    test_id="apply">
                    <Icon name="file-pen-line" /><span>{ t!(i18n, "service-apply") }</span>
                </RouteLink>
                <p class="apply-hint">{ t!(i18n, "service-apply-hint") }</p>
            </>
        },
    }
}

fn no_form(i18n: &I18n, channels: &[Channel]) -> AttrValue {
    if channels.contains(&Channel::Mfc) {
        t!(i18n, "service-no-form-mfc")
    } else {
        t!(i18n, "service-no-form")
    }
}

/// Facts in the order in which people ask.
fn facts(i18n: &I18n, details: &ServiceDetails) -> Html {
    html! {
        <div class="facts">
            { text_fact("gift", t!(i18n, "service-result"), &details.result) }
            { who(i18n, details) }
            if !details.documents.is_empty() {
                { list_fact("files", t!(i18n, "service-documents"), &details.documents) }
            }
            { channels(i18n, &details.channels) }
            { agency(i18n, details) }
            { law(i18n, details) }
            <p class="source">
                <Icon name="book-open-check" />
                <span>
                    { t!(i18n, "service-source") }{ " " }<span lang="ru">{ &details.source }</span>{ ". " }
                    { t!(i18n, "service-as-of", date = i18n.date(details.as_of).as_str()) }
                </span>
            </p>
        </div>
    }
}

fn block(icon: &'static str, title: AttrValue, body: Html) -> Html {
    html! {
        <section class="fact-block">
            <h2 class="fact-title"><Icon name={icon} />{ title }</h2>
            <div class="fact-body">{ body }</div>
        </section>
    }
}

fn text_fact(icon: &'static str, title: AttrValue, text: &str) -> Html {
    block(icon, title, html! { <p lang="ru">{ text }</p> })
}

fn list_fact(icon: &'static str, title: AttrValue, items: &[String]) -> Html {
    block(
        icon,
        title,
        html! { <ul class="bullets" lang="ru">{ for items.iter().map(|item| html! { <li>{ item }</li> }) }</ul> },
    )
}

fn who(i18n: &I18n, details: &ServiceDetails) -> Html {
    let tags = details.audience.iter().map(|audience| {
        html! { <span class="ds-tag" data-color="neutral">{ i18n.audience(*audience) }</span> }
    });
    block(
        "users-round",
        t!(i18n, "service-who"),
        html! {
            <>
                <p lang="ru">{ &details.who }</p>
                <div class="tags">{ for tags }</div>
                <AccountNeeded level={details.account_level} />
            </>
        },
    )
}

/// Props of [`AccountNeeded`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct AccountNeededProps {
    level: AccountLevel,
}

/// Which account the service asks for, and the way to the person's own.
#[component]
fn AccountNeeded(props: &AccountNeededProps) -> Html {
    let i18n = use_i18n();
    let is_open = use_session().is_open();
    let Some(needed) = i18n.account_needed(props.level) else {
        return Html::default();
    };
    html! {
        <>
            <p data-testid="account-needed">{ needed }</p>
            if is_open {
                <p><RouteLink to={Route::Profile} class="ds-link" test_id="open-profile">
                    { t!(i18n, "account-needed-profile") }
                </RouteLink></p>
            }
        </>
    }
}

fn channels(i18n: &I18n, channels: &[Channel]) -> Html {
    let items = channels.iter().map(|channel| {
        let icon = match channel {
            Channel::Online => "monitor",
            Channel::Mfc => "building-2",
            Channel::Agency => "landmark",
            Channel::Post => "mail",
        };
        html! { <li class="channel"><Icon name={icon} />{ i18n.channel(*channel) }</li> }
    });
    block(
        "signpost",
        t!(i18n, "service-channels"),
        html! { <ul class="channels">{ for items }</ul> },
    )
}

fn agency(i18n: &I18n, details: &ServiceDetails) -> Html {
    let name = i18n.pick(&details.agency_title, &details.agency_title_en);
    block(
        "landmark",
        t!(i18n, "service-agency"),
        html! {
            <>
                <p>{ name }</p>
                <div class="tags">
                    <span class="ds-tag" data-color="neutral">{ i18n.service_level(details.level) }</span>
                    if let Some(region) = &details.row.region {
                        <span class="ds-tag" data-color="neutral">{ region }</span>
                    }
                </div>
            </>
        },
    )
}

fn law(i18n: &I18n, details: &ServiceDetails) -> Html {
    let fee_law = details
        .fee
        .as_ref()
        .and_then(|fee| fee.legal_ground.clone());
    let grounds: Vec<String> = details
        .legal_ground
        .iter()
        .cloned()
        .chain(fee_law)
        .collect();
    list_fact("scale", t!(i18n, "service-law"), &grounds)
}
