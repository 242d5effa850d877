//! Each foreign thing has one place, and the core's types do not leave it.

use crate::lint::Fault;
use crate::lint::rust_source::RustSource;
use crate::lint::tree::{TextFile, Tree};

/// Beginnings of statements, as they stand in quotes.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE OR ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE VIRTUAL ",
    "PRAGMA ",
    "ATTACH DATABASE ",
];

/// 4. SQL, portal paths, JavaScript and Tauri each have one place.
pub(super) fn each_thing_has_one_place(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.product_code("") {
        faults.extend(misplaced_sql(file));
        faults.extend(misplaced_paths(file));
        faults.extend(misplaced_javascript(file));
    }
    faults.extend(misplaced_tauri(tree));
    faults
}

/// The portal's own SQL is below its `store`; measuring and tests may look into any database.
fn misplaced_sql(file: &TextFile) -> Vec<Fault> {
    let places = ["crates/uc-store/", "crates/uc-portal/src/store", "xtask/"];
    if within(file, &places) {
        return Vec::new();
    }
    let quoted = file
        .rust
        .code
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains('"') || starts_sql(line));
    quoted
        .filter(|(_, line)| SQL.iter().any(|statement| line.contains(statement)))
        .map(|(at, _)| {
            Fault::new(
                file.place(at + 1),
                "invariant 4: only uc-store holds the client's SQL",
            )
        })
        .collect()
}

/// A later line of a statement in a long literal.
fn starts_sql(line: &str) -> bool {
    SQL.iter()
        .any(|statement| line.trim_start().starts_with(statement))
}

fn misplaced_paths(file: &TextFile) -> Vec<Fault> {
    if within(file, &["crates/uc-portal-api/", "xtask/"]) {
        return Vec::new();
    }
    RustSource::lines_with(&file.rust.code, "/v1/")
        .map(|line| {
            Fault::new(
                file.place(line),
                "invariant 4: only uc-portal-api holds portal paths",
            )
        })
        .collect()
}

fn misplaced_javascript(file: &TextFile) -> Vec<Fault> {
    if within(file, &["frontend/src/backend", "xtask/"]) {
        return Vec::new();
    }
    RustSource::lines_with(&file.rust.words, "wasm_bindgen")
        .filter(|line| !names_another_crate(&file.rust.words, *line))
        .map(|line| {
            Fault::new(
                file.place(line),
                "invariant 4: only frontend::backend touches JavaScript",
            )
        })
        .collect()
}

/// `serde_wasm_bindgen` and `wasm_bindgen_futures` are other crates.
fn names_another_crate(words: &str, line: usize) -> bool {
    let line = words.lines().nth(line - 1).unwrap_or_default();
    let rest = line
        .replace("wasm_bindgen_futures", "")
        .replace("serde_wasm_bindgen", "");
    !rest.contains("wasm_bindgen")
}

fn misplaced_tauri(tree: &Tree) -> Vec<Fault> {
    let others = tree
        .packages
        .iter()
        .filter(|package| package.name != "uc-shell");
    others
        .filter(|package| {
            package
                .direct
                .iter()
                .any(|name| name.split('-').next() == Some("tauri"))
        })
        .map(|package| Fault::new(&package.folder, "invariant 4: only src-tauri takes tauri"))
        .collect()
}

/// 5. What crosses a boundary is a type of the contract.
pub(super) fn core_types_stay_inside(tree: &Tree) -> Vec<Fault> {
    tree.product_code("crates/uc-core/src/")
        .flat_map(|file| {
            serializable(&file.rust.words).into_iter().map(|line| {
                Fault::new(
                    file.place(line),
                    "invariant 5: types of uc-core are not Serialize",
                )
            })
        })
        .collect()
}

/// Lines where a type becomes serializable.
pub(crate) fn serializable(words: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut in_derive = false;
    for (at, line) in words.lines().enumerate() {
        in_derive |= line.contains("derive(");
        if (in_derive && has_word(line, "Serialize")) || line.contains("Serialize for ") {
            found.push(at + 1);
        }
        in_derive &= !line.contains(')');
    }
    found
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|found| found == word)
}

fn within(file: &TextFile, places: &[&str]) -> bool {
    places.iter().any(|place| file.path.starts_with(place))
}
