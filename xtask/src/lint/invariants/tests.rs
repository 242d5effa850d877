//! Each invariant is broken on purpose in a small tree, and the check sees it.

use super::*;
use crate::lint::TextFile;

fn package(name: &str, direct: &[&str], linked: &[&str]) -> Package {
    let names = |all: &[&str]| {
        all.iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    Package {
        name: name.to_owned(),
        folder: format!("crates/{name}"),
        direct: names(direct).into_iter().collect(),
        linked: [names(direct), names(linked)]
            .concat()
            .into_iter()
            .collect(),
        ..Package::default()
    }
}

/// A tree in which every invariant holds.
fn whole() -> Tree {
    let files = FILES
        .iter()
        .map(|(path, text)| TextFile::new(path, text))
        .collect();
    Tree {
        packages: packages(),
        files,
    }
}

fn packages() -> Vec<Package> {
    let parts = [
        "uc-auth",
        "uc-store",
        "uc-sync",
        "uc-notify",
        "uc-portal-api",
        "uc-ipc",
    ];
    vec![
        package("uc-model", &["jiff"], &[]),
        package("uc-ipc", &["uc-model", "serde"], &[]),
        package("uc-forms", &["uc-model"], &[]),
        package("uc-auth", &["uc-model", "openidconnect"], &[]),
        package("uc-store", &["uc-model", "rusqlite"], &[]),
        package("uc-sync", &["uc-model"], &[]),
        package("uc-notify", &["uc-model"], &[]),
        package("uc-portal-api", &["uc-model"], &[]),
        package("uc-core", &parts, &["uc-model", "uc-forms"]),
        package(
            "uc-portal",
            &["uc-portal-api", "uc-model", "axum"],
            &["uc-forms"],
        ),
        package("uc-frontend", &["uc-ipc", "yew"], &["uc-model"]),
        package(
            "uc-shell",
            &["uc-core", "tauri", "tauri-build"],
            &["uc-model"],
        ),
    ]
}

const FILES: &[(&str, &str)] = &[
    (
        "crates/uc-store/src/outbox.rs",
        "const SQL: &str = \"SELECT 1\";",
    ),
    (
        "crates/uc-portal/src/store/sqlite/people.rs",
        "const SQL: &str = \"SELECT 1\";",
    ),
    (
        "crates/uc-portal-api/src/feed.rs",
        "const PATH: &str = \"/v1/feed\";",
    ),
    (
        "frontend/src/backend/tauri.rs",
        "use wasm_bindgen::prelude::*;",
    ),
    (
        "frontend/src/query.rs",
        "use wasm_bindgen_futures::spawn_local;",
    ),
    (
        "crates/uc-core/src/outbox.rs",
        "#[derive(Debug, Clone)] struct Entry; // Serialize",
    ),
    (
        "crates/uc-auth/src/lock.rs",
        "static NAME: &str = \"std::fs\"; fn next(now: Timestamp) {}",
    ),
    (
        "crates/uc-auth/src/tests.rs",
        "fn t() { std::fs::read(\"x\"); let q = \"SELECT \"; }",
    ),
];

#[track_caller]
fn check_broken(change: impl FnOnce(&mut Tree), expected: &str) {
    let mut tree = whole();
    change(&mut tree);
    let rules: Vec<_> = check(&tree)
        .into_iter()
        .map(|fault| fault.to_string())
        .collect();
    assert!(
        rules.iter().any(|rule| rule.contains(expected)),
        "{expected:?} not in {rules:?}"
    );
}

fn link(package: &'static str, dependency: &'static str) -> impl FnOnce(&mut Tree) {
    move |tree| {
        let package = tree
            .packages
            .iter_mut()
            .find(|it| it.name == package)
            .unwrap();
        package.direct.insert(dependency.to_owned());
        package.linked.insert(dependency.to_owned());
    }
}

fn write(path: &'static str, text: &'static str) -> impl FnOnce(&mut Tree) {
    move |tree| tree.files.push(TextFile::new(path, text))
}

#[test]
fn whole_tree_passes() {
    assert_eq!(check(&whole()), []);
}

#[test]
fn first_invariant_broken_is_seen() {
    check_broken(link("uc-ipc", "tokio"), "invariant 1");
    check_broken(link("uc-frontend", "uc-store"), "invariant 1");
    check_broken(link("uc-model", "rusqlite"), "invariant 1");
    check_broken(link("uc-forms", "reqwest"), "invariant 1");
    check_broken(
        |tree| tree.packages.retain(|it| it.name != "uc-ipc"),
        "invariant 1",
    );
}

#[test]
fn second_invariant_broken_is_seen() {
    check_broken(link("uc-sync", "reqwest"), "invariant 2");
    check_broken(
        write(
            "crates/uc-notify/src/plan.rs",
            "let now = Timestamp::now();",
        ),
        "invariant 2",
    );
    check_broken(
        write("crates/uc-auth/src/flow.rs", "use std::fs;"),
        "invariant 2",
    );
    check_broken(
        write("crates/uc-sync/src/next.rs", "tokio::spawn(send());"),
        "invariant 2",
    );
}

#[test]
fn third_invariant_broken_is_seen() {
    check_broken(link("uc-sync", "uc-store"), "invariant 3");
    check_broken(link("uc-notify", "uc-auth"), "invariant 3");
}

#[test]
fn fourth_invariant_broken_is_seen() {
    check_broken(
        write(
            "crates/uc-core/src/history.rs",
            "db.query(\"SELECT id FROM a\");",
        ),
        "invariant 4",
    );
    check_broken(
        write("crates/uc-core/src/feed.rs", "get(\"/v1/feed\");"),
        "invariant 4",
    );
    check_broken(
        write("frontend/src/app.rs", "use wasm_bindgen::JsValue;"),
        "invariant 4",
    );
    check_broken(link("uc-core", "tauri-plugin-opener"), "invariant 4");
}

#[test]
fn fifth_invariant_broken_is_seen() {
    let path = "crates/uc-core/src/session.rs";
    check_broken(
        write(path, "#[derive(Debug, Serialize)]\nstruct Open;"),
        "invariant 5",
    );
    check_broken(
        write(
            path,
            "#[derive(\n    Debug,\n    serde::Serialize,\n)]\nstruct Open;",
        ),
        "invariant 5",
    );
    check_broken(write(path, "impl Serialize for Open {}"), "invariant 5");
}

#[test]
fn sixth_invariant_broken_is_seen() {
    let path = "crates/uc-core/src/lib.rs";
    check_broken(
        write(path, "static CORE: OnceLock<Core> = OnceLock::new();"),
        "invariant 6",
    );
    check_broken(write(path, "static mut COUNT: u32 = 0;"), "invariant 6");
    check_broken(
        write(
            path,
            "pub(crate) static HITS: AtomicU64 = AtomicU64::new(0);",
        ),
        "invariant 6",
    );
    check_broken(
        write("frontend/src/i18n.rs", "thread_local! { }"),
        "invariant 6",
    );
}

#[test]
fn seventh_invariant_broken_is_seen() {
    check_broken(link("uc-portal", "uc-store"), "invariant 7");
    check_broken(link("uc-portal", "uc-core"), "invariant 7");
    check_broken(link("uc-core", "uc-portal"), "invariant 7");
    check_broken(link("uc-shell", "uc-portal"), "invariant 7");
}
