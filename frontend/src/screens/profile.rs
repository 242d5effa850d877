//! What the portal knows of the person, how well the account is known to be theirs, and the ways to change that.

use uc_ipc::{OpenPortalPage, OpenProfile, PortalPage, Profile};
use uc_model::AccountLevel;
use yew::prelude::*;

use crate::{
    components::{
        button::{Button, Readiness, Weight},
        icon::Icon,
        loading::Skeleton,
        notice::Failure,
        page::Page,
    },
    i18n::{I18n, t, use_i18n},
    query::{Loadable, use_act, use_query},
    route::Route,
};

/// The screen.
#[component]
pub(crate) fn ProfileScreen() -> Html {
    let i18n = use_i18n();
    let answer = use_query(OpenProfile {});
    html! {
        <Page title={t!(i18n, "profile-title")} lead={t!(i18n, "profile-lead")}
            up={(Route::Settings, t!(i18n, "nav-settings"))}>
            { match &answer.state {
                Loadable::Loading => html! { <Skeleton /> },
                Loadable::Failed(error) =>
                    html! { <Failure error={error.clone()} retry={answer.retry.clone()} /> },
                Loadable::Ready(profile) => match profile.level {
                    Some(level) => html! { <><Level {level} />{ facts(&i18n, profile) }<Protection /></> },
                    None => html! { <p class="muted">{ t!(i18n, "profile-unknown") }</p> },
                },
            } }
        </Page>
    }
}

/// Props of [`Level`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct LevelProps {
    level: AccountLevel,
}

/// The level, and how to a higher one.
#[component]
fn Level(props: &LevelProps) -> Html {
    let i18n = use_i18n();
    let (name, text, color) = match props.level {
        AccountLevel::Simplified => (
            t!(i18n, "level-simplified"),
            t!(i18n, "level-simplified-text"),
            "warning",
        ),
        AccountLevel::Standard => (
            t!(i18n, "level-standard"),
            t!(i18n, "level-standard-text"),
            "info",
        ),
        AccountLevel::Confirmed => (
            t!(i18n, "level-confirmed"),
            t!(i18n, "level-confirmed-text"),
            "success",
        ),
    };
    html! {
        <section class="panel" aria-labelledby="level-title">
            <h2 class="panel-title" id="level-title"><Icon name="badge-check" />{ t!(i18n, "level-title") }</h2>
            <p><span class="ds-tag" data-color={color} data-testid="account-level">{ name }</span></p>
            <p class="ds-paragraph">{ text }</p>
            if props.level < AccountLevel::Confirmed {
                <PortalPageButton page={PortalPage::Documents} weight={Weight::Primary}
                    test_id="to-documents" label={t!(i18n, "profile-confirm")} />
            }
        </section>
    }
}

/// What is shown beside the password, kept on the portal's page.
#[component]
fn Protection() -> Html {
    let i18n = use_i18n();
    html! {
        <section class="panel" aria-labelledby="protection-title">
            <h2 class="panel-title" id="protection-title"><Icon name="shield-alert" />{ t!(i18n, "profile-protection") }</h2>
            <p class="ds-paragraph">{ t!(i18n, "profile-protection-text") }</p>
            <PortalPageButton page={PortalPage::Protection} weight={Weight::Secondary}
                test_id="to-protection" label={t!(i18n, "profile-protection-open")} />
        </section>
    }
}

/// Props of [`PortalPageButton`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct PortalPageButtonProps {
    page: PortalPage,
    weight: Weight,
    test_id: &'static str,
    label: AttrValue,
}

/// Opens a page of the portal in the system browser; a refusal stays in sight.
#[component]
fn PortalPageButton(props: &PortalPageButtonProps) -> Html {
    let i18n = use_i18n();
    let act = use_act::<OpenPortalPage>(Callback::noop());
    let page = props.page;
    let onclick = act.run.reform(move |()| OpenPortalPage { page });
    html! {
        <>
            if let Some(error) = act.error() {
                <Failure error={error.clone()} />
            }
            <div class="actions">
                <Button weight={props.weight} icon="external-link" test_id={props.test_id} {onclick}
                    readiness={Readiness::busy_if(act.is_running())}>{ &props.label }</Button>
            </div>
            <p class="hint">{ t!(i18n, "profile-in-browser") }</p>
        </>
    }
}

fn facts(i18n: &I18n, profile: &Profile) -> Html {
    let born = profile.birth_date.map(|date| i18n.date(date).to_string());
    let rows = [
        (t!(i18n, "profile-name"), Some(profile.name.clone())),
        (t!(i18n, "profile-birth-date"), born),
        (t!(i18n, "profile-phone"), profile.phone.clone()),
        (t!(i18n, "profile-email"), profile.email.clone()),
        (t!(i18n, "profile-address"), profile.address.clone()),
        (t!(i18n, "profile-passport"), profile.passport.clone()),
        (t!(i18n, "profile-snils"), profile.snils.clone()),
        (t!(i18n, "profile-inn"), profile.inn.clone()),
    ];
    let names = profile.acts_for.iter();
    let names = names.map(|name| {
        (
            t!(i18n, "profile-acts-for"),
            Some(i18n.acting_name(name).to_string()),
        )
    });
    let rows = rows.into_iter().chain(names).filter_map(|(label, value)| {
        let value = value?;
        Some(html! { <div class="answer"><dt>{ label }</dt><dd class="breakable">{ value }</dd></div> })
    });
    html! {
        <section class="panel" aria-labelledby="facts-title">
            <h2 class="panel-title" id="facts-title"><Icon name="id-card" />{ t!(i18n, "profile-facts") }</h2>
            <dl class="answers" data-testid="profile-facts">{ for rows }</dl>
        </section>
    }
}
