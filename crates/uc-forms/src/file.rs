//! Questions for a file.
//!
//! In a schema such a property is `{"$ref": "#/$defs/file"}`, with title and description as any other, and `$defs` holds
//! the one definition that every form has.

use serde_json::{Value, json};
use uc_model::{Answers, Attachment, MAX_FILE_BYTES, MAX_FILE_NAME};

use crate::{BrokenRule, FieldKind, Form, InvalidForm, schema};

const REFERENCE: &str = "#/$defs/file";

/// What `$defs` holds in a schema that asks for files.
#[must_use]
pub fn definition() -> Value {
    json!({
        "file": {
            "type": "object",
            "additionalProperties": false,
            "required": ["file", "name", "size"],
            "properties": {
                "file": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                "name": { "type": "string", "minLength": 1, "maxLength": MAX_FILE_NAME },
                "size": { "type": "integer", "minimum": 1, "maximum": MAX_FILE_BYTES }
            }
        }
    })
}

pub(crate) fn expect_definition(definitions: &Value) -> Result<(), InvalidForm> {
    if *definitions == definition() {
        Ok(())
    } else {
        Err(schema::shape(
            "$defs",
            "the definition of a file and nothing else",
        ))
    }
}

pub(crate) fn expect_reference(
    reference: &Value,
    property: &str,
) -> Result<FieldKind, InvalidForm> {
    if reference == REFERENCE {
        Ok(FieldKind::File)
    } else {
        Err(schema::shape(property, "$ref to #/$defs/file"))
    }
}

/// The rule that an answer breaks which should name a file.
pub(crate) fn fault(answer: &Value) -> Option<BrokenRule> {
    let Ok(attachment) = serde_json::from_value::<Attachment>(answer.clone()) else {
        return Some(BrokenRule::WrongType);
    };
    let name = attachment.name.chars().count();
    let is_sound = (1..=MAX_FILE_NAME).contains(&name)
        && (1..=MAX_FILE_BYTES as u64).contains(&attachment.size);
    (!is_sound).then_some(BrokenRule::WrongType)
}

impl Form {
    /// The files that the answers name, with the properties that ask for them.
    #[must_use]
    pub fn files<'a>(&'a self, answers: &Answers) -> Vec<(&'a str, Attachment)> {
        let asked = self
            .fields
            .values()
            .filter(|field| field.kind == FieldKind::File);
        asked
            .filter_map(|field| {
                let answer = answers.get(&field.property)?.clone();
                Some((
                    field.property.as_str(),
                    serde_json::from_value(answer).ok()?,
                ))
            })
            .collect()
    }
}
