//! The frame of a screen: title, heading, focus.

use yew::prelude::*;

use super::{icon::Icon, route_link::RouteLink};
use crate::{
    backend::dom,
    i18n::{t, use_i18n},
    route::Route,
};

/// Props of [`Page`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct PageProps {
    /// The heading, and the first part of the window's title.
    pub(crate) title: AttrValue,
    /// A sentence below the heading.
    #[prop_or_default]
    pub(crate) lead: Option<AttrValue>,
    /// What stands above the heading: the place above this one, with its name.
    #[prop_or_default]
    pub(crate) up: Option<(Route, AttrValue)>,
    /// The language of the heading, where it is not the interface's.
    #[prop_or_default]
    pub(crate) lang: Option<AttrValue>,
    pub(crate) children: Html,
}

/// A screen. When it comes, the focus moves to its heading and the window takes its title.
#[component]
pub(crate) fn Page(props: &PageProps) -> Html {
    let i18n = use_i18n();
    let heading = use_node_ref();
    {
        let title = t!(i18n, "window-title", screen = props.title.as_str());
        use_effect_with(title, |title| dom::set_title(title));
    }
    {
        let heading = heading.clone();
        use_effect_with((), move |()| {
            dom::scroll_to_top();
            dom::focus(&heading);
        });
    }
    html! {
        <div class="page">
            <header class="page-header">
                if let Some((route, name)) = &props.up {
                    <RouteLink to={route.clone()} class="up-link">
                        <Icon name="arrow-left" /><span>{ name }</span>
                    </RouteLink>
                }
                <h1 class="page-title" tabindex="-1" ref={heading} lang={props.lang.clone()}>{ &props.title }</h1>
                if let Some(lead) = &props.lead {
                    <p class="page-lead">{ lead }</p>
                }
            </header>
            { props.children.clone() }
        </div>
    }
}
