//! Two languages, one click.

use uc_ipc::Language;
use yew::prelude::*;

use crate::i18n::{t, use_i18n};

/// Props of [`LanguageSwitch`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct LanguageSwitchProps {
    /// Takes the choice.
    pub(crate) on_choice: Callback<Language>,
}

/// Each language in its own words.
#[component]
pub(crate) fn LanguageSwitch(props: &LanguageSwitchProps) -> Html {
    let i18n = use_i18n();
    let button = |language: Language, name: AttrValue, lang: &'static str| {
        let onclick = props.on_choice.reform(move |_: MouseEvent| language);
        html! {
            <button type="button" class="segment" {onclick} {lang} data-testid={format!("language-{lang}")}
                aria-pressed={(i18n.language() == language).to_string()}>{ name }</button>
        }
    };
    html! {
        <div class="segments" role="group" aria-label={t!(i18n, "language-label")}>
            { button(Language::Ru, t!(i18n, "language-ru"), "ru") }
            { button(Language::En, t!(i18n, "language-en"), "en") }
        </div>
    }
}
