//! Reads the layout: steps, items, rules; and places the fields in them.

use serde_json::{Map, Value};

use crate::{
    Effect, Form, InvalidForm, Item, ShowRule, Step,
    schema::{constant, known, list, member, object, possible, shape, text, words},
};

pub(crate) fn parse(layout: &Value) -> Result<Vec<Step>, InvalidForm> {
    const AT: &str = "layout";
    let root = object(layout, AT)?;
    known(root, &["type", "options", "elements"], AT)?;
    let stepper = serde_json::json!({ "variant": "stepper" });
    if text(root, "type", AT)? != "Categorization" || root.get("options") != Some(&stepper) {
        return Err(shape(AT, "a categorization drawn as a stepper"));
    }
    let steps = list(member(root, "elements", AT)?, AT)?;
    if steps.is_empty() {
        return Err(shape(AT, "a step"));
    }
    steps.iter().map(step).collect()
}

fn step(step: &Value) -> Result<Step, InvalidForm> {
    const AT: &str = "category";
    let step = object(step, AT)?;
    known(step, &["type", "label", "x-gu-en", "elements"], AT)?;
    if text(step, "type", AT)? != "Category" {
        return Err(shape(AT, "type Category"));
    }
    Ok(Step {
        title: words(step, "label", AT)?,
        items: items(step, item)?,
    })
}

fn items(
    part: &Map<String, Value>,
    item: fn(&Value) -> Result<Item, InvalidForm>,
) -> Result<Vec<Item>, InvalidForm> {
    list(member(part, "elements", "layout")?, "elements")?
        .iter()
        .map(item)
        .collect()
}

fn item(item: &Value) -> Result<Item, InvalidForm> {
    const AT: &str = "group";
    if item.get("type") != Some(&Value::from("Group")) {
        return leaf(item);
    }
    let group = object(item, AT)?;
    known(group, &["type", "label", "x-gu-en", "elements", "rule"], AT)?;
    Ok(Item::Group {
        title: words(group, "label", AT)?,
        items: items(group, leaf)?,
        rule: rule(group)?,
    })
}

fn leaf(item: &Value) -> Result<Item, InvalidForm> {
    const AT: &str = "element";
    let item = object(item, AT)?;
    match text(item, "type", AT)? {
        "Label" => {
            known(item, &["type", "text", "x-gu-en", "rule"], AT)?;
            Ok(Item::Label {
                text: words(item, "text", AT)?,
                rule: rule(item)?,
            })
        }
        "Control" => {
            known(item, &["type", "scope", "rule"], AT)?;
            Ok(Item::Control {
                property: scope(item)?,
                rule: rule(item)?,
            })
        }
        _ => Err(shape(
            AT,
            "type Control, Label or, outside of a group, Group",
        )),
    }
}

fn rule(item: &Map<String, Value>) -> Result<Option<ShowRule>, InvalidForm> {
    const AT: &str = "rule";
    let Some(rule) = item.get("rule") else {
        return Ok(None);
    };
    let rule = object(rule, AT)?;
    known(rule, &["effect", "condition"], AT)?;
    let effect = match text(rule, "effect", AT)? {
        "SHOW" => Effect::Show,
        "HIDE" => Effect::Hide,
        _ => return Err(shape(AT, "effect SHOW or HIDE")),
    };
    let condition = object(member(rule, "condition", AT)?, AT)?;
    known(condition, &["scope", "schema"], AT)?;
    Ok(Some(ShowRule {
        effect,
        property: scope(condition)?,
        equals: constant(member(condition, "schema", AT)?, AT)?,
    }))
}

fn scope(part: &Map<String, Value>) -> Result<String, InvalidForm> {
    text(part, "scope", "scope")?
        .strip_prefix("#/properties/")
        .map(str::to_owned)
        .ok_or_else(|| shape("scope", "#/properties/…"))
}

/// Tells each field its step and all rules above it; refuses a layout that leaves one out or shows it twice.
pub(crate) fn place(form: &mut Form) -> Result<(), InvalidForm> {
    let mut unplaced: std::collections::BTreeSet<String> = form.fields.keys().cloned().collect();
    for (step, property, rules) in placements(&form.steps) {
        for rule in &rules {
            possible(&rule.property, &rule.equals, &form.fields)?;
        }
        let Some(property) = property else { continue };
        let field = form
            .fields
            .get_mut(&property)
            .ok_or_else(|| InvalidForm::NoSuchProperty {
                property: property.clone(),
            })?;
        if !unplaced.remove(&property) {
            return Err(InvalidForm::LaidOutTwice { property });
        }
        (field.step, field.rules) = (step, rules);
    }
    match unplaced.pop_first() {
        Some(property) => Err(InvalidForm::NotLaidOut { property }),
        None => Ok(()),
    }
}

type Placement = (usize, Option<String>, Vec<ShowRule>);

/// Every item with its step and the rules on it and its group; controls with their property.
fn placements(steps: &[Step]) -> Vec<Placement> {
    let mut found = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        for item in &step.items {
            collect(index, item, None, &mut found);
        }
    }
    found
}

fn collect(step: usize, item: &Item, above: Option<&ShowRule>, found: &mut Vec<Placement>) {
    let (property, own) = match item {
        Item::Group { rule, .. } | Item::Label { rule, .. } => (None, rule),
        Item::Control { property, rule } => (Some(property.clone()), rule),
    };
    found.push((
        step,
        property,
        above.into_iter().chain(own).cloned().collect(),
    ));
    if let Item::Group { items, rule, .. } = item {
        for item in items {
            collect(step, item, rule.as_ref(), found);
        }
    }
}
