//! Keys that work everywhere: Ctrl+1…5 for the sections, «/» for the search.

use web_sys::KeyboardEvent;
use yew::prelude::*;
use yew_router::{hooks::use_navigator, prelude::Navigator};

use crate::{
    backend::dom,
    components::search_box::SEARCH_ID,
    route::{Route, Section},
};

/// Listens as long as the shell stands.
#[hook]
pub(super) fn use_shortcuts() {
    let navigator = use_navigator();
    use_effect_with((), move |()| {
        let listener = navigator.and_then(|navigator| {
            dom::on_key(move |event| {
                if act(event, &navigator) {
                    event.prevent_default();
                }
            })
        });
        move || drop(listener)
    });
}

/// Whether the key was a shortcut.
fn act(event: &KeyboardEvent, navigator: &Navigator) -> bool {
    let command = event.ctrl_key() || event.meta_key();
    if command && !event.alt_key() && !event.shift_key() {
        return section(&event.key()).is_some_and(|section| {
            navigator.push(&section.route());
            true
        });
    }
    if event.key() == "/" && !command && !event.alt_key() && !dom::is_typing(event) {
        if !dom::focus_id(SEARCH_ID) {
            navigator.push(&Route::Catalogue);
            dom::focus_later(SEARCH_ID);
        }
        return true;
    }
    false
}

fn section(key: &str) -> Option<Section> {
    let number: usize = key.parse().ok()?;
    Section::ALL.get(number.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_name_sections() {
        assert_eq!(section("1"), Some(Section::Home));
        assert_eq!(section("5"), Some(Section::Settings));
        assert_eq!(section("0"), None);
        assert_eq!(section("6"), None);
        assert_eq!(section("a"), None);
    }
}
