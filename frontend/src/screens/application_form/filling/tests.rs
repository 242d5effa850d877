//! Filling in the form for a new passport.

use serde_json::json;
use uc_forms::BrokenRule;

use super::*;

fn filling() -> Rc<Filling> {
    let read = |name: &str| {
        let folder = "../crates/uc-portal/catalogue/forms/passport-replacement";
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{folder}.{name}.json"));
        serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let asked = ApplicationForm {
        acting: Acting::default(),
        application: "0198c0de-0000-7000-8000-000000000001".parse().unwrap(),
        service: "passport-replacement".parse().unwrap(),
        title: String::new(),
        title_en: String::new(),
        agency: String::new(),
        schema: read("schema"),
        layout: read("ui"),
        answers: [("birth_date".to_owned(), json!("1990-05-14"))]
            .into_iter()
            .collect(),
        from_profile: vec!["birth_date".to_owned()],
        step: 0,
        correction: None,
        form_changed: false,
        conflicts: [("last_name".to_owned(), json!("Петрова"))]
            .into_iter()
            .collect(),
    };
    let form = Form::parse(&asked.schema, &asked.layout).unwrap();
    Rc::new(Filling::new(Rc::new(form), &asked))
}

fn type_in(filling: Rc<Filling>, property: &str, text: &str) -> Rc<Filling> {
    filling.reduce(Edit::Type {
        property: property.to_owned(),
        text: text.to_owned(),
    })
}

fn leave(filling: Rc<Filling>, property: &str) -> Rc<Filling> {
    filling.reduce(Edit::Leave {
        property: property.to_owned(),
    })
}

#[test]
fn app_01_days_are_typed_the_way_people_write_them() {
    let filling = filling();
    assert_eq!(filling.typed["birth_date"], "14.05.1990");
    let filling = leave(type_in(filling, "birth_date", "03.02.1991"), "birth_date");
    assert_eq!(filling.answers.text("birth_date"), Some("1991-02-03"));
    assert_eq!(filling.typed["birth_date"], "03.02.1991");
}

#[test]
fn app_01_a_wrong_snils_is_told_on_leaving_and_taken_back_when_mended() {
    let wrong = type_in(filling(), "snils", "112-233-445 96");
    assert_eq!(wrong.fault("snils"), None);
    let wrong = leave(wrong, "snils");
    let rule = wrong.fault("snils").unwrap().rule;
    assert_eq!(rule, BrokenRule::CheckDigits(Format::Snils));
    let mended = type_in(wrong, "snils", "11223344595");
    assert_eq!(mended.fault("snils"), None);
    assert_eq!(leave(mended, "snils").typed["snils"], "112-233-445 95");
}

#[test]
fn app_01_a_step_with_faults_is_not_left() {
    let stopped = filling().reduce(Edit::Next);
    assert_eq!(stopped.place, Place::Step(0));
    assert_eq!(stopped.faults_here().len(), 1);
    assert_eq!(stopped.stops, 1);
    let chosen = stopped.reduce(Edit::Choose {
        property: "reason".to_owned(),
        value: json!("damage"),
    });
    assert!(chosen.faults.is_empty());
    let told = type_in(chosen, "damage_description", "Намокли страницы");
    assert_eq!(told.reduce(Edit::Next).place, Place::Step(1));
}

#[test]
fn app_02_an_edit_takes_the_mark_of_the_profile_away() {
    let filling = filling();
    assert!(filling.from_profile.contains("birth_date"));
    assert!(
        !type_in(filling, "birth_date", "1")
            .from_profile
            .contains("birth_date")
    );
}

#[test]
fn ob_11_of_two_answers_the_person_chooses_one_before_going_on() {
    let decide = |filling: Rc<Filling>, takes_other| {
        filling.reduce(Edit::Decide {
            property: "last_name".to_owned(),
            takes_other,
        })
    };
    let own = type_in(filling(), "last_name", "Иванова");
    let two = BrokenRule::TwoAnswers;
    let open = own.undecided(None);
    assert_eq!((&*open[0].property, open[0].rule), ("last_name", two));
    let step = own.form.step_of("last_name").unwrap();
    assert_eq!(own.undecided(Some(step)).len(), 1);
    assert!(own.undecided(Some(step + 1)).is_empty());

    let kept = decide(Rc::clone(&own), false);
    assert_eq!(kept.answers["last_name"], "Иванова");
    let taken = decide(own, true);
    assert_eq!(taken.answers["last_name"], "Петрова");
    assert_eq!(taken.typed["last_name"], "Петрова");
    for filling in [kept, taken] {
        assert!(filling.undecided(None).is_empty());
        assert_eq!(filling.chosen, ["last_name"]);
    }
}
