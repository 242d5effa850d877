//! A field for a PIN or password.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::Icon;
use crate::i18n::{t, use_i18n};

/// Props of [`PasscodeField`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct PasscodeFieldProps {
    /// Its id in the document.
    pub(crate) id: AttrValue,
    /// Its name for tests.
    pub(crate) test_id: AttrValue,
    /// Its words.
    pub(crate) label: AttrValue,
    /// What helps.
    #[prop_or_default]
    pub(crate) hint: Option<AttrValue>,
    /// What is wrong.
    #[prop_or_default]
    pub(crate) error: Option<AttrValue>,
    /// What is typed.
    pub(crate) value: AttrValue,
    /// `new-password` or `current-password`.
    pub(crate) autocomplete: AttrValue,
    #[prop_or_default]
    pub(crate) disabled: bool,
    #[prop_or_default]
    pub(crate) node: NodeRef,
    pub(crate) on_input: Callback<String>,
}

/// The field: dots, unless the person wants to see what is typed.
#[component]
pub(crate) fn PasscodeField(props: &PasscodeFieldProps) -> Html {
    let i18n = use_i18n();
    let visible = use_state(|| false);
    let oninput = props
        .on_input
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let toggle = {
        let visible = visible.clone();
        Callback::from(move |_: MouseEvent| visible.set(!*visible))
    };
    let (kind, icon) = if *visible {
        ("text", "eye-off")
    } else {
        ("password", "eye")
    };
    let (hint_id, error_id) = (format!("{}-hint", props.id), format!("{}-error", props.id));
    html! {
        <div class="ds-field">
            <label class="ds-label" for={props.id.clone()} data-weight="medium">{ &props.label }</label>
            if let Some(hint) = &props.hint {
                <p class="field-hint" id={hint_id.clone()}>{ hint }</p>
            }
            <div class="passcode-box">
                <input class="ds-input passcode-input" id={props.id.clone()} type={kind} ref={props.node.clone()}
                    value={props.value.clone()} {oninput} autocomplete={props.autocomplete.clone()}
                    disabled={props.disabled} aria-describedby={format!("{hint_id} {error_id}")}
                    aria-invalid={props.error.is_some().then_some("true")} maxlength="256"
                    data-testid={props.test_id.clone()} />
                <button type="button" class="passcode-eye" onclick={toggle} aria-pressed={visible.to_string()}
                    aria-label={t!(i18n, "passcode-show")}>
                    <Icon name={icon} />
                </button>
            </div>
            <div id={error_id} aria-live="polite">
                if let Some(error) = &props.error {
                    <p class="ds-validation-message">{ error }</p>
                }
            </div>
        </div>
    }
}
