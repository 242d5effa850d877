//! The names of tests, and the ids of requirements that they begin with.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint::Tree;

/// `crate::name` of every test whose name begins with ids, one or more.
pub(crate) fn by_id(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (place, name) in functions(tree) {
        for id in ids_of(name) {
            let name = format!("{place}::{name}");
            found.entry(id).or_default().insert(name);
        }
    }
    found
}

/// `crate::name` of every function, tests among them.
pub(crate) fn all(tree: &Tree) -> BTreeSet<String> {
    functions(tree)
        .map(|(place, name)| format!("{place}::{name}"))
        .collect()
}

/// `auth_03_locked_after_five` shows AUTH-03, `app_05_ob_03_a_key_answers_once` both.
pub(crate) fn ids_of(name: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut left = name;
    while let Some((id, rest)) = first_id(left) {
        ids.push(id);
        left = rest;
    }
    ids
}

/// The id that a name begins with, and what follows.
fn first_id(name: &str) -> Option<(String, &str)> {
    let mut parts = name.splitn(3, '_');
    let (group, number, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let id = format!("{}-{number}", group.to_uppercase());
    (!rest.is_empty() && is_id(&id)).then_some((id, rest))
}

/// Whether a text is the id of a requirement: `AUTH-03`.
pub(crate) fn is_id(cell: &str) -> bool {
    let Some((group, number)) = cell.split_once('-') else {
        return false;
    };
    let letters = group.len() >= 2 && group.chars().all(|c| c.is_ascii_uppercase());
    letters && number.len() == 2 && number.chars().all(|c| c.is_ascii_digit())
}

/// Every function of the checkout: its package and its name.
fn functions(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let rust = tree.files.iter().filter(|file| file.is_rust());
    rust.flat_map(|file| {
        let place = crate_of(tree, &file.path);
        let names = file.text.lines().filter_map(function_name);
        names.map(move |name| (place, name))
    })
}

fn function_name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let rest = line
        .strip_prefix("async ")
        .unwrap_or(line)
        .strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// The package whose folder holds the file most closely.
fn crate_of<'a>(tree: &'a Tree, path: &str) -> &'a str {
    let holds = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    tree.packages
        .iter()
        .filter(|package| holds(&package.folder))
        .max_by_key(|package| package.folder.len())
        .map_or("workspace", |package| &package.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_with_any_number_of_ids() {
        assert_eq!(
            ids_of("app_05_ob_03_a_key_answers_once"),
            ["APP-05", "OB-03"]
        );
        assert_eq!(ids_of("auth_03_locked_after_five"), ["AUTH-03"]);
        assert!(ids_of("a_window_opens").is_empty());
        assert!(ids_of("auth_03").is_empty());
    }
}
