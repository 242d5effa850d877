use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use uc_model::Level;
use uc_portal_api::{CatalogueChange, CatalogueKind, PublicService};

use super::{
    Catalogue, CatalogueError, Files,
    delta::{self, Published},
};

/// A copy of the data files that a test may change.
fn copy() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    for folder in ["", "services", "forms", "scripts"] {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
        for entry in fs::read_dir(source.join(folder)).unwrap() {
            let from = entry.unwrap().path();
            if from.is_file() {
                let to = dir.path().join(folder).join(from.file_name().unwrap());
                fs::copy(&from, to).unwrap();
            }
        }
    }
    dir
}

fn edit(dir: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(dir.join(file)).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(dir.join(file), text.replacen(from, to, 1)).unwrap();
}

fn services(catalogue: &Catalogue) -> Vec<PublicService> {
    catalogue
        .services
        .values()
        .map(|entry| entry.service.clone())
        .collect()
}

#[test]
fn cat_01_every_service_file_keeps_the_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../../catalogue/service.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let files = Files::embedded();
    let mut seen = 0;
    for (id, text) in files.list("services/", ".toml") {
        let record: toml::Value = toml::from_str(text).unwrap();
        let record = serde_json::to_value(record).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&record)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "services/{id}.toml: {faults:?}");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn cat_01_the_catalogue_is_as_large_as_promised() {
    let catalogue = Catalogue::load(None).unwrap();
    let services = services(&catalogue);
    let agencies = |level: Level| {
        let of_level = services.iter().filter(|service| service.level == level);
        of_level
            .map(|service| &service.agency)
            .collect::<BTreeSet<_>>()
            .len()
    };
    let regions = |level: Level| {
        let of_level = services.iter().filter(|service| service.level == level);
        of_level
            .filter_map(|service| service.region.as_ref())
            .collect::<BTreeSet<_>>()
            .len()
    };
    let situations: BTreeSet<_> = services
        .iter()
        .flat_map(|service| &service.life_situations)
        .collect();
    let forms = catalogue
        .services
        .values()
        .filter(|entry| entry.form.is_some());
    assert!(services.len() >= 150, "{} services", services.len());
    assert!(
        agencies(Level::Federal) >= 20,
        "{} federal agencies",
        agencies(Level::Federal)
    );
    assert!(
        regions(Level::Regional) >= 3,
        "{} regions",
        regions(Level::Regional)
    );
    assert!(
        regions(Level::Municipal) >= 3,
        "{} municipalities",
        regions(Level::Municipal)
    );
    assert!(
        situations.len() >= 12,
        "{} life situations",
        situations.len()
    );
    assert!(forms.count() >= 20);
}

/// Edits one file and expects the error to name it, and what is wrong.
fn check(file: &str, from: &str, to: &str, expected: &str) {
    let dir = copy();
    edit(dir.path(), file, from, to);
    let error = Catalogue::load(Some(dir.path())).unwrap_err().to_string();
    assert!(error.contains(expected) && error.contains(file), "{error}");
}

#[test]
fn cat_04_what_is_wrong_with_a_service_is_named_by_file_and_key() {
    let file = "services/passport-replacement.toml";
    check(
        file,
        "agency = \"mvd\"",
        "agency = \"kgb\"",
        "agency names kgb",
    );
    check(
        file,
        "[\"documents\"",
        "[\"party\"",
        "life_situations names party",
    );
    check(
        file,
        "popularity = ",
        "popularity = 1",
        "popularity must be",
    );
    check(file, "id = \"passport", "id = \"pasport", "id must be");
    check(
        file,
        "level = \"federal\"",
        "level = \"regional\"",
        "region must be",
    );
    check(file, "form = true", "", "form must be");
    check(file, "as_of = ", "asof = ", "does not read");
}

#[test]
fn cat_04_what_is_wrong_with_another_file_is_named_by_file_and_key() {
    let script = "scripts/passport-replacement.toml";
    check(script, "\"approve\"", "\"accept\"", "is no script");
    check(
        script,
        "passport_issued_by",
        "shoe_size",
        "fields names shoe_size",
    );
    check(script, "service = \"", "service = \"x", "service must be");
    let form = "forms/passport-replacement.schema.json";
    check(
        form,
        "\"type\": \"string\"",
        "\"type\": \"array\"",
        "is no sound form",
    );
    check(form, "urn:edinyi-klient:form:", "urn:", "$id must be");
    check(
        "agencies.toml",
        "id = \"mvd\"",
        "id = \"fns\"",
        "fns stands twice",
    );
    check(
        "regions.toml",
        "id = \"77\"",
        "id = \"78\"",
        "78 stands twice",
    );
}

#[test]
fn cat_04_forms_and_scripts_belong_to_services() {
    let dir = copy();
    fs::remove_file(dir.path().join("services/passport-replacement.toml")).unwrap();
    let error = Catalogue::load(Some(dir.path())).unwrap_err();
    assert!(
        matches!(error, CatalogueError::Undeclared { .. }),
        "{error}"
    );
}

/// What the store holds after a plan was written.
fn published(held: &[Published], plan: &delta::Plan) -> Vec<Published> {
    let new: Vec<Published> = plan
        .publications
        .iter()
        .map(|one| one.published.clone())
        .collect();
    let kept = held
        .iter()
        .filter(|row| new.iter().all(|other| other.key != row.key));
    kept.cloned().chain(new.iter().cloned()).collect()
}

#[test]
fn cat_02_an_unchanged_catalogue_changes_nothing() {
    let catalogue = Catalogue::load(None).unwrap();
    let first = delta::plan(&[], catalogue.publications());
    assert!(first.publications.len() > 200);
    let held = published(&[], &first);
    let second = delta::plan(&held, catalogue.publications());
    assert_eq!(second.publications, []);
    assert_eq!(second.versions, first.versions);
}

#[test]
fn cat_02_what_is_gone_leaves_a_tombstone_and_may_come_back() {
    let full = Catalogue::load(None).unwrap();
    let held = published(&[], &delta::plan(&[], full.publications()));
    let dir = copy();
    for file in [
        "services/hunting-ticket.toml",
        "scripts/hunting-ticket.toml",
    ] {
        fs::remove_file(dir.path().join(file)).unwrap();
    }
    for file in [
        "forms/hunting-ticket.schema.json",
        "forms/hunting-ticket.ui.json",
    ] {
        fs::remove_file(dir.path().join(file)).unwrap();
    }
    let less = Catalogue::load(Some(dir.path())).unwrap();
    let plan = delta::plan(&held, less.publications());
    let gone: Vec<_> = plan
        .publications
        .iter()
        .map(|one| one.change.clone())
        .collect();
    let deleted = |kind| CatalogueChange::Deleted {
        kind,
        id: "hunting-ticket".into(),
    };
    assert_eq!(
        gone,
        [
            deleted(CatalogueKind::Form),
            deleted(CatalogueKind::Service)
        ]
    );
    let held = published(&held, &plan);
    assert_eq!(delta::plan(&held, less.publications()).publications, []);
    let back = delta::plan(&held, full.publications());
    assert_eq!(back.publications.len(), 2);
    assert!(back.publications.iter().all(|one| !one.published.gone));
}

#[test]
fn cat_02_a_changed_form_gets_a_greater_version_by_itself() {
    let full = Catalogue::load(None).unwrap();
    let held = published(&[], &delta::plan(&[], full.publications()));
    let dir = copy();
    let file = "forms/hunting-ticket.schema.json";
    edit(
        dir.path(),
        file,
        "\"title\": \"Фамилия\"",
        "\"title\": \"Ваша фамилия\"",
    );
    let changed = Catalogue::load(Some(dir.path())).unwrap();
    let plan = delta::plan(&held, changed.publications());
    assert_eq!(plan.publications.len(), 1);
    assert_eq!(plan.versions[&"hunting-ticket".parse().unwrap()], 2);
    let back = delta::plan(&published(&held, &plan), full.publications());
    assert_eq!(back.versions[&"hunting-ticket".parse().unwrap()], 3);
}
