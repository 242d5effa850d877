use serde_json::{Value, json};
use uc_model::Answers;

use super::{answers, fault, layered_form, options, plain};
use crate::{BrokenRule, FieldFault, Format};

/// The rule that an answer to a single field breaks.
fn breaks(property: impl Into<Value>, answer: impl Into<Value>, rule: Option<BrokenRule>) {
    let (property, answer) = (property.into(), answer.into());
    let text = format!("{property} {answer}");
    let form = plain(&json!({ "p": property }), &["p"]);
    let found = form.check(&answers(json!({ "p": answer })));
    assert_eq!(
        found,
        Vec::from_iter(rule.map(|rule| fault("p", rule))),
        "{text}"
    );
}

#[test]
fn app_01_a_required_answer_must_be_given() {
    let text = || json!({ "type": "string" });
    breaks(text(), json!(""), Some(BrokenRule::Required));
    breaks(text(), json!(" \n"), Some(BrokenRule::Required));
    breaks(text(), json!(null), Some(BrokenRule::Required));
    breaks(text(), json!("да"), None);
    let form = plain(&json!({ "p": text() }), &["p"]);
    assert_eq!(
        form.check(&Answers::default()),
        [fault("p", BrokenRule::Required)]
    );
    let form = plain(&json!({ "p": { "type": "string", "minLength": 5 } }), &[]);
    assert_eq!(form.check(&answers(json!({ "p": " " }))), []);
}

#[test]
fn app_01_lengths_count_characters_without_space_around() {
    let text = || json!({ "type": "string", "minLength": 3, "maxLength": 5 });
    breaks(
        text(),
        json!(" ёж  "),
        Some(BrokenRule::TooShort { min: 3 }),
    );
    breaks(text(), json!("ежи"), None);
    breaks(text(), json!("  ежики  "), None);
    breaks(
        text(),
        json!("ежихам"),
        Some(BrokenRule::TooLong { max: 5 }),
    );
}

#[test]
fn app_01_patterns_must_match() {
    let text = || json!({ "type": "string", "pattern": "^[IVX]{1,6}-[А-Я]{2} ?№? ?\\d{6}$" });
    breaks(text(), json!("IV-МЮ № 123456"), None);
    breaks(text(), json!("IV-МЮ 12345"), Some(BrokenRule::Pattern));
    breaks(text(), json!("IV-МЮ 12345٦"), Some(BrokenRule::Pattern));
}

#[test]
fn app_01_formats_must_hold() {
    let text = || json!({ "type": "string", "format": "snils" });
    breaks(text(), json!("11223344595"), None);
    breaks(
        text(),
        json!("112"),
        Some(BrokenRule::Format(Format::Snils)),
    );
    breaks(
        text(),
        json!("112-233-445 96"),
        Some(BrokenRule::CheckDigits(Format::Snils)),
    );
}

#[test]
fn app_01_numbers_stay_within_their_limits() {
    let integer = || json!({ "type": "integer", "minimum": 1, "maximum": 11 });
    breaks(integer(), json!(1), None);
    breaks(integer(), json!(11.0), None);
    breaks(integer(), json!(0), Some(BrokenRule::Minimum { min: 1.0 }));
    breaks(
        integer(),
        json!(12),
        Some(BrokenRule::Maximum { max: 11.0 }),
    );
    breaks(
        integer(),
        json!(u64::MAX),
        Some(BrokenRule::Maximum { max: 11.0 }),
    );
    breaks(
        integer(),
        json!(-1e300),
        Some(BrokenRule::Minimum { min: 1.0 }),
    );
    breaks(integer(), json!(1.5), Some(BrokenRule::WrongType));
    breaks(integer(), json!("1"), Some(BrokenRule::WrongType));
    breaks(json!({ "type": "integer" }), json!(1e300), None);
    let number = || json!({ "type": "number", "minimum": 0.5, "maximum": 10 });
    breaks(number(), json!(0.5), None);
    breaks(
        number(),
        json!(0.49),
        Some(BrokenRule::Minimum { min: 0.5 }),
    );
    breaks(
        number(),
        json!(10.01),
        Some(BrokenRule::Maximum { max: 10.0 }),
    );
    breaks(number(), json!(true), Some(BrokenRule::WrongType));
}

#[test]
fn app_01_choices_are_among_the_options() {
    breaks(options(&["a", "b"]), json!("b"), None);
    breaks(
        options(&["a", "b"]),
        json!("c"),
        Some(BrokenRule::NotAChoice),
    );
    breaks(options(&["a", "b"]), json!(1), Some(BrokenRule::WrongType));
}

#[test]
fn app_01_confirmations_must_be_given() {
    let consent = || json!({ "type": "boolean", "const": true });
    breaks(consent(), json!(true), None);
    breaks(consent(), json!(false), Some(BrokenRule::NotConfirmed));
    breaks(consent(), json!(null), Some(BrokenRule::NotConfirmed));
    breaks(consent(), json!("true"), Some(BrokenRule::WrongType));
    breaks(json!({ "type": "boolean" }), json!(false), None);
    breaks(
        json!({ "type": "boolean" }),
        json!(null),
        Some(BrokenRule::Required),
    );
}

#[test]
fn app_01_only_what_shows_is_checked() {
    let form = layered_form();
    let given = answers(
        json!({ "reason": "age", "where": "x", "years": 3, "stranger": 1, "consent": true }),
    );
    assert_eq!(
        form.check(&given),
        [
            fault("years", BrokenRule::Minimum { min: 14.0 }),
            fault("birth_date", BrokenRule::Required),
            fault("stranger", BrokenRule::Unknown),
        ]
    );
    assert_eq!(form.check_step(0, &given).len(), 2);
    assert_eq!(form.check_step(1, &given), []);
}

#[test]
fn app_01_what_is_sent_is_settled() {
    let given = answers(json!({
        "reason": " age ", "where": "в автобусе", "police": true, "report": "123", "years": 20.0, "price": 1.5,
        "birth_date": "14.05.1990", "snils": "11223344595", "stranger": 1, "consent": true,
    }));
    let sent = answers(json!({
        "reason": "age", "years": 20, "price": 1.5, "birth_date": "1990-05-14", "snils": "112-233-445 95",
        "consent": true,
    }));
    assert_eq!(layered_form().settle(&given).0, sent.0);
    let blank = answers(json!({ "reason": " ", "snils": "", "consent": null, "price": "много " }));
    assert_eq!(
        layered_form().settle(&blank).0,
        answers(json!({ "price": "много" })).0
    );
}

#[test]
fn app_02_blank_fields_are_filled_from_the_profile() {
    let form = layered_form();
    let mut given = answers(json!({ "snils": " " }));
    let profile = |source: &str| match source {
        "profile.snils" => Some("11223344595".to_owned()),
        _ => None,
    };
    assert_eq!(form.prefill(profile, &mut given), ["snils"]);
    assert_eq!(given.text("snils"), Some("112-233-445 95"));
    let all = |_: &str| Some("31.12.1999".to_owned());
    assert_eq!(form.prefill(all, &mut given), ["birth_date"]);
    assert_eq!(given.text("snils"), Some("112-233-445 95"));
    assert_eq!(given.text("birth_date"), Some("1999-12-31"));
    assert!(form.prefill(all, &mut given).is_empty());
}

#[test]
fn prefill_leaves_out_what_does_not_fit() {
    let source = |mut property: Value| {
        property["x-gu-source"] = json!("profile.any");
        property
    };
    let form = plain(
        &json!({
            "choice": source(options(&["a"])),
            "count": source(json!({ "type": "integer" })),
            "text": source(json!({ "type": "string", "maxLength": 3 })),
        }),
        &[],
    );
    let mut given = Answers::default();
    assert_eq!(
        form.prefill(|_| Some(" длинно ".into()), &mut given),
        ["text"]
    );
    assert_eq!(given.text("text"), Some("длинно"));
    assert!(form.prefill(|_| Some("  ".into()), &mut given).is_empty());
    assert_eq!(form.prefill(|_| Some("12".into()), &mut given), ["count"]);
    assert_eq!(given["count"], json!(12));
}

#[test]
fn typed_numbers_are_read_as_people_write_them() {
    let form = plain(
        &json!({ "i": { "type": "integer" }, "n": { "type": "number" }, "s": { "type": "string" } }),
        &[],
    );
    let read = |property: &str, typed: &str| form.field(property).unwrap().read(typed);
    assert_eq!(read("i", " 1 200 "), json!(1200));
    assert_eq!(read("i", "1,5"), json!("1,5"));
    assert_eq!(read("i", ""), json!(""));
    assert_eq!(read("n", "60\u{a0}000,50"), json!(60000.5));
    assert_eq!(read("n", "nan"), json!("nan"));
    assert_eq!(read("n", "inf"), json!("inf"));
    assert_eq!(read("s", "12"), json!("12"));
}

#[test]
fn a_field_tells_its_fault_alone() {
    let form = layered_form();
    let years = form.field("years").unwrap();
    assert_eq!(
        years.fault(&json!(3)),
        Some(BrokenRule::Minimum { min: 14.0 })
    );
    assert_eq!(years.fault(&json!(20)), None);
    assert_eq!(years.fault(&json!("")), None);
}

#[test]
fn faults_cross_the_border_unchanged() {
    let crosses = |rule: BrokenRule, written: Value| {
        let fault = fault("p", rule);
        let value = serde_json::to_value(&fault).unwrap();
        assert_eq!(value, json!({ "property": "p", "rule": written }));
        assert_eq!(serde_json::from_value::<FieldFault>(value).unwrap(), fault);
    };
    crosses(BrokenRule::Required, json!("required"));
    crosses(
        BrokenRule::TooShort { min: 2 },
        json!({ "too_short": { "min": 2 } }),
    );
    crosses(
        BrokenRule::Minimum { min: 0.5 },
        json!({ "minimum": { "min": 0.5 } }),
    );
    crosses(
        BrokenRule::CheckDigits(Format::InnPerson),
        json!({ "check_digits": "inn-person" }),
    );
}
