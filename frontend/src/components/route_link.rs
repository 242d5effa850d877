//! Links to places of the interface.

use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::route::Route;

/// Props of [`RouteLink`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct RouteLinkProps {
    /// Where it leads.
    pub(crate) to: Route,
    /// Its words.
    pub(crate) children: Html,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// Its name for tests.
    #[prop_or_default]
    pub(crate) test_id: Option<AttrValue>,
    /// `page` on the link of the present place.
    #[prop_or_default]
    pub(crate) current: Option<AttrValue>,
    /// The design system's variant, for links that look like buttons.
    #[prop_or_default]
    pub(crate) variant: Option<AttrValue>,
    /// Words for those who do not see the picture.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
}

/// A link.
#[component]
pub(crate) fn RouteLink(props: &RouteLinkProps) -> Html {
    let navigator = use_navigator();
    let onclick = {
        let to = props.to.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(navigator) = &navigator {
                event.prevent_default();
                navigator.push(&to);
            }
        })
    };
    html! {
        <a href={props.to.href()} class={props.class.clone()} {onclick} data-testid={props.test_id.clone()}
            aria-current={props.current.clone()} data-variant={props.variant.clone()} aria-label={props.label.clone()}>
            { props.children.clone() }
        </a>
    }
}
