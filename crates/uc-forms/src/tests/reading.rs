use serde_json::{Value, json};

use super::{
    catalogue, control, control_if, layered, layered_form, layout, object, options, plain, rule,
    schema,
};
use crate::{FieldKind, Form, Format, InvalidForm, Item, Pattern};

/// The fault of the layered form after a change.
fn refused(change: impl FnOnce(&mut Value, &mut Value)) -> InvalidForm {
    let (mut schema, mut layout) = layered();
    change(&mut schema, &mut layout);
    Form::parse(&schema, &layout).unwrap_err()
}

fn named(error: fn(String) -> InvalidForm, property: &str) -> InvalidForm {
    error(property.to_owned())
}

#[test]
fn app_01_every_form_of_the_catalogue_reads() {
    let forms = catalogue();
    assert!(forms.len() >= 25, "{} forms", forms.len());
    for (name, schema, layout) in forms {
        let form = Form::parse(&schema, &layout);
        assert!(form.is_ok(), "{name}: {form:?}");
    }
}

#[test]
fn app_01_forms_take_only_what_a_profile_has() {
    const SOURCES: [&str; 13] = [
        "last_name",
        "first_name",
        "middle_name",
        "birth_date",
        "snils",
        "inn",
        "phone",
        "email",
        "address",
        "passport_number",
        "passport_issued_on",
        "passport_issued_by",
        "passport_division_code",
    ];
    for (name, schema, layout) in catalogue() {
        let form = Form::parse(&schema, &layout).unwrap();
        for source in form
            .fields
            .values()
            .filter_map(|field| field.source.as_deref())
        {
            let known = source
                .strip_prefix("profile.")
                .is_some_and(|source| SOURCES.contains(&source));
            assert!(known, "{name}: {source}");
        }
    }
}

#[test]
fn a_field_tells_how_to_ask() {
    let form = plain(
        &json!({ "p": {
            "type": "string", "format": "snils", "description": "11 цифр", "minLength": 1, "maxLength": 20,
            "x-gu-en": { "title": "SNILS", "description": "11 digits" },
            "x-gu-example": "112-233-445 95", "x-gu-source": "profile.snils",
            "x-gu-multiline": true, "x-gu-sensitive": true,
        } }),
        &[],
    );
    let field = form.field("p").unwrap();
    assert_eq!(field.title.en.as_deref(), Some("SNILS"));
    let hint = field.hint.as_ref().unwrap();
    assert_eq!(
        (hint.ru.as_str(), hint.en.as_deref()),
        ("11 цифр", Some("11 digits"))
    );
    assert_eq!(field.example.as_deref(), Some("112-233-445 95"));
    assert_eq!(field.source.as_deref(), Some("profile.snils"));
    assert!(field.multiline && field.sensitive);
    let FieldKind::Text {
        min_chars,
        max_chars,
        pattern,
        format,
    } = &field.kind
    else {
        panic!("a text")
    };
    assert_eq!(
        (*min_chars, *max_chars, format),
        (1, Some(20), &Some(Format::Snils))
    );
    assert!(pattern.is_none());
}

#[test]
fn the_layout_is_steps_of_items() {
    let form = layered_form();
    assert_eq!(form.steps.len(), 1);
    let Item::Group { items, rule, .. } = &form.steps[0].items[1] else {
        panic!("a group")
    };
    assert_eq!(items.len(), 3);
    assert_eq!(rule.as_ref().unwrap().property, "reason");
    assert!(matches!(form.steps[0].items[2], Item::Label { .. }));
    assert_eq!(form.step_of("report"), Some(0));
    assert_eq!(form.step_of("nothing"), None);
}

#[test]
fn app_01_keywords_outside_the_subset_are_refused() {
    let keyword = |at: &str, keyword: &str| InvalidForm::Keyword {
        at: at.into(),
        keyword: keyword.into(),
    };
    let with = |part: &'static str, key: &'static str| {
        refused(|schema, _| schema["properties"][part][key] = json!(1))
    };
    assert_eq!(with("where", "minimum"), keyword("where", "minimum"));
    assert_eq!(with("years", "multipleOf"), keyword("years", "multipleOf"));
    assert_eq!(with("reason", "pattern"), keyword("reason", "pattern"));
    assert_eq!(
        refused(|schema, _| schema["anyOf"] = json!([])),
        keyword("schema", "anyOf")
    );
    assert_eq!(
        refused(|schema, _| schema["allOf"][0]["else"] = json!({})),
        keyword("allOf", "else")
    );
    assert_eq!(
        refused(|_, layout| layout["elements"][0]["elements"][0]["options"] = json!({})),
        keyword("element", "options")
    );
}

#[test]
fn shapes_outside_the_subset_are_refused() {
    let shape = |change: fn(&mut Value, &mut Value)| {
        let error = refused(change);
        assert!(matches!(error, InvalidForm::Shape { .. }), "{error}");
    };
    shape(|schema, _| *schema = json!([]));
    shape(|schema, _| schema["type"] = json!("array"));
    shape(|schema, _| {
        object(schema).remove("additionalProperties");
    });
    shape(|schema, _| schema["properties"]["where"]["type"] = json!("object"));
    shape(|schema, _| schema["properties"]["where"]["minLength"] = json!(-1));
    shape(|schema, _| schema["properties"]["years"]["minimum"] = json!("1"));
    shape(|schema, _| schema["properties"]["consent"]["const"] = json!(false));
    shape(|schema, _| schema["properties"]["where"]["title"] = json!(1));
    shape(|schema, _| schema["allOf"][0]["if"]["required"] = json!([]));
    shape(|_, layout| layout["elements"] = json!([]));
    shape(|_, layout| layout["options"] = json!({}));
    shape(|_, layout| layout["elements"][0]["type"] = json!("Group"));
    shape(|_, layout| layout["elements"][0]["elements"][0]["scope"] = json!("reason"));
    shape(|_, layout| layout["elements"][0]["elements"][3]["rule"]["effect"] = json!("ENABLE"));
    shape(|_, layout| {
        let group = layout["elements"][0]["elements"][1].clone();
        layout["elements"][0]["elements"][1]["elements"][0] = group;
    });
}

#[test]
fn unknown_formats_and_patterns_are_refused() {
    assert_eq!(
        refused(|schema, _| schema["properties"]["snils"]["format"] = json!("uri")),
        InvalidForm::Format {
            property: "snils".into(),
            format: "uri".into()
        }
    );
    assert_eq!(
        refused(|schema, _| schema["properties"]["report"]["pattern"] = json!("^\\w+$")),
        InvalidForm::Pattern {
            property: "report".into()
        }
    );
}

#[test]
fn patterns_are_those_that_both_engines_read_alike() {
    for good in [
        "^\\d{2} ?№?$",
        "^[А-Яа-яЁё .'’-]*$",
        "^(a|b)\\.$",
        "[^,]",
        "^[A\\-Z]\\[$",
    ] {
        assert!(Pattern::parse(good).is_some(), "{good}");
    }
    for bad in [
        "\\w", "\\s", "\\bx", "\\p{L}", "(?i)a", "(?=a)", "(a", "[a[b]]", "[a&&b]", "[a--b]", "a\\",
    ] {
        assert!(Pattern::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn an_option_stands_once_and_without_space() {
    assert_eq!(
        refused(|schema, _| {
            let twice = schema["properties"]["reason"]["oneOf"][0].clone();
            schema["properties"]["reason"]["oneOf"]
                .as_array_mut()
                .unwrap()
                .push(twice);
        }),
        InvalidForm::OptionTwice {
            property: "reason".into()
        }
    );
    let spaced =
        refused(|schema, _| schema["properties"]["reason"]["oneOf"][2]["const"] = json!(" x"));
    assert!(matches!(spaced, InvalidForm::Shape { .. }));
}

#[test]
fn names_in_rules_and_demands_must_exist() {
    let no_such = |change: fn(&mut Value, &mut Value)| {
        let error = refused(change);
        assert_eq!(
            error,
            named(|property| InvalidForm::NoSuchProperty { property }, "ghost")
        );
    };
    no_such(|schema, _| schema["required"] = json!(["ghost"]));
    no_such(|schema, _| schema["allOf"][0]["then"]["required"] = json!(["ghost"]));
    no_such(|_, layout| layout["elements"][0]["elements"][0] = control("ghost"));
    no_such(|_, layout| {
        layout["elements"][0]["elements"][4] = control_if("price", "HIDE", "ghost", true);
    });
}

#[test]
fn conditions_must_be_possible() {
    let impossible = |change: fn(&mut Value, &mut Value), property: &str| {
        let error = refused(change);
        assert_eq!(
            error,
            named(
                |property| InvalidForm::ImpossibleCondition { property },
                property
            )
        );
    };
    impossible(
        |_, layout| layout["elements"][0]["elements"][3]["rule"] = rule("SHOW", "reason", "agee"),
        "reason",
    );
    impossible(
        |_, layout| layout["elements"][0]["elements"][2]["rule"] = rule("SHOW", "where", "x"),
        "where",
    );
    impossible(
        |schema, _| {
            schema["allOf"][0]["if"] =
                json!({ "properties": { "consent": { "const": false } }, "required": ["consent"] });
        },
        "consent",
    );
}

#[test]
fn every_property_stands_in_the_layout_once() {
    let error = refused(|_, layout| {
        layout["elements"][0]["elements"]
            .as_array_mut()
            .unwrap()
            .pop();
    });
    assert_eq!(
        error,
        named(|property| InvalidForm::NotLaidOut { property }, "consent")
    );
    let error = refused(|_, layout| {
        layout["elements"][0]["elements"]
            .as_array_mut()
            .unwrap()
            .push(control("where"));
    });
    assert_eq!(
        error,
        named(|property| InvalidForm::LaidOutTwice { property }, "where")
    );
}

#[test]
fn app_01_nothing_hidden_may_be_required() {
    let hidden = |change: fn(&mut Value, &mut Value), property: &str| {
        let error = refused(change);
        assert_eq!(
            error,
            named(
                |property| InvalidForm::RequiredButHidden { property },
                property
            )
        );
    };
    hidden(|schema, _| schema["required"] = json!(["years"]), "years");
    hidden(|schema, _| schema["required"] = json!(["price"]), "price");
    hidden(|schema, _| schema["required"] = json!(["where"]), "where");
    hidden(
        |schema, _| schema["allOf"][0]["then"]["required"] = json!(["report"]),
        "report",
    );
    hidden(
        |schema, _| schema["allOf"][0]["then"]["required"] = json!(["birth_date"]),
        "birth_date",
    );
}

#[test]
fn rules_do_not_go_round() {
    let flag = || json!({ "type": "boolean" });
    let schema = schema(
        &json!({ "a": flag(), "b": flag(), "c": options(&["x"]) }),
        &[],
    );
    let layout = layout(&json!([
        control_if("a", "SHOW", "b", true),
        control_if("b", "HIDE", "a", true),
        control("c"),
    ]));
    assert_eq!(
        Form::parse(&schema, &layout),
        Err(InvalidForm::RuleChain {
            property: "a".into()
        })
    );
}
