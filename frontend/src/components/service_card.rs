//! A service in a list.

use uc_ipc::ServiceRow;
use yew::prelude::*;

use super::{icon::Icon, route_link::RouteLink, service_title::service_title};
use crate::{
    i18n::{t, use_i18n},
    route::Route,
};

/// Props of [`ServiceCard`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ServiceCardProps {
    /// The service.
    pub(crate) row: ServiceRow,
}

/// One line of a list: what, whose, how long, how much. What is not known is not shown.
#[component]
pub(crate) fn ServiceCard(props: &ServiceCardProps) -> Html {
    let i18n = use_i18n();
    let row = &props.row;
    html! {
        <li class="row-item">
            <RouteLink to={Route::Service { id: row.id.clone() }} class="row-card" test_id="service-row">
                <span class="row-main">
                    <span class="row-title">{ service_title(&i18n, row) }</span>
                    <span class="row-meta">
                        <span>{ &row.agency }</span>
                        if let Some(region) = &row.region {
                            <span>{ region }</span>
                        }
                    </span>
                </span>
                <span class="row-side row-facts">
                    if let Some(term) = &row.term {
                        <span class="fact"><Icon name="clock" />{ term }</span>
                    }
                    if let Some(fee) = row.fee {
                        <span class="fact"><Icon name="wallet" />
                            { if fee.as_kopecks() == 0 { t!(i18n, "fee-free") } else { fee.to_string().into() } }
                        </span>
                    }
                    if row.has_form {
                        <span class="fact fact-online"><Icon name="zap" />{ t!(i18n, "service-online") }</span>
                    }
                </span>
                <Icon name="chevron-right" class="row-arrow" />
            </RouteLink>
        </li>
    }
}
