//! The search on the home screen: names services while one types, and leads on to the catalogue.
//!
//! A combo box with a list, after the ARIA Authoring Practices: the focus stays in the field, the arrows choose.

use std::rc::Rc;

use uc_ipc::{ServiceRow, SuggestServices, Suggestions};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::{hooks::use_navigator, prelude::Navigator};

use crate::{
    backend::dom,
    components::{icon::Icon, search_box::SEARCH_ID, service_title::service_title},
    i18n::{t, use_i18n},
    query::use_query,
    route::Route,
    screens::catalogue::Wanted,
};

/// The list under the field.
const LIST_ID: &str = "suggestions";

/// What was typed, and what of the list is chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Typing {
    text: String,
    is_open: bool,
    chosen: Option<usize>,
}

impl Typing {
    /// One line further in a ring of `lines` and the field itself.
    fn moved(&self, down: bool, lines: usize) -> Self {
        let chosen = match (self.chosen, down) {
            (None, true) => Some(0),
            (None, false) => lines.checked_sub(1),
            (Some(line), true) => Some(line + 1).filter(|next| *next < lines),
            (Some(line), false) => line.checked_sub(1),
        };
        Self {
            is_open: true,
            chosen,
            ..self.clone()
        }
    }
}

/// Opens the line that is chosen; with none, all that the words find.
fn open(navigator: &Navigator, typing: &Typing, services: &[ServiceRow]) {
    if let Some(row) = typing.chosen.and_then(|line| services.get(line)) {
        navigator.push(&Route::Service { id: row.id.clone() });
        return;
    }
    // Fails only for a query that does not serialise, which this one does.
    let _ = navigator.push_with_query(&Route::Catalogue, &Wanted::of_words(&typing.text));
    dom::focus_later(SEARCH_ID);
}

/// The field with its list.
#[component]
pub(super) fn Finder() -> Html {
    let i18n = use_i18n();
    let typing = use_state(Typing::default);
    let answer = use_query(SuggestServices {
        text: typing.text.clone(),
    });
    let suggestions = answer.state.value().map(Rc::clone).unwrap_or_default();
    let is_open = typing.is_open && !typing.text.trim().is_empty();
    let choose = use_choose(&typing, &suggestions);
    let onkeydown = on_key(&typing, suggestions.services.len() + 1, is_open, &choose);
    let oninput = {
        let typing = typing.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            typing.set(Typing {
                text: input.value(),
                is_open: true,
                chosen: None,
            });
        })
    };
    let onblur = {
        let typing = typing.clone();
        Callback::from(move |_: FocusEvent| {
            typing.set(Typing {
                is_open: false,
                ..(*typing).clone()
            });
        })
    };
    html! {
        <div class="search-box" role="search">
            <label class="ds-sr-only" for={SEARCH_ID}>{ t!(i18n, "catalogue-search") }</label>
            <Icon name="search" class="search-icon" />
            <input class="ds-input search-input" id={SEARCH_ID} type="text" enterkeyhint="search" autocomplete="off"
                spellcheck="false"
                value={typing.text.clone()} placeholder={t!(i18n, "home-search")} {oninput} {onkeydown} {onblur}
                role="combobox" aria-autocomplete="list" aria-controls={LIST_ID} aria-expanded={is_open.to_string()}
                aria-activedescendant={typing.chosen.filter(|_| is_open).map(line_id)} data-testid="home-search" />
            <p class="ds-sr-only" role="status" aria-live="polite">
                if is_open {
                    { t!(i18n, "home-suggested", n = i64::try_from(suggestions.services.len()).unwrap_or(i64::MAX)) }
                }
            </p>
            <List {suggestions} text={typing.text.clone()} {is_open} chosen={typing.chosen} {choose} />
        </div>
    }
}

/// What opens a line, or with none all that is found.
#[hook]
fn use_choose(
    typing: &UseStateHandle<Typing>,
    suggestions: &Rc<Suggestions>,
) -> Callback<Option<usize>> {
    let navigator = use_navigator();
    let (typing, suggestions) = (typing.clone(), Rc::clone(suggestions));
    Callback::from(move |chosen: Option<usize>| {
        if let Some(navigator) = &navigator {
            let typing = Typing {
                chosen,
                ..(*typing).clone()
            };
            open(navigator, &typing, &suggestions.services);
        }
    })
}

fn on_key(
    typing: &UseStateHandle<Typing>,
    lines: usize,
    is_open: bool,
    choose: &Callback<Option<usize>>,
) -> Callback<KeyboardEvent> {
    let (typing, choose) = (typing.clone(), choose.clone());
    Callback::from(move |event: KeyboardEvent| {
        let key = event.key();
        match key.as_str() {
            "ArrowDown" | "ArrowUp" if !typing.text.trim().is_empty() => {
                event.prevent_default();
                typing.set(typing.moved(key == "ArrowDown", lines));
            }
            "Enter" => choose.emit(typing.chosen.filter(|_| is_open)),
            "Escape" if is_open => typing.set(Typing {
                is_open: false,
                chosen: None,
                ..(*typing).clone()
            }),
            "Escape" => typing.set(Typing::default()),
            _ => {}
        }
    })
}

fn line_id(line: usize) -> AttrValue {
    format!("suggestion-{line}").into()
}

#[derive(PartialEq, Properties)]
struct ListProps {
    suggestions: Rc<Suggestions>,
    text: AttrValue,
    is_open: bool,
    chosen: Option<usize>,
    choose: Callback<Option<usize>>,
}

/// The services, and last the way to all that is found.
#[component]
fn List(props: &ListProps) -> Html {
    let i18n = use_i18n();
    let services = &props.suggestions.services;
    let line = |number: usize, content: Html| {
        let choose = props.choose.clone();
        let onclick = Callback::from(move |_: MouseEvent| choose.emit(Some(number)));
        let selected = (props.chosen == Some(number)).to_string();
        html! {
            <li key={number} id={line_id(number)} role="option" class="suggestion" aria-selected={selected} {onclick}>
                { content }
            </li>
        }
    };
    // A press on the list must not take the focus from the field, which would close the list before the click.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <ul class="suggestions" id={LIST_ID} role="listbox" aria-label={t!(i18n, "home-suggestions")}
            hidden={!props.is_open} {onmousedown}>
            { for services.iter().enumerate().map(|(number, row)| line(number, html! {
                <>
                    <span class="suggestion-title">{ service_title(&i18n, row) }</span>
                    <span class="suggestion-agency">{ &row.agency }</span>
                </>
            })) }
            { line(services.len(), html! {
                <span class="suggestion-all"><Icon name="search" />
                    { t!(i18n, "home-all-results", text = props.text.trim()) }
                </span>
            }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_go_round_through_the_field() {
        let mut typing = Typing::default();
        let mut seen = Vec::new();
        for _ in 0..4 {
            typing = typing.moved(true, 3);
            seen.push(typing.chosen);
        }
        assert_eq!(seen, [Some(0), Some(1), Some(2), None]);
        assert_eq!(Typing::default().moved(false, 3).chosen, Some(2));
    }
}
