//! Forms and answers, good and bad.

mod answers;
mod formats;
mod law;
mod reading;
mod shown;

use std::{fs, path::Path};

use serde_json::{Map, Value, json};
use uc_model::Answers;

use crate::{BrokenRule, FieldFault, Form};

/// A schema of these properties.
fn schema(properties: &Value, required: &[&str]) -> Value {
    let mut properties = properties.clone();
    for (name, property) in properties.as_object_mut().unwrap() {
        property["title"] = json!(name);
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    })
}

/// One step with these elements.
fn layout(elements: &Value) -> Value {
    json!({
        "type": "Categorization",
        "options": { "variant": "stepper" },
        "elements": [{ "type": "Category", "label": "Шаг", "elements": elements }],
    })
}

fn control(property: &str) -> Value {
    json!({ "type": "Control", "scope": format!("#/properties/{property}") })
}

fn control_if(property: &str, effect: &str, decides: &str, equals: impl Into<Value>) -> Value {
    let mut control = control(property);
    control["rule"] = rule(effect, decides, equals);
    control
}

fn rule(effect: &str, decides: &str, equals: impl Into<Value>) -> Value {
    json!({
        "effect": effect,
        "condition": {
            "scope": format!("#/properties/{decides}"),
            "schema": { "const": equals.into() },
        },
    })
}

/// A schema with all its properties on one step, unconditionally.
fn plain(properties: &Value, required: &[&str]) -> Form {
    let controls = properties
        .as_object()
        .unwrap()
        .keys()
        .map(|name| control(name))
        .collect();
    Form::parse(
        &schema(properties, required),
        &layout(&Value::Array(controls)),
    )
    .unwrap()
}

fn options(values: &[&str]) -> Value {
    let options: Vec<Value> = values
        .iter()
        .map(|value| json!({ "const": value, "title": value }))
        .collect();
    json!({ "type": "string", "oneOf": options })
}

fn answers(answers: Value) -> Answers {
    serde_json::from_value(answers).unwrap()
}

fn fault(property: &str, rule: BrokenRule) -> FieldFault {
    FieldFault {
        property: property.to_owned(),
        rule,
    }
}

/// A choice that shows a text, which shows a number; with a group, a label and both effects.
fn layered() -> (Value, Value) {
    let mut schema = schema(
        &json!({
            "reason": options(&["loss", "age", "other"]),
            "where": { "type": "string", "minLength": 3, "maxLength": 40, "x-gu-example": "в автобусе" },
            "police": { "type": "boolean" },
            "report": { "type": "string", "pattern": "^\\d{3}$", "x-gu-example": "123" },
            "years": { "type": "integer", "minimum": 14, "maximum": 120 },
            "price": { "type": "number", "minimum": 0.5, "maximum": 10, "x-gu-example": "1,5" },
            "birth_date": { "type": "string", "format": "date", "x-gu-example": "14.05.1990", "x-gu-source": "profile.birth_date" },
            "snils": { "type": "string", "format": "snils", "x-gu-example": "112-233-445 95", "x-gu-source": "profile.snils" },
            "consent": { "type": "boolean", "const": true },
        }),
        &["reason", "consent"],
    );
    let when = |property: &str, value: Value, required: &[&str]| {
        json!({
            "if": { "properties": { property: { "const": value } }, "required": [property] },
            "then": { "required": required },
        })
    };
    schema["allOf"] = json!([
        when("reason", json!("loss"), &["where", "police"]),
        when("police", json!(true), &["report"]),
        when("reason", json!("age"), &["years", "birth_date"]),
    ]);
    let layout = layout(&json!([
        control("reason"),
        {
            "type": "Group", "label": "Пропажа", "rule": rule("SHOW", "reason", "loss"),
            "elements": [control("where"), control("police"), control_if("report", "SHOW", "police", true)],
        },
        { "type": "Label", "text": "Сколько лет", "rule": rule("SHOW", "reason", "age") },
        control_if("years", "SHOW", "reason", "age"),
        control_if("price", "HIDE", "police", true),
        control_if("birth_date", "HIDE", "reason", "loss"),
        control("snils"),
        control("consent"),
    ]));
    (schema, layout)
}

fn layered_form() -> Form {
    let (schema, layout) = layered();
    Form::parse(&schema, &layout).unwrap()
}

/// Name, schema and layout of every form of the catalogue.
fn catalogue() -> Vec<(String, Value, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../uc-portal/catalogue/forms");
    let read = |name: &str| serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap();
    let mut forms: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| {
            let file = entry.unwrap().file_name().into_string().unwrap();
            let name = file.strip_suffix(".schema.json")?.to_owned();
            Some((name.clone(), read(&file), read(&format!("{name}.ui.json"))))
        })
        .collect();
    forms.sort_by(|one, other| one.0.cmp(&other.0));
    forms
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}
