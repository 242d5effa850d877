//! A field for words to look for.

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::Icon;
use crate::i18n::{t, use_i18n};

/// A pause in typing after which the words are looked for.
const PAUSE_MILLIS: u32 = 120;
/// The field that «/» leads to.
pub(crate) const SEARCH_ID: &str = "search";

/// Props of [`SearchBox`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct SearchBoxProps {
    /// What can be looked for.
    pub(crate) label: AttrValue,
    /// Example words.
    pub(crate) placeholder: AttrValue,
    /// The words at first.
    #[prop_or_default]
    pub(crate) text: AttrValue,
    /// Gets the words after each pause in typing.
    pub(crate) on_text: Callback<String>,
    /// Enter was pressed.
    #[prop_or_default]
    pub(crate) on_enter: Callback<()>,
}

/// The field, with its magnifier and a button that empties it.
#[component]
pub(crate) fn SearchBox(props: &SearchBoxProps) -> Html {
    let i18n = use_i18n();
    let typed = use_state(|| props.text.to_string());
    let node = use_node_ref();
    use_pause((*typed).clone(), props.on_text.clone());
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            typed.set(input.value());
        })
    };
    let onkeydown = {
        let (typed, on_enter) = (typed.clone(), props.on_enter.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => on_enter.emit(()),
            "Escape" => typed.set(String::new()),
            _ => {}
        })
    };
    let clear = {
        let (typed, node) = (typed.clone(), node.clone());
        Callback::from(move |_: MouseEvent| {
            typed.set(String::new());
            crate::backend::dom::focus(&node);
        })
    };
    html! {
        <div class="search-box" role="search">
            <label class="ds-sr-only" for={SEARCH_ID}>{ &props.label }</label>
            <Icon name="search" class="search-icon" />
            <input class="ds-input search-input" id={SEARCH_ID} type="search" autocomplete="off" spellcheck="false"
                ref={node} value={(*typed).clone()} placeholder={props.placeholder.clone()} {oninput} {onkeydown}
                data-testid="search-input" />
            if !typed.is_empty() {
                <button type="button" class="search-clear" onclick={clear} aria-label={t!(i18n, "search-clear")}>
                    <Icon name="x" />
                </button>
            }
        </div>
    }
}

/// Hands the words on once they stay the same for a moment.
#[hook]
fn use_pause(words: String, on_text: Callback<String>) {
    use_effect_with(words, move |words| {
        let words = words.clone();
        let timeout = Timeout::new(PAUSE_MILLIS, move || on_text.emit(words));
        move || drop(timeout)
    });
}
