//! `requirements`: the table of what is promised, kept in step with the tests that show it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result};

use crate::lint::{Fault, Tree};
use crate::test_names::{self, is_id};
use crate::{report, workspace};

const TABLE: &str = "docs/requirements.md";
/// The column that this verb writes: `| id | requirement | state | tests |`.
const TESTS_COLUMN: usize = 4;

/// Writes the tests that show each requirement into docs/requirements.md.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  cargo xtask requirements

A test shows a requirement when its name begins with the id: `auth_02_…`. States are written by hand; the column of
tests is written by this verb, and `lint` compares it.")]
pub(crate) struct Options {}

pub(crate) fn run(_options: &Options) -> Result<()> {
    let tree = Tree::read()?;
    let file = tree
        .file(TABLE)
        .context("docs/requirements.md is missing")?;
    let written = with_tests(&file.text, &test_names::by_id(&tree));
    if written == file.text {
        report::say("docs/requirements.md is in step with the tests");
        return Ok(());
    }
    fs::write(workspace::root().join(TABLE), written)?;
    report::say("docs/requirements.md: tests written");
    Ok(())
}

/// Ids that no table names, states that nothing shows, and a column that is out of step.
pub(crate) fn check_ids(tree: &Tree) -> Vec<Fault> {
    let Some(file) = tree.file(TABLE) else {
        return vec![Fault::new(TABLE, "the table of requirements is there")];
    };
    let tests = test_names::by_id(tree);
    let known: BTreeSet<String> = rows(&file.text).map(|(_, row)| row.id).collect();
    let mut faults: Vec<Fault> = tests
        .iter()
        .filter(|(id, _)| !known.contains(*id))
        .map(|(id, names)| {
            Fault::new(
                TABLE,
                format!("{id} is unknown, but tested by {}", list(names)),
            )
        })
        .collect();
    for (line, row) in rows(&file.text) {
        if let Some(contradiction) = row.contradiction(tests.contains_key(&row.id)) {
            faults.push(Fault::new(
                format!("{TABLE}:{line}"),
                format!("{}: {contradiction}", row.id),
            ));
        }
    }
    if with_tests(&file.text, &tests) != file.text {
        faults.push(Fault::new(
            TABLE,
            "out of step with the tests: run `cargo xtask requirements`",
        ));
    }
    faults
}

/// A row of the table.
struct Row {
    id: String,
    state: String,
}

impl Row {
    fn parse(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let id = *cells.get(1)?;
        let state = (*cells.get(3)?).to_owned();
        (cells.len() > TESTS_COLUMN && is_id(id)).then(|| Self {
            id: id.to_owned(),
            state,
        })
    }

    fn contradiction(&self, tested: bool) -> Option<&'static str> {
        match tested {
            false if self.claims_done() => Some("no test shows it"),
            true if self.state == "later" => Some("tests show it, yet it is said to come later"),
            _ => None,
        }
    }

    /// `done` and `first part`; what a test cannot show says how it is shown: `done (lint)`.
    fn claims_done(&self) -> bool {
        self.state == "done" || self.state == "first part"
    }
}

fn rows(text: &str) -> impl Iterator<Item = (usize, Row)> {
    text.lines()
        .enumerate()
        .filter_map(|(at, line)| Some((at + 1, Row::parse(line)?)))
}

fn with_tests(text: &str, tests: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut written = String::new();
    for line in text.lines() {
        match Row::parse(line) {
            Some(row) => written.push_str(&with_cell(line, tests.get(&row.id))),
            None => written.push_str(line),
        }
        written.push('\n');
    }
    written
}

fn with_cell(line: &str, names: Option<&BTreeSet<String>>) -> String {
    let mut cells: Vec<String> = line.split('|').map(str::to_owned).collect();
    cells[TESTS_COLUMN] =
        names.map_or_else(|| " ".to_owned(), |names| format!(" {} ", list(names)));
    cells.join("|")
}

fn list(names: &BTreeSet<String>) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join("<br>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Package, TextFile};

    fn tree(table: &str, code: &str) -> Tree {
        let folder = "crates/uc-auth".to_owned();
        let package = Package {
            name: "uc-auth".to_owned(),
            folder,
            ..Package::default()
        };
        let code = TextFile::new("crates/uc-auth/src/tests.rs", code);
        Tree {
            packages: vec![package],
            files: vec![TextFile::new(TABLE, table), code],
        }
    }

    const CODE: &str = "    async fn auth_02_password_is_salted() {}\nfn auth_window() {}\n";

    #[test]
    fn tests_are_written_into_the_table() {
        let table = "| AUTH-02 | sign-in | done | |\n| AUTH-03 | codes | later | old |\n";
        let tests = test_names::by_id(&tree("", CODE));
        assert_eq!(
            with_tests(table, &tests),
            "| AUTH-02 | sign-in | done | `uc-auth::auth_02_password_is_salted` |\n\
             | AUTH-03 | codes | later | |\n"
        );
    }

    #[test]
    fn unknown_ids_and_empty_claims_are_found() {
        let faults = check_ids(&tree("| AUTH-03 | codes | done | |\n", CODE));
        let rules: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert!(
            rules.iter().any(|rule| rule.contains("AUTH-02 is unknown")),
            "{rules:?}"
        );
        assert!(
            rules
                .iter()
                .any(|rule| rule.contains("AUTH-03: no test shows it")),
            "{rules:?}"
        );
    }

    #[test]
    fn a_row_with_tests_cannot_come_later() {
        let faults = check_ids(&tree("| AUTH-02 | sign-in | later | |\n", CODE));
        assert!(
            faults
                .iter()
                .any(|fault| fault.to_string().contains("AUTH-02: tests show it"))
        );
    }

    #[test]
    fn column_out_of_step_is_found() {
        let faults = check_ids(&tree("| AUTH-02 | sign-in | done | other |\n", CODE));
        assert!(
            faults
                .iter()
                .any(|fault| fault.to_string().contains("out of step"))
        );
    }
}
