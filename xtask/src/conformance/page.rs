//! `docs/conformance.md`: written from the lists, and read again for what only a run knows.

use std::collections::BTreeMap;

use super::list::{List, Row, Shown};
use crate::test_names;

/// How many negative cases each test told of, by `crate::name`.
pub(super) type Cases = BTreeMap<String, usize>;

const HEAD: &str = "\
# Conformance

Written by `cargo xtask conformance`, which runs every test that stands here and counts the negative cases that the tests
tell of; `cargo xtask lint` compares the page with `tests/interop/conformance.toml` and with the tests.

The suite of the OpenID Foundation is Java and was not run: its plans are lists of modules here, and a module is shown by a
test of ours that does and expects the same. Software of others is run (`RP-27`, `OP-66`).
";

const CASES_HEAD: &str = "\
## Negative cases

Each is one defect, tried in the last run and refused as it must be: with the named error, with nothing stored or given, and
where it says so with a good try after it that works.

| test | cases |
|---|---|";

/// The page.
pub(super) fn write(lists: &[List], cases: &Cases) -> String {
    let sum: usize = cases.values().sum();
    let mut lines = vec![
        HEAD.to_owned(),
        "| list | rows | shown | not applicable | open |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(lists.iter().map(summary_row));
    lines.push(format!("\nNegative cases that were refused: **{sum}**.\n"));
    for list in lists {
        lines.push(format!("## {}\n\n{}\n", list.name, list.about.trim()));
        lines.push("| row | id | shown by |\n|---|---|---|".to_owned());
        lines.extend(list.rows.iter().map(table_row));
        lines.push(String::new());
    }
    lines.push(CASES_HEAD.to_owned());
    let counts = cases.iter();
    lines.extend(counts.map(|(test, cases)| format!("| `{test}` | {cases} |")));
    lines.join("\n") + "\n"
}

fn summary_row(list: &List) -> String {
    let (shown, out, open) = (list.shown(), list.not_applicable(), list.open());
    let (name, rows) = (&list.name, list.rows.len());
    format!("| {name} | {rows} | {shown} | {out} | {open} |")
}

fn table_row(row: &Row) -> String {
    let (ids, shown) = match &row.shown {
        Shown::By(tests) => {
            let mut ids: Vec<String> = tests.iter().flat_map(|test| ids_of(test)).collect();
            ids.dedup();
            let tests: Vec<String> = tests.iter().map(|test| format!("`{test}`")).collect();
            (ids.join(" "), tests.join("<br>"))
        }
        Shown::NotApplicable(reason) => (String::new(), format!("not applicable: {reason}")),
        Shown::Open(missing) => (String::new(), format!("**open**: {missing}")),
    };
    format!("| {} | {ids} | {shown} |", row.name)
}

fn ids_of(test: &str) -> Vec<String> {
    test_names::ids_of(test.rsplit("::").next().unwrap_or(test))
}

/// The counts of the last run, as a page has them.
pub(super) fn read_cases(page: &str) -> Cases {
    let Some((_, table)) = page.split_once(CASES_HEAD) else {
        return Cases::new();
    };
    let row = |line: &str| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let test = cells.next()?.trim_matches('`').to_owned();
        Some((test, cells.next()?.parse().ok()?))
    };
    table.lines().filter_map(row).collect()
}
