//! Language, colours, size of text.

use uc_ipc::{Appearance, Language, TextSize, Theme, UpdateAppearance};
use yew::prelude::*;

use super::panel;
use crate::{
    components::{icon::Icon, language_switch::LanguageSwitch, notice::Failure},
    i18n::{t, use_i18n},
    query::use_act,
    session::use_session,
};

const THEMES: [(Theme, &str); 4] = [
    (Theme::System, "monitor"),
    (Theme::Light, "sun"),
    (Theme::Dark, "moon"),
    (Theme::HighContrast, "contrast"),
];
const SIZES: [TextSize; 4] = [
    TextSize::Normal,
    TextSize::Large,
    TextSize::Larger,
    TextSize::Largest,
];

/// The choices; each takes effect at once.
#[component]
pub(super) fn AppearancePanel() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let update = use_act::<UpdateAppearance>(handle.replace.clone());
    let now = handle.session.appearance;
    let set = update
        .run
        .reform(|appearance: Appearance| UpdateAppearance { appearance });
    let on_language = set.reform(move |language: Language| Appearance { language, ..now });
    let theme = |(theme, icon): (Theme, &'static str)| {
        let choose = set.reform(move |_: Event| Appearance { theme, ..now });
        choice("theme", icon, i18n.theme(theme), now.theme == theme, choose)
    };
    let size = |text_size: TextSize| {
        let choose = set.reform(move |_: Event| Appearance { text_size, ..now });
        choice(
            "text-size",
            "a-large-small",
            i18n.text_size(text_size),
            now.text_size == text_size,
            choose,
        )
    };
    panel(
        "palette",
        t!(i18n, "settings-appearance"),
        html! {
            <>
                <div class="setting">
                    <span class="setting-name">{ t!(i18n, "language-label") }</span>
                    <LanguageSwitch on_choice={on_language} />
                </div>
                <fieldset class="choices">
                    <legend class="setting-name">{ t!(i18n, "settings-theme") }</legend>
                    <div class="choice-grid">{ for THEMES.into_iter().map(theme) }</div>
                </fieldset>
                <fieldset class="choices">
                    <legend class="setting-name">{ t!(i18n, "settings-text-size") }</legend>
                    <div class="choice-grid">{ for SIZES.into_iter().map(size) }</div>
                </fieldset>
                if let Some(error) = update.error() {
                    <Failure error={error.clone()} />
                }
            </>
        },
    )
}

fn choice(
    group: &'static str,
    icon: &'static str,
    name: AttrValue,
    checked: bool,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label class="choice">
            <input class="choice-input" type="radio" name={group} {checked} {onchange} />
            <Icon name={icon} /><span>{ name }</span>
        </label>
    }
}
