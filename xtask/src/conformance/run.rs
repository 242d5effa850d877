//! The run: every test of the lists must pass, and tells how many cases it refused.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::list::{List, Shown};
use super::page::Cases;
use crate::lint::Tree;
use crate::{report, test_names, workspace};

/// Rows of relying party, provider, loopback and deep links: their cases are the negative ones that are counted.
const GROUPS: [&str; 4] = ["rp_", "op_", "lb_", "dl_"];
/// What a test prints for whoever counts: `cases: 7 of module::name`.
const TOLD: &str = "cases: ";

/// Runs the tests of the lists, and those whose cases are counted.
pub(super) fn all(lists: &[List], tree: &Tree) -> Result<Cases> {
    let named = named_tests(lists);
    let told = test_names::by_id(tree);
    let counted = told.values().flatten().filter(|test| is_counted(test));
    let wanted: BTreeSet<&String> = named.iter().chain(counted).collect();
    let mut by_package: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for test in wanted {
        let (package, name) = test.split_once("::").context("a test has a crate")?;
        by_package.entry(package).or_default().push(name);
    }
    let mut cases = Cases::new();
    for (package, names) in by_package {
        let printed = run_tests(package, &names)?;
        for name in &names {
            ensure!(has_passed(&printed, name), "{package}::{name} did not pass");
        }
        cases.extend(read_cases(package, &printed));
    }
    Ok(cases)
}

fn named_tests(lists: &[List]) -> BTreeSet<String> {
    let rows = lists.iter().flat_map(|list| &list.rows);
    rows.filter_map(|row| match &row.shown {
        Shown::By(tests) => Some(tests.clone()),
        Shown::NotApplicable(_) | Shown::Open(_) => None,
    })
    .flatten()
    .collect()
}

fn is_counted(test: &str) -> bool {
    let name = test.rsplit("::").next().unwrap_or_default();
    GROUPS.iter().any(|group| name.starts_with(group))
}

/// Runs tests by their names and returns what they printed; what cargo has to say goes to the terminal.
fn run_tests(package: &str, names: &[&str]) -> Result<String> {
    report::say(format_args!("-- {package}: {} tests", names.len()));
    let mut command: Command = workspace::cargo();
    command.args(["test", "-p", package, "--tests", "--"]);
    command.arg("--nocapture").args(names);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        report::say(&printed);
    }
    ensure!(output.status.success(), "tests of {package} failed");
    Ok(printed)
}

/// `test module::name ... ok`.
fn has_passed(printed: &str, name: &str) -> bool {
    printed.lines().any(|line| {
        let tried = line
            .strip_prefix("test ")
            .and_then(|line| line.split_once(" ... "));
        tried.is_some_and(|(path, verdict)| last(path) == name && verdict.ends_with("ok"))
    })
}

fn read_cases(package: &str, printed: &str) -> Cases {
    let mut cases = Cases::new();
    for line in printed.lines() {
        let Some((_, told)) = line.split_once(TOLD) else {
            continue;
        };
        let Some((count, path)) = told.split_once(" of ") else {
            continue;
        };
        if let Ok(count) = count.parse::<usize>()
            && is_counted(path)
        {
            *cases
                .entry(format!("{package}::{}", last(path)))
                .or_default() += count;
        }
    }
    cases
}

fn last(path: &str) -> &str {
    path.trim().rsplit("::").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
running 3 tests
cases: 6 of id_token::rp_02_the_issuer
test id_token::rp_02_the_issuer ... ok
test id_token::rp_03_the_audience ... FAILED
cases: 2 of guesses::au_01_guesses
cases: many of rp_04_x
";

    #[test]
    fn what_passed_is_told_from_what_did_not() {
        assert!(has_passed(PRINTED, "rp_02_the_issuer"));
        assert!(!has_passed(PRINTED, "rp_03_the_audience"));
        assert!(!has_passed(PRINTED, "rp_02_the"));
    }

    #[test]
    fn cases_of_the_counted_groups_are_counted() {
        let cases = read_cases("uc-auth", PRINTED);
        assert_eq!(
            cases,
            Cases::from([("uc-auth::rp_02_the_issuer".to_owned(), 6)])
        );
    }
}
