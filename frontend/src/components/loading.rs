//! Waiting.

use yew::prelude::*;

use super::notice::Failure;
use crate::{
    i18n::{t, use_i18n},
    query::{Answer, Loadable},
};

/// The first moment, before anything is known.
#[component]
pub(crate) fn Splash() -> Html {
    html! { <div class="splash" role="status"><span class="splash-mark" /></div> }
}

/// The shape of a screen that is about to come.
#[component]
pub(crate) fn Skeleton() -> Html {
    let i18n = use_i18n();
    html! {
        <div class="skeletons" role="status" aria-label={t!(i18n, "loading-label")}>
            <span class="ds-skeleton skeleton-title" />
            <span class="ds-skeleton skeleton-card" />
            <span class="ds-skeleton skeleton-card" />
            <span class="ds-skeleton skeleton-card" />
        </div>
    }
}

/// The answer's screen, or what stands in its place meanwhile.
pub(crate) fn show<T>(answer: &Answer<T>, screen: impl FnOnce(&T) -> Html) -> Html {
    match &answer.state {
        Loadable::Loading => html! { <Skeleton /> },
        Loadable::Ready(value) => screen(value),
        Loadable::Failed(error) => {
            html! { <Failure error={error.clone()} retry={answer.retry.clone()} /> }
        }
    }
}
