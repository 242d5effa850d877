//! One question with what helps to answer it and what is wrong with the answer.

mod choice;
mod file;

use serde_json::Value;
use uc_forms::{Field, FieldKind, Format};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{
    filling::{Edit, Filling, format_of},
    two_answers::two_answers,
};
use crate::{
    components::icon::Icon,
    i18n::{I18n, t, use_i18n},
};

/// Props of [`Control`].
#[derive(Clone, PartialEq, Properties)]
pub(super) struct ControlProps {
    pub(super) property: AttrValue,
    pub(super) filling: UseReducerHandle<Filling>,
}

/// What every kind of control needs.
struct Frame<'a> {
    i18n: &'a I18n,
    filling: &'a UseReducerHandle<Filling>,
    field: &'a Field,
    /// Where the focus goes; a link of the summary leads here.
    id: String,
    error: Option<AttrValue>,
    required: bool,
}

/// The control of a field, by its kind.
#[component]
pub(super) fn Control(props: &ControlProps) -> Html {
    let i18n = use_i18n();
    let filling = &props.filling;
    let Some(field) = filling.form.field(&props.property) else {
        return Html::default();
    };
    let frame = Frame {
        i18n: &i18n,
        filling,
        field,
        id: format!("field-{}", field.property),
        error: filling
            .fault(&field.property)
            .map(|fault| i18n.rule(&fault.rule)),
        required: filling.form.is_required(&field.property, &filling.answers),
    };
    match &field.kind {
        FieldKind::Choice(options) => choice::choice(&frame, options),
        FieldKind::Flag { .. } => choice::flag(&frame),
        FieldKind::File => file::file(&frame),
        FieldKind::Text { .. } if field.multiline => area(&frame),
        FieldKind::Text { .. } | FieldKind::Integer { .. } | FieldKind::Number { .. } => {
            line(&frame)
        }
    }
}

impl Frame<'_> {
    fn hint_id(&self) -> String {
        format!("{}-hint", self.id)
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.id)
    }

    fn described_by(&self) -> String {
        format!("{} {}", self.hint_id(), self.error_id())
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    fn title(&self) -> Html {
        html! {
            <>
                { self.i18n.words(&self.field.title) }
                if !self.required {
                    <span class="optional">{ t!(self.i18n, "form-optional") }</span>
                }
            </>
        }
    }

    /// Hint, example, and where the answer comes from.
    fn help(&self) -> Html {
        let hint = self
            .field
            .hint
            .as_ref()
            .map(|hint| self.i18n.words(hint).to_owned());
        html! {
            <div id={self.hint_id()}>
                if let Some(hint) = hint {
                    <p class="field-hint">{ hint }</p>
                }
                if let Some(example) = example(self.field) {
                    <p class="field-hint">{ t!(self.i18n, "form-example", example = example) }</p>
                }
                { self.origin() }
                { two_answers(self.i18n, self.filling, self.field) }
            </div>
        }
    }

    fn origin(&self) -> Html {
        if !self.filling.from_profile.contains(&self.field.property) {
            return Html::default();
        }
        html! {
            <p class="from-profile"><Icon name="user-round-check" />{ t!(self.i18n, "form-from-profile") }</p>
        }
    }

    fn fault(&self) -> Html {
        html! {
            <div id={self.error_id()}>
                if let Some(error) = &self.error {
                    <p class="ds-validation-message" data-testid={format!("{}-error", self.id)}>{ error }</p>
                }
            </div>
        }
    }

    fn edit(&self, edit: impl Fn(String) -> Edit + 'static) -> impl Fn() + 'static {
        let (filling, property) = (self.filling.clone(), self.field.property.clone());
        move || filling.dispatch(edit(property.clone()))
    }

    fn typed(&self) -> String {
        self.filling
            .typed
            .get(&self.field.property)
            .cloned()
            .unwrap_or_default()
    }

    fn on_type(&self, read: impl Fn(&InputEvent) -> String + 'static) -> Callback<InputEvent> {
        let (filling, property) = (self.filling.clone(), self.field.property.clone());
        Callback::from(move |event: InputEvent| {
            filling.dispatch(Edit::Type {
                property: property.clone(),
                text: read(&event),
            });
        })
    }

    fn on_leave(&self) -> Callback<FocusEvent> {
        let leave = self.edit(|property| Edit::Leave { property });
        Callback::from(move |_| leave())
    }
}

fn line(frame: &Frame<'_>) -> Html {
    let oninput = frame.on_type(|event| event.target_unchecked_into::<HtmlInputElement>().value());
    let (kind, inputmode, autocomplete, width) = manner(frame.field);
    html! {
        <div class="ds-field control">
            <label class="ds-label control-label" for={frame.id.clone()}>{ frame.title() }</label>
            { frame.help() }
            <input class={classes!("ds-input", width)} id={frame.id.clone()} type={kind} {inputmode} {autocomplete}
                value={frame.typed()} {oninput} onblur={frame.on_leave()} spellcheck="false"
                aria-describedby={frame.described_by()} aria-invalid={frame.invalid()}
                aria-required={frame.required.to_string()} data-testid={frame.id.clone()} />
            { frame.fault() }
        </div>
    }
}

fn area(frame: &Frame<'_>) -> Html {
    let oninput =
        frame.on_type(|event| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <div class="ds-field control">
            <label class="ds-label control-label" for={frame.id.clone()}>{ frame.title() }</label>
            { frame.help() }
            <textarea class="ds-input" id={frame.id.clone()} rows="4" value={frame.typed()} {oninput}
                onblur={frame.on_leave()} aria-describedby={frame.described_by()} aria-invalid={frame.invalid()}
                aria-required={frame.required.to_string()} data-testid={frame.id.clone()} />
            { frame.fault() }
        </div>
    }
}

/// Type, keyboard, kind for filling in by the browser, and width of a field: as wide as its answers are long.
fn manner(field: &Field) -> (&'static str, &'static str, &'static str, &'static str) {
    let numeric = ("text", "numeric", "off", "width-medium");
    match &field.kind {
        FieldKind::Integer { .. } => ("text", "numeric", "off", "width-short"),
        FieldKind::Number { .. } => ("text", "decimal", "off", "width-short"),
        FieldKind::Choice(_) | FieldKind::File | FieldKind::Flag { .. } => {
            ("text", "text", "off", "width-full")
        }
        FieldKind::Text { .. } => match format_of(field) {
            None => ("text", "text", "off", "width-full"),
            Some(Format::Email) => ("email", "email", "email", "width-full"),
            Some(Format::Phone) => ("tel", "tel", "tel", "width-medium"),
            Some(
                Format::Date | Format::PassportDivisionCode | Format::PostalCode | Format::Bik,
            ) => ("text", "numeric", "off", "width-short"),
            Some(Format::Vin | Format::CadastralNumber) => ("text", "text", "off", "width-medium"),
            Some(
                Format::Snils
                | Format::InnPerson
                | Format::InnOrganisation
                | Format::Ogrn
                | Format::PassportRf
                | Format::OmsPolicy
                | Format::BankAccount,
            ) => numeric,
        },
    }
}

/// The form's example, as it would be typed; not where the hint has it already.
fn example(field: &Field) -> Option<String> {
    let example = field.example.as_ref()?;
    let text = super::filling::typed_text(field, &Value::String(example.clone()));
    let told = field
        .hint
        .as_ref()
        .is_some_and(|hint| hint.ru.contains(&text));
    (!told).then_some(text)
}
