use serde_json::{Value, json};

use super::{answers, layered_form};
use crate::{Effect, ShowRule};

fn shows(given: Value, expected: &[&str]) {
    let text = given.to_string();
    assert_eq!(
        layered_form().visible_properties(0, &answers(given)),
        expected,
        "{text}"
    );
}

#[test]
fn app_01_rules_show_and_hide_by_answers() {
    shows(
        json!({}),
        &["reason", "price", "birth_date", "snils", "consent"],
    );
    shows(
        json!({ "reason": "loss" }),
        &["reason", "where", "police", "price", "snils", "consent"],
    );
    shows(
        json!({ "reason": "age" }),
        &["reason", "years", "price", "birth_date", "snils", "consent"],
    );
    shows(
        json!({ "reason": "loss", "police": true }),
        &["reason", "where", "police", "report", "snils", "consent"],
    );
    shows(
        json!({ "reason": "loss", "police": false }),
        &["reason", "where", "police", "price", "snils", "consent"],
    );
}

#[test]
fn app_01_a_hidden_answer_shows_and_hides_nothing() {
    shows(
        json!({ "reason": "age", "police": true }),
        &["reason", "years", "price", "birth_date", "snils", "consent"],
    );
}

#[test]
fn a_step_that_is_not_there_shows_nothing() {
    assert!(
        layered_form()
            .visible_properties(1, &answers(json!({})))
            .is_empty()
    );
}

#[test]
fn parts_without_rule_show() {
    let form = layered_form();
    let rule = ShowRule {
        effect: Effect::Show,
        property: "reason".into(),
        equals: json!("age"),
    };
    assert!(form.is_visible(None, &answers(json!({}))));
    assert!(!form.is_visible(Some(&rule), &answers(json!({}))));
    assert!(form.is_visible(Some(&rule), &answers(json!({ "reason": "age" }))));
}

#[test]
fn app_01_answers_make_others_required() {
    let form = layered_form();
    let required = |property: &str, given: Value| form.is_required(property, &answers(given));
    assert!(required("reason", json!({})));
    assert!(!required("snils", json!({})));
    assert!(!required("where", json!({})));
    assert!(required("where", json!({ "reason": "loss" })));
    assert!(!required(
        "report",
        json!({ "reason": "loss", "police": false })
    ));
    assert!(required(
        "report",
        json!({ "reason": "loss", "police": true })
    ));
    assert!(!required(
        "report",
        json!({ "reason": "age", "police": true })
    ));
    assert!(!required("ghost", json!({})));
}
