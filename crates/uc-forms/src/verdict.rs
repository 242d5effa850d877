//! The full validator of JSON Schema, for the core before it seals and the portal before it accepts.

use std::collections::BTreeMap;

use jsonschema::{Draft, ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;
use uc_model::Answers;

use crate::{BrokenRule, FieldFault, Format, format};

/// A compiled schema. Formats are asserted, and texts of a format must be in their written form.
#[derive(Debug)]
pub struct Verdict(Validator);

/// A schema that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("the schema does not compile: {0}")]
pub struct InvalidSchema(String);

impl Verdict {
    /// Compiles a schema of draft 2020-12. Nothing is fetched: references outside the schema are refused.
    pub fn new(schema: &Value) -> Result<Self, InvalidSchema> {
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true);
        Format::ALL
            .into_iter()
            .fold(options, |options, format| {
                options.with_format(format.name(), move |text: &str| {
                    format::check(format, text).as_deref() == Ok(text)
                })
            })
            .build(schema)
            .map(Self)
            .map_err(|error| InvalidSchema(error.to_string()))
    }

    /// At most one fault for a property, ordered by property.
    #[must_use]
    pub fn faults(&self, answers: &Answers) -> Vec<FieldFault> {
        let instance = Value::Object(
            answers
                .iter()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        );
        let mut found = BTreeMap::new();
        for error in self.0.iter_errors(&instance) {
            for fault in faults_of(&error) {
                found.entry(fault.property).or_insert(fault.rule);
            }
        }
        found
            .into_iter()
            .map(|(property, rule)| FieldFault { property, rule })
            .collect()
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "kinds outside the subset of forms are one case"
)]
fn faults_of(error: &ValidationError<'_>) -> Vec<FieldFault> {
    let fault = |property: &str, rule| FieldFault {
        property: property.to_owned(),
        rule,
    };
    let path = error.instance_path().to_string();
    let mut steps = path.trim_start_matches('/').split('/');
    let property = steps.next().unwrap_or_default();
    let is_within = steps.next().is_some();
    match error.kind() {
        // Of what is wrong within an answer people hear that the answer is.
        ValidationErrorKind::Required { .. } | ValidationErrorKind::AdditionalProperties { .. }
            if !property.is_empty() =>
        {
            vec![fault(property, BrokenRule::WrongType)]
        }
        _ if is_within => vec![fault(property, BrokenRule::WrongType)],
        ValidationErrorKind::Required { property } => {
            vec![fault(
                property.as_str().unwrap_or_default(),
                BrokenRule::Required,
            )]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|property| fault(property, BrokenRule::Unknown))
            .collect(),
        kind => vec![fault(property, rule(kind, error.instance()))],
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "kinds outside the subset of forms are one case"
)]
fn rule(kind: &ValidationErrorKind, answer: &Value) -> BrokenRule {
    let count = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    let number = |limit: &Value| limit.as_f64().unwrap_or_default();
    match kind {
        ValidationErrorKind::MinLength { limit } => BrokenRule::TooShort { min: count(*limit) },
        ValidationErrorKind::MaxLength { limit } => BrokenRule::TooLong { max: count(*limit) },
        ValidationErrorKind::Pattern { .. } => BrokenRule::Pattern,
        ValidationErrorKind::Format { format } => format_rule(format, answer),
        ValidationErrorKind::Minimum { limit } => BrokenRule::Minimum { min: number(limit) },
        ValidationErrorKind::Maximum { limit } => BrokenRule::Maximum { max: number(limit) },
        ValidationErrorKind::OneOfNotValid { .. } => BrokenRule::NotAChoice,
        ValidationErrorKind::Constant { .. } => BrokenRule::NotConfirmed,
        _ => BrokenRule::WrongType,
    }
}

fn format_rule(name: &str, answer: &Value) -> BrokenRule {
    let Some(format) = format::parse_name(name) else {
        return BrokenRule::WrongType;
    };
    let text = answer.as_str().unwrap_or_default();
    format::check(format, text)
        .err()
        .unwrap_or(BrokenRule::Format(format))
}
