//! Icons of the page's sprite.

use yew::prelude::*;

/// Props of [`Icon`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct IconProps {
    /// A name in `styles/icons.txt`.
    pub(crate) name: AttrValue,
    /// Further classes.
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// A picture beside words; it says nothing by itself.
#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    html! {
        <svg class={classes!("icon", props.class.clone())} aria-hidden="true" focusable="false">
            <use href={format!("#icon-{}", props.name)} />
        </svg>
    }
}
