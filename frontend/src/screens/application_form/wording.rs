//! Answers in words.

use serde_json::Value;
use uc_forms::{Field, FieldKind, Format};
use yew::AttrValue;

use super::filling::format_of;
use crate::i18n::{I18n, t};

/// The answer as a person reads it.
pub(super) fn answer_text(i18n: &I18n, field: &Field, answer: &Value) -> AttrValue {
    match &field.kind {
        FieldKind::Choice(options) => options
            .iter()
            .find(|option| Some(option.value.as_str()) == answer.as_str())
            .map_or_else(
                || AttrValue::from(answer.as_str().unwrap_or_default().to_owned()),
                |option| AttrValue::from(i18n.words(&option.title).to_owned()),
            ),
        FieldKind::Flag { .. } if answer == &Value::Bool(true) => t!(i18n, "answer-yes"),
        FieldKind::Flag { .. } => t!(i18n, "answer-no"),
        FieldKind::Integer { .. } | FieldKind::Number { .. } => answer.to_string().into(),
        FieldKind::File => answer["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
            .into(),
        FieldKind::Text { .. } => text(i18n, field, answer.as_str().unwrap_or_default()),
    }
}

fn text(i18n: &I18n, field: &Field, text: &str) -> AttrValue {
    let date = (format_of(field) == Some(Format::Date))
        .then(|| text.parse().ok())
        .flatten();
    date.map_or_else(|| AttrValue::from(text.to_owned()), |date| i18n.date(date))
}

/// All but the last two characters as dots.
pub(super) fn masked(text: &str) -> String {
    let count = text.chars().count();
    text.chars()
        .enumerate()
        .map(|(index, character)| {
            if index + 2 >= count || !character.is_alphanumeric() {
                character
            } else {
                '•'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_leave_two_characters() {
        assert_eq!(masked("112-233-445 95"), "•••-•••-••• 95");
        assert_eq!(masked("1"), "1");
    }
}
