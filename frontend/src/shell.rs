//! The frame around the screens: navigation, banners, shortcuts.

mod awake;
mod banners;
mod keys;
mod navigation;

use yew::prelude::*;

use self::{awake::use_keep_awake, banners::Banners, keys::use_shortcuts, navigation::Navigation};
use crate::{
    backend::dom,
    i18n::{t, use_i18n},
    route::Route,
};

/// Where the screen begins: the skip link leads here.
const MAIN_ID: &str = "main";

/// Props of [`Shell`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ShellProps {
    /// The present place.
    pub(crate) route: Route,
    /// Its screen.
    pub(crate) children: Html,
}

/// Navigation at the side of wide windows and at the foot of narrow ones.
#[component]
pub(crate) fn Shell(props: &ShellProps) -> Html {
    let i18n = use_i18n();
    use_shortcuts();
    use_keep_awake();
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        dom::focus_id(MAIN_ID);
    });
    html! {
        <div class="shell">
            <a class="ds-skip-link" href="#main" onclick={skip}>{ t!(i18n, "skip-link") }</a>
            <Navigation section={props.route.section()} />
            <div class="content">
                <Banners />
                <main id={MAIN_ID} tabindex="-1" class="main">{ props.children.clone() }</main>
                <footer class="footer">{ t!(i18n, "about-independent") }</footer>
            </div>
        </div>
    }
}
