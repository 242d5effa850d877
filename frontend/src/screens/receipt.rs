//! What became of an application that was just sent: its number, or honestly that it waits.

use uc_ipc::{ApplicationDetails, ApplicationState, OpenApplication};
use uc_model::ApplicationId;
use yew::prelude::*;

use crate::{
    components::{
        icon::Icon, loading::show, page::Page, route_link::RouteLink, state_tag::StateTag,
    },
    i18n::{I18n, t, use_i18n},
    query::use_query,
    route::Route,
};

/// Props of [`ReceiptScreen`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ReceiptScreenProps {
    /// Which.
    pub(crate) id: ApplicationId,
}

/// How far the sending got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The portal has it.
    Accepted,
    /// It will be sent, or asked after.
    Waiting,
    /// It came back, or was never sent.
    NotSent,
}

impl Outcome {
    fn of(state: &ApplicationState) -> Self {
        match state {
            ApplicationState::Queued { .. }
            | ApplicationState::Sending
            | ApplicationState::Unknown => Self::Waiting,
            ApplicationState::Draft | ApplicationState::Returned | ApplicationState::Cancelled => {
                Self::NotSent
            }
            ApplicationState::Registered
            | ApplicationState::InProgress
            | ApplicationState::NeedsCorrection
            | ApplicationState::Approved
            | ApplicationState::Refused => Self::Accepted,
        }
    }
}

/// The screen; it renews itself when the portal answers.
#[component]
pub(crate) fn ReceiptScreen(props: &ReceiptScreenProps) -> Html {
    let i18n = use_i18n();
    let answer = use_query(OpenApplication {
        application: props.id,
    });
    show(&answer, |details| receipt(&i18n, details))
}

fn receipt(i18n: &I18n, details: &ApplicationDetails) -> Html {
    let outcome = Outcome::of(&details.row.state);
    let (icon, title, lead) = match outcome {
        Outcome::Accepted => (
            "circle-check-big",
            t!(i18n, "receipt-accepted"),
            t!(i18n, "receipt-accepted-lead"),
        ),
        Outcome::Waiting => (
            "clock",
            t!(i18n, "receipt-waiting"),
            t!(i18n, "receipt-waiting-lead"),
        ),
        Outcome::NotSent => (
            "triangle-alert",
            t!(i18n, "receipt-not-sent"),
            i18n.next_step(details.next_step),
        ),
    };
    let tone = match outcome {
        Outcome::Accepted => "receipt-good",
        Outcome::Waiting => "receipt-waiting",
        Outcome::NotSent => "receipt-bad",
    };
    html! {
        <Page {title} {lead}>
            <div class={classes!("receipt", tone)} data-testid="receipt">
                <span class="receipt-icon"><Icon name={icon} /></span>
                <dl class="receipt-facts">
                    <div><dt>{ t!(i18n, "receipt-service") }</dt>
                        <dd>{ i18n.pick(&details.row.title, &details.row.title_en) }</dd></div>
                    <div><dt>{ t!(i18n, "receipt-number") }</dt>
                        <dd class="receipt-number" data-testid="receipt-number">
                            { details.row.number.clone().map_or_else(
                                || t!(i18n, "receipt-no-number"), AttrValue::from) }</dd></div>
                    <div><dt>{ t!(i18n, "receipt-state") }</dt>
                        <dd aria-live="polite"><StateTag state={details.row.state} /></dd></div>
                    if let Some(due) = details.row.due_at {
                        <div><dt>{ t!(i18n, "receipt-due") }</dt><dd>{ i18n.day(due) }</dd></div>
                    }
                </dl>
            </div>
            <div class="actions">
                <RouteLink to={Route::Request { id: details.row.id }} class="ds-button button" variant="primary"
                    test_id="to-request">
                    <Icon name="eye" /><span>{ t!(i18n, "receipt-follow") }</span>
                </RouteLink>
                <RouteLink to={Route::Home} class="ds-button button" variant="secondary">
                    { t!(i18n, "receipt-home") }
                </RouteLink>
            </div>
        </Page>
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn app_05_only_what_the_portal_has_is_called_accepted() {
        let since = Timestamp::UNIX_EPOCH;
        for (state, outcome) in [
            (ApplicationState::Registered, Outcome::Accepted),
            (ApplicationState::Queued { since }, Outcome::Waiting),
            (ApplicationState::Unknown, Outcome::Waiting),
            (ApplicationState::Returned, Outcome::NotSent),
        ] {
            assert_eq!(Outcome::of(&state), outcome);
        }
    }
}
