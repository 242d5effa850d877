//! The law: what the form passes, the schema passes, and the other way round.

use std::collections::BTreeSet;

use proptest::{prelude::*, sample::Index, test_runner::TestRunner};
use serde_json::{Value, json};
use uc_model::Answers;

use super::{answers, catalogue, layered};
use crate::{BrokenRule, Field, FieldFault, FieldKind, Form, verdict::Verdict};

struct Subject {
    name: String,
    form: Form,
    verdict: Verdict,
}

fn subjects() -> Vec<Subject> {
    let (schema, layout) = layered();
    catalogue()
        .into_iter()
        .chain([("layered".to_owned(), schema, layout)])
        .map(|(name, schema, layout)| Subject {
            name,
            form: Form::parse(&schema, &layout).unwrap(),
            verdict: Verdict::new(&schema).unwrap(),
        })
        .collect()
}

/// An answer that fits, options and flags taken by `pick`.
fn fitting(field: &Field, pick: usize) -> Value {
    match &field.kind {
        FieldKind::Choice(options) => json!(options[pick % options.len()].value),
        FieldKind::Flag { must_be_true } => json!(*must_be_true || pick.is_multiple_of(2)),
        FieldKind::File => photo(),
        FieldKind::Text { .. } | FieldKind::Integer { .. } | FieldKind::Number { .. } => {
            field.read(field.example.as_deref().unwrap_or("20"))
        }
    }
}

fn photo() -> Value {
    json!({ "file": "0a".repeat(32), "name": "яма.jpg", "size": 4096 })
}

/// Answers to a question for a file, most of them wrong in one way.
fn any_file() -> impl Strategy<Value = Value> {
    let spoilt = prop_oneof![
        Just(("file", json!("0A".repeat(32)))),
        Just(("file", json!("0a"))),
        Just(("name", json!(""))),
        Just(("name", json!("я".repeat(201)))),
        Just(("name", json!("я".repeat(200)))),
        Just(("size", json!(0))),
        Just(("size", json!(-1))),
        Just(("size", json!(20_971_520))),
        Just(("size", json!(20_971_521))),
        Just(("path", json!("/etc/passwd"))),
        Just(("name", json!(null))),
    ];
    spoilt.prop_map(|(member, value)| {
        let mut file = photo();
        file[member] = value;
        file
    })
}

fn any_answer() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!("  ")),
        Just(json!([])),
        Just(json!({ "a": 1 })),
        any_file(),
        Just(json!("я".repeat(3000))),
        Just(json!("29.02.2024")),
        Just(json!("8 (900) 123-45-67")),
        any::<bool>().prop_map(|flag| json!(flag)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<u64>().prop_map(|number| json!(number)),
        (-2000_i32..3000).prop_map(|number| json!(number)),
        (-2000_i32..3000).prop_map(|number| json!(f64::from(number))),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(|text| json!(text)),
        " ?[А-Яа-яё' -]{0,8}\n?".prop_map(|text| json!(text)),
        "[0-9 -]{5,22}".prop_map(|text| json!(text)),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}".prop_map(|text| json!(text)),
        "[a-zа-я.]{1,8}@[a-zA-Z.-]{1,8}".prop_map(|text| json!(text)),
    ]
}

/// What is done to good answers.
#[derive(Debug, Clone)]
struct Plan {
    picks: Vec<usize>,
    spoilt: Vec<(Index, Option<Value>)>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let spoilt = prop::collection::vec((any::<Index>(), prop::option::of(any_answer())), 0..4);
    (prop::collection::vec(0..12_usize, 40), spoilt)
        .prop_map(|(picks, spoilt)| Plan { picks, spoilt })
}

fn filled(form: &Form, plan: &Plan) -> Answers {
    let mut answers: Answers = form
        .fields
        .values()
        .zip(plan.picks.iter().cycle())
        .map(|(field, pick)| (field.property.clone(), fitting(field, *pick)))
        .collect();
    let properties: Vec<&String> = form.fields.keys().collect();
    for (index, answer) in &plan.spoilt {
        let property = *index.get(&properties);
        match answer {
            Some(answer) => answers.insert(property.clone(), answer.clone()),
            None => answers.remove(property),
        };
    }
    answers
}

fn properties(faults: &[FieldFault]) -> BTreeSet<&str> {
    faults.iter().map(|fault| fault.property.as_str()).collect()
}

/// Runs a law on many answers to every form.
fn hold(law: impl Fn(&Subject, &Answers)) {
    let config = ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    for subject in subjects() {
        TestRunner::new(config.clone())
            .run(&plan(), |plan| {
                law(&subject, &filled(&subject.form, &plan));
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn app_01_form_and_schema_find_the_same_properties_at_fault() {
    hold(
        |Subject {
             name,
             form,
             verdict,
         },
         given| {
            let settled = form.settle(given);
            let (by_form, by_schema) = (form.check(&settled), verdict.faults(&settled));
            assert_eq!(
                properties(&by_form),
                properties(&by_schema),
                "{name}: {by_form:?} {by_schema:?}"
            );
        },
    );
}

#[test]
fn app_01_what_is_wrong_within_a_file_is_wrong_with_its_question() {
    let report = subjects()
        .into_iter()
        .find(|subject| subject.name == "street-defect-report");
    let Subject { form, verdict, .. } = report.unwrap();
    let sound = filled(
        &form,
        &Plan {
            picks: vec![0],
            spoilt: Vec::new(),
        },
    );
    for wrong in [
        json!({ "a": 1 }),
        json!({ "file": "0a", "name": "", "size": 0 }),
        json!({ "file": "0a".repeat(32), "name": "a", "size": "1" }),
        json!("0a"),
    ] {
        let mut answers = sound.clone();
        answers.insert("photo".to_owned(), wrong);
        let expected = [FieldFault {
            property: "photo".to_owned(),
            rule: BrokenRule::WrongType,
        }];
        assert_eq!(form.check(&answers), expected);
        assert_eq!(verdict.faults(&answers), expected);
    }
}

#[test]
fn app_01_settling_keeps_the_faults_and_settles_once() {
    hold(|Subject { name, form, .. }, given| {
        let settled = form.settle(given);
        assert_eq!(form.settle(&settled).0, settled.0, "{name}");
        assert_eq!(form.check(&settled), form.check(given), "{name}");
    });
}

#[test]
fn app_01_examples_fill_every_form() {
    for Subject {
        name,
        form,
        verdict,
    } in subjects()
    {
        for pick in 0..12 {
            let plan = Plan {
                picks: vec![pick],
                spoilt: Vec::new(),
            };
            let settled = form.settle(&filled(&form, &plan));
            assert_eq!(form.check(&settled), [], "{name}");
            assert_eq!(verdict.faults(&settled), [], "{name}");
        }
    }
}

#[test]
fn the_law_sees_both_good_and_bad_answers() {
    let (good, bad) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    hold(|Subject { form, .. }, given| {
        let count = if form.check(given).is_empty() {
            &good
        } else {
            &bad
        };
        count.set(count.get() + 1);
    });
    assert!(good.get() > 300 && bad.get() > 300, "{good:?} {bad:?}");
}

#[test]
fn app_01_the_schema_tells_the_same_rules() {
    let (schema, _) = layered();
    let verdict = Verdict::new(&schema).unwrap();
    let given = answers(json!({
        "reason": "why", "where": "x", "report": "12", "years": 3, "price": 11, "birth_date": "14.05.1990",
        "snils": "112-233-445 96", "consent": false, "police": 1, "stranger": 1,
    }));
    let rules: Vec<(String, &str)> = verdict
        .faults(&given)
        .into_iter()
        .map(|fault| (fault.property, fault.rule.keyword()))
        .collect();
    let rule = |property: &str, keyword| (property.to_owned(), keyword);
    assert_eq!(
        rules,
        [
            rule("birth_date", "format"),
            rule("consent", "const"),
            rule("police", "type"),
            rule("price", "maximum"),
            rule("reason", "oneOf"),
            rule("report", "pattern"),
            rule("snils", "format"),
            rule("stranger", "additionalProperties"),
            rule("where", "minLength"),
            rule("years", "minimum"),
        ]
    );
    let missing = verdict.faults(&answers(json!({ "reason": "loss", "consent": true })));
    let required = |property: &str| FieldFault {
        property: property.into(),
        rule: BrokenRule::Required,
    };
    assert_eq!(missing, [required("police"), required("where")]);
}

#[test]
fn a_schema_that_does_not_compile_is_refused() {
    assert!(Verdict::new(&json!({ "type": "nothing" })).is_err());
    assert!(Verdict::new(&json!({ "$ref": "https://example.org/schema.json" })).is_err());
}
