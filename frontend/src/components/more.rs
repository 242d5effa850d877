//! The foot of a list: how much is shown, and the way to more.

use yew::prelude::*;

use super::{
    button::{Button, Readiness, Weight},
    notice::Failure,
};
use crate::{
    i18n::{t, use_i18n},
    paging::Pages,
};

/// Props of [`More`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct MoreProps {
    shown: usize,
    total: u32,
    has_more: bool,
    asking: bool,
    more: Callback<()>,
}

/// The foot of a list, and why its newest page did not come.
pub(crate) fn foot<R: Clone>(pages: &Pages<R>) -> Html {
    html! {
        <>
            if let Some(error) = &pages.error {
                <Failure error={error.clone()} retry={pages.retry.clone()} />
            }
            if let Some(listing) = &pages.listing {
                <More shown={listing.rows.len()} total={listing.total} has_more={listing.has_more()}
                    asking={pages.asking} more={pages.more.clone()} />
            }
        </>
    }
}

#[component]
fn More(props: &MoreProps) -> Html {
    let i18n = use_i18n();
    if !props.has_more {
        return Html::default();
    }
    let shown = i18n.number(u64::try_from(props.shown).unwrap_or(u64::MAX));
    html! {
        <div class="list-foot">
            <p class="list-count">{ t!(i18n, "list-shown", shown = shown, total = i18n.number(props.total)) }</p>
            <Button weight={Weight::Secondary} icon="chevron-down" onclick={props.more.clone()} test_id="show-more"
                readiness={Readiness::busy_if(props.asking)}>{ t!(i18n, "list-more") }</Button>
        </div>
    }
}
