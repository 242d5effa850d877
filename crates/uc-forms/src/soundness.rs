//! What must hold between schema and layout, so that every form can be filled in and both checks agree.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Effect, Form, InvalidForm, ShowRule};

/// How far "shown because of an answer that is shown because of …" may go.
const LONGEST_CHAIN: usize = 8;

pub(crate) fn check(form: &Form) -> Result<(), InvalidForm> {
    for property in form.fields.keys() {
        if !ends_within(form, property, LONGEST_CHAIN) {
            return Err(InvalidForm::RuleChain {
                property: property.clone(),
            });
        }
    }
    let always = form
        .fields
        .values()
        .filter(|field| field.required)
        .map(|field| &field.property);
    always_shown(form, &[], always)?;
    for demand in &form.demands {
        always_shown(form, &demand.when, &demand.required)?;
    }
    Ok(())
}

fn ends_within(form: &Form, property: &str, steps: usize) -> bool {
    let rules = form
        .fields
        .get(property)
        .map_or(&[][..], |field| &field.rules);
    rules.is_empty()
        || (steps > 0
            && rules
                .iter()
                .all(|rule| ends_within(form, &rule.property, steps - 1)))
}

/// Whatever is required under these answers shows under them, whatever the others are.
fn always_shown<'a>(
    form: &Form,
    when: &[(String, Value)],
    required: impl IntoIterator<Item = &'a String>,
) -> Result<(), InvalidForm> {
    let facts = known_answers(form, when);
    for property in required {
        let rules = form
            .fields
            .get(property)
            .map_or(&[][..], |field| &field.rules);
        if !rules.iter().all(|rule| follows(rule, &facts)) {
            return Err(InvalidForm::RequiredButHidden {
                property: property.clone(),
            });
        }
    }
    Ok(())
}

/// The answers, and those without which they would be hidden.
fn known_answers<'a>(form: &'a Form, when: &'a [(String, Value)]) -> BTreeMap<&'a str, &'a Value> {
    let mut facts = BTreeMap::new();
    let mut new: Vec<(&str, &Value)> = when
        .iter()
        .map(|(property, value)| (property.as_str(), value))
        .collect();
    while let Some((property, value)) = new.pop() {
        if facts.insert(property, value).is_some() {
            continue;
        }
        let rules = form
            .fields
            .get(property)
            .map_or(&[][..], |field| &field.rules);
        let shown_by = rules.iter().filter(|rule| rule.effect == Effect::Show);
        new.extend(shown_by.map(|rule| (rule.property.as_str(), &rule.equals)));
    }
    facts
}

fn follows(rule: &ShowRule, facts: &BTreeMap<&str, &Value>) -> bool {
    let known = facts.get(rule.property.as_str());
    match rule.effect {
        Effect::Show => known == Some(&&rule.equals),
        Effect::Hide => known.is_some_and(|value| **value != rule.equals),
    }
}
