//! Reads the schema: fields and what is required when.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::{
    ChoiceOption, Field, FieldKind, InvalidForm, Pattern, Words, file, form::Demand,
    format::parse_name,
};

type Object = Map<String, Value>;

/// Fields by property, unplaced, and the demands between them.
pub(crate) fn parse(schema: &Value) -> Result<(BTreeMap<String, Field>, Vec<Demand>), InvalidForm> {
    const KEYWORDS: &[&str] = &[
        "$schema",
        "$id",
        "title",
        "description",
        "type",
        "additionalProperties",
        "properties",
        "required",
        "allOf",
        "$defs",
    ];
    let root = object(schema, "schema")?;
    known(root, KEYWORDS, "schema")?;
    if root.get("type") != Some(&Value::from("object"))
        || root.get("additionalProperties") != Some(&Value::Bool(false))
    {
        return Err(shape("schema", "an object without further properties"));
    }
    let required = match root.get("required") {
        Some(names) => texts(names, "required")?,
        None => Vec::new(),
    };
    if let Some(definitions) = root.get("$defs") {
        file::expect_definition(definitions)?;
    }
    let fields = object(member(root, "properties", "schema")?, "properties")?
        .iter()
        .map(|(property, schema)| {
            let field = field(property, schema, required.contains(property))?;
            Ok((property.clone(), field))
        })
        .collect::<Result<BTreeMap<_, _>, InvalidForm>>()?;
    declared(&required, &fields)?;
    let demands = demands(root, &fields)?;
    Ok((fields, demands))
}

fn field(property: &str, schema: &Value, required: bool) -> Result<Field, InvalidForm> {
    let schema = object(schema, property)?;
    let kind = kind(property, schema)?;
    Ok(Field {
        property: property.to_owned(),
        kind,
        title: words(schema, "title", property)?,
        hint: schema
            .get("description")
            .map(|_| words(schema, "description", property))
            .transpose()?,
        example: optional_text(schema, "x-gu-example", property)?,
        source: optional_text(schema, "x-gu-source", property)?,
        multiline: flag(schema, "x-gu-multiline", property)?,
        sensitive: flag(schema, "x-gu-sensitive", property)?,
        required,
        step: 0,
        rules: Vec::new(),
    })
}

/// Keywords that say how to ask, whatever the type.
const ASKING: &[&str] = &[
    "type",
    "title",
    "description",
    "x-gu-en",
    "x-gu-example",
    "x-gu-source",
    "x-gu-multiline",
    "x-gu-sensitive",
];

fn kind(property: &str, schema: &Object) -> Result<FieldKind, InvalidForm> {
    if let Some(reference) = schema.get("$ref") {
        known(schema, &[ASKING, &["$ref"]].concat(), property)?;
        return file::expect_reference(reference, property);
    }
    let kind = text(schema, "type", property)?;
    let own: &[&str] = match kind {
        "string" if schema.contains_key("oneOf") => &["oneOf"],
        "string" => &["minLength", "maxLength", "pattern", "format"],
        "integer" | "number" => &["minimum", "maximum"],
        "boolean" => &["const"],
        _ => return Err(shape(property, "type string, integer, number or boolean")),
    };
    known(schema, &[ASKING, own].concat(), property)?;
    match kind {
        "string" if schema.contains_key("oneOf") => choice(property, schema),
        "string" => text_kind(property, schema),
        "integer" => Ok(FieldKind::Integer {
            min: limit(schema, "minimum", property, Value::as_i64)?,
            max: limit(schema, "maximum", property, Value::as_i64)?,
        }),
        "number" => Ok(FieldKind::Number {
            min: limit(schema, "minimum", property, Value::as_f64)?,
            max: limit(schema, "maximum", property, Value::as_f64)?,
        }),
        _ => match schema.get("const") {
            None => Ok(FieldKind::Flag {
                must_be_true: false,
            }),
            Some(Value::Bool(true)) => Ok(FieldKind::Flag { must_be_true: true }),
            Some(_) => Err(shape(property, "const true")),
        },
    }
}

fn text_kind(property: &str, schema: &Object) -> Result<FieldKind, InvalidForm> {
    let count = |keyword| {
        limit(schema, keyword, property, |value| {
            value.as_u64()?.try_into().ok()
        })
    };
    let pattern = optional_text(schema, "pattern", property)?
        .map(|source| {
            Pattern::parse(&source).ok_or_else(|| InvalidForm::Pattern {
                property: property.to_owned(),
            })
        })
        .transpose()?;
    let format = optional_text(schema, "format", property)?
        .map(|name| {
            parse_name(&name).ok_or_else(|| InvalidForm::Format {
                property: property.to_owned(),
                format: name,
            })
        })
        .transpose()?;
    Ok(FieldKind::Text {
        min_chars: count("minLength")?.unwrap_or(0),
        max_chars: count("maxLength")?,
        pattern,
        format,
    })
}

fn choice(property: &str, schema: &Object) -> Result<FieldKind, InvalidForm> {
    let options = list(member(schema, "oneOf", property)?, property)?
        .iter()
        .map(|option| {
            let option = object(option, property)?;
            known(option, &["const", "title", "x-gu-en"], property)?;
            Ok(ChoiceOption {
                value: text(option, "const", property)?.to_owned(),
                title: words(option, "title", property)?,
            })
        })
        .collect::<Result<Vec<_>, InvalidForm>>()?;
    let distinct: BTreeSet<&str> = options.iter().map(|option| option.value.as_str()).collect();
    if distinct.len() != options.len() {
        return Err(InvalidForm::OptionTwice {
            property: property.to_owned(),
        });
    }
    // An answer is trimmed before it is compared, and blank means none.
    if options
        .iter()
        .any(|option| option.value.is_empty() || option.value.trim() != option.value)
    {
        return Err(shape(property, "options without space around"));
    }
    Ok(FieldKind::Choice(options))
}

fn demands(root: &Object, fields: &BTreeMap<String, Field>) -> Result<Vec<Demand>, InvalidForm> {
    let Some(all) = root.get("allOf") else {
        return Ok(Vec::new());
    };
    list(all, "allOf")?
        .iter()
        .map(|part| demand(part, fields))
        .collect()
}

fn demand(part: &Value, fields: &BTreeMap<String, Field>) -> Result<Demand, InvalidForm> {
    const AT: &str = "allOf";
    let part = object(part, AT)?;
    known(part, &["if", "then"], AT)?;
    let condition = object(member(part, "if", AT)?, AT)?;
    known(condition, &["properties", "required"], AT)?;
    let when = object(member(condition, "properties", AT)?, AT)?
        .iter()
        .map(|(property, schema)| Ok((property.clone(), constant(schema, AT)?)))
        .collect::<Result<Vec<_>, InvalidForm>>()?;
    for (property, value) in &when {
        possible(property, value, fields)?;
    }
    let present = texts(member(condition, "required", AT)?, AT)?;
    if when.is_empty() || !same_names(&present, when.iter().map(|(property, _)| property)) {
        return Err(shape(AT, "the same names in properties and required"));
    }
    let then = object(member(part, "then", AT)?, AT)?;
    known(then, &["required"], AT)?;
    let required = texts(member(then, "required", AT)?, AT)?;
    declared(&required, fields)?;
    Ok(Demand { when, required })
}

fn same_names<'a>(some: &'a [String], others: impl Iterator<Item = &'a String>) -> bool {
    some.iter().collect::<BTreeSet<_>>() == others.collect::<BTreeSet<_>>()
}

/// The value of `{const}`.
pub(crate) fn constant(schema: &Value, at: &str) -> Result<Value, InvalidForm> {
    let schema = object(schema, at)?;
    known(schema, &["const"], at)?;
    member(schema, "const", at).cloned()
}

/// Refuses a condition that no answer meets: a wrong name or a misspelt option.
pub(crate) fn possible(
    property: &str,
    value: &Value,
    fields: &BTreeMap<String, Field>,
) -> Result<(), InvalidForm> {
    let field = fields
        .get(property)
        .ok_or_else(|| InvalidForm::NoSuchProperty {
            property: property.to_owned(),
        })?;
    let possible = match (&field.kind, value) {
        (FieldKind::Choice(options), Value::String(value)) => {
            options.iter().any(|option| option.value == *value)
        }
        (FieldKind::Flag { must_be_true }, Value::Bool(value)) => *value || !must_be_true,
        _ => false,
    };
    if possible {
        Ok(())
    } else {
        Err(InvalidForm::ImpossibleCondition {
            property: property.to_owned(),
        })
    }
}

fn declared(names: &[String], fields: &BTreeMap<String, Field>) -> Result<(), InvalidForm> {
    match names.iter().find(|name| !fields.contains_key(*name)) {
        Some(name) => Err(InvalidForm::NoSuchProperty {
            property: name.clone(),
        }),
        None => Ok(()),
    }
}

/// A text under `keyword` with its translation in `x-gu-en`, where descriptions keep their name and all else is a title.
pub(crate) fn words(part: &Object, keyword: &'static str, at: &str) -> Result<Words, InvalidForm> {
    let ru = text(part, keyword, at)?.to_owned();
    let Some(translation) = part.get("x-gu-en") else {
        return Ok(Words { ru, en: None });
    };
    let translation = object(translation, at)?;
    known(translation, &["title", "description"], at)?;
    let key = if keyword == "description" {
        keyword
    } else {
        "title"
    };
    let en = optional_text(translation, key, at)?;
    Ok(Words { ru, en })
}

pub(crate) fn shape(at: &str, expected: &'static str) -> InvalidForm {
    InvalidForm::Shape {
        at: at.to_owned(),
        expected,
    }
}

pub(crate) fn known(part: &Object, keywords: &[&str], at: &str) -> Result<(), InvalidForm> {
    match part.keys().find(|key| !keywords.contains(&key.as_str())) {
        Some(keyword) => Err(InvalidForm::Keyword {
            at: at.to_owned(),
            keyword: keyword.clone(),
        }),
        None => Ok(()),
    }
}

pub(crate) fn object<'a>(value: &'a Value, at: &str) -> Result<&'a Object, InvalidForm> {
    value.as_object().ok_or_else(|| shape(at, "an object"))
}

pub(crate) fn list<'a>(value: &'a Value, at: &str) -> Result<&'a Vec<Value>, InvalidForm> {
    value.as_array().ok_or_else(|| shape(at, "a list"))
}

pub(crate) fn member<'a>(
    part: &'a Object,
    key: &'static str,
    at: &str,
) -> Result<&'a Value, InvalidForm> {
    part.get(key).ok_or_else(|| shape(at, key))
}

pub(crate) fn text<'a>(
    part: &'a Object,
    key: &'static str,
    at: &str,
) -> Result<&'a str, InvalidForm> {
    member(part, key, at)?
        .as_str()
        .ok_or_else(|| shape(at, "a text"))
}

fn optional_text(part: &Object, key: &str, at: &str) -> Result<Option<String>, InvalidForm> {
    limit(part, key, at, |value| value.as_str().map(str::to_owned))
}

fn flag(part: &Object, key: &str, at: &str) -> Result<bool, InvalidForm> {
    limit(part, key, at, Value::as_bool).map(Option::unwrap_or_default)
}

fn texts(value: &Value, at: &str) -> Result<Vec<String>, InvalidForm> {
    list(value, at)?
        .iter()
        .map(|name| {
            name.as_str()
                .map(str::to_owned)
                .ok_or_else(|| shape(at, "a text"))
        })
        .collect()
}

/// What a keyword holds, if it is there.
fn limit<T>(
    part: &Object,
    key: &str,
    at: &str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, InvalidForm> {
    part.get(key)
        .map(|value| read(value).ok_or_else(|| shape(at, "another type of value")))
        .transpose()
}
