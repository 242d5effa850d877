//! An application in a list.

use uc_ipc::{ApplicationRow, ApplicationState};
use yew::prelude::*;

use super::{icon::Icon, route_link::RouteLink, state_tag::StateTag};
use crate::{
    i18n::{I18n, t, use_i18n},
    route::Route,
};

/// Props of [`ApplicationCard`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ApplicationCardProps {
    /// The application.
    pub(crate) row: ApplicationRow,
}

/// One line of a list: what, where, state, deadline. A draft leads to its form, the others to their history.
#[component]
pub(crate) fn ApplicationCard(props: &ApplicationCardProps) -> Html {
    let i18n = use_i18n();
    let row = &props.row;
    html! {
        <li class="row-item">
            <RouteLink to={destination(row)} class="row-card" test_id="request-row">
                <span class="row-main">
                    <span class="row-title">{ i18n.pick(&row.title, &row.title_en) }</span>
                    <span class="row-meta">{ meta(&i18n, row) }</span>
                </span>
                <span class="row-side">
                    <StateTag state={row.state} />
                    if let Some(due) = row.due_at.filter(|_| is_waiting(&row.state)) {
                        <span class="row-due"><Icon name="calendar-clock" />{ i18n.countdown(due) }</span>
                    }
                </span>
                <Icon name="chevron-right" class="row-arrow" />
            </RouteLink>
        </li>
    }
}

/// Where pressing an application leads.
pub(crate) fn destination(row: &ApplicationRow) -> Route {
    match row.state {
        ApplicationState::Draft => Route::Draft {
            service: row.service.clone(),
            application: row.id,
        },
        ApplicationState::Queued { .. }
        | ApplicationState::Sending
        | ApplicationState::Unknown
        | ApplicationState::Returned
        | ApplicationState::Registered
        | ApplicationState::InProgress
        | ApplicationState::NeedsCorrection
        | ApplicationState::Approved
        | ApplicationState::Refused
        | ApplicationState::Cancelled => Route::Request { id: row.id },
    }
}

/// The agency's clock is running.
fn is_waiting(state: &ApplicationState) -> bool {
    matches!(
        state,
        ApplicationState::Registered
            | ApplicationState::InProgress
            | ApplicationState::NeedsCorrection
    )
}

fn meta(i18n: &I18n, row: &ApplicationRow) -> Html {
    let moment = i18n.moment(row.updated_at);
    html! {
        <>
            <span>{ &row.agency }</span>
            if let Some(number) = &row.number {
                <span class="number">{ t!(i18n, "request-number", number = number.as_str()) }</span>
            }
            <span>{ moment }</span>
        </>
    }
}
