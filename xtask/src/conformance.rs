//! `conformance`: which test shows which module of others' test plans and which fault of our own lists.
//!
//! `tests/interop/conformance.toml` has the lists. The verb runs the tests that they name, counts the negative cases that
//! these tell of, and writes all of it into `docs/conformance.md`; `lint` holds the page to the lists and to the tests.

mod list;
mod page;
mod run;

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::consent::Consent;
use crate::lint::{Fault, Tree};
use crate::{judges, products, report, test_names, workspace};
use list::{List, Shown};
use page::Cases;

const LISTS: &str = "tests/interop/conformance.toml";
const PAGE: &str = "docs/conformance.md";
const CASES_GOAL: usize = 300;

/// Runs the tests of conformance and writes docs/conformance.md.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask conformance
  cargo xtask conformance --strict
  cargo xtask conformance --page-only      after a test was renamed

Ends with lines `NAME: figure (goal …) ok|short`; exits 0 when all tests passed, with --strict 1 when a goal is missed.")]
pub(crate) struct Options {
    /// End with 1 where a goal is missed
    #[arg(long)]
    strict: bool,
    /// Run nothing: write the page anew with the counts of the last run
    #[arg(long)]
    page_only: bool,
    /// Install what is missing without asking (as with CI=true)
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let tree = Tree::read()?;
    let lists = list::read(file(&tree, LISTS)?)?;
    let unknown = unknown_tests(&lists, &tree);
    ensure!(unknown.is_empty(), "no such tests: {}", unknown.join(", "));
    let cases = if options.page_only {
        page::read_cases(file(&tree, PAGE)?)
    } else {
        let consent = Consent::from_flag(options.yes);
        products::ensure_can_build(consent)?;
        judges::ensure_present(consent)?;
        run::all(&lists, &tree)?
    };
    fs::write(workspace::root().join(PAGE), page::write(&lists, &cases))?;
    report::say("docs/conformance.md: written\n");
    let good = tell(&lists, &cases);
    ensure!(good || !options.strict, "a goal is missed");
    Ok(())
}

/// Says how much is shown; whether every goal is met.
fn tell(lists: &[List], cases: &Cases) -> bool {
    let mut good = true;
    for list in lists {
        let (tests, out, open) = (list.shown(), list.not_applicable(), list.open());
        report::say(format_args!(
            "  {}: {} rows, {tests} shown, {out} not applicable, {open} open",
            list.name,
            list.rows.len()
        ));
    }
    for list in lists.iter().filter(|list| list.goal > 0) {
        good &= line(&list.name, list.shown(), list.goal);
    }
    let cases: usize = cases.values().sum();
    good & line("negative-cases", cases, CASES_GOAL)
}

fn line(name: &str, figure: usize, goal: usize) -> bool {
    let verdict = if figure >= goal { "ok" } else { "short" };
    report::say(format_args!("{name}: {figure} (goal >= {goal}) {verdict}"));
    figure >= goal
}

/// Lists that do not read, tests that are not there, and a page that says something else.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let lists = match file(tree, LISTS).and_then(list::read) {
        Ok(lists) => lists,
        Err(error) => return vec![Fault::new(LISTS, format!("{error:#}"))],
    };
    let mut faults: Vec<Fault> = unknown_tests(&lists, tree)
        .into_iter()
        .map(|test| Fault::new(LISTS, format!("no such test: {test}")))
        .collect();
    let found = file(tree, PAGE).unwrap_or_default();
    let cases = page::read_cases(found);
    let tests = test_names::all(tree);
    let told = cases.keys().filter(|test| !tests.contains(*test));
    faults.extend(told.map(|test| Fault::new(PAGE, format!("no such test: {test}"))));
    if page::write(&lists, &cases) != found {
        faults.push(Fault::new(
            PAGE,
            "out of step with the lists: run `cargo xtask conformance`",
        ));
    }
    faults
}

fn file<'t>(tree: &'t Tree, path: &str) -> Result<&'t str> {
    let file = tree.file(path);
    file.map(|file| file.text.as_str())
        .with_context(|| format!("{path} is missing"))
}

fn unknown_tests(lists: &[List], tree: &Tree) -> Vec<String> {
    let tests = test_names::all(tree);
    let rows = lists.iter().flat_map(|list| &list.rows);
    rows.filter_map(|row| match &row.shown {
        Shown::By(names) => Some(names),
        Shown::NotApplicable(_) | Shown::Open(_) => None,
    })
    .flatten()
    .filter(|name| !tests.contains(*name))
    .cloned()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{Package, TextFile};

    const TOML: &str = r#"
[[list]]
name = "plan"
about = "A plan."
goal = 1
rows = [
  { name = "happy", test = "uc-auth::rp_01_works" },
  { name = "`aud` of another", tests = ["uc-auth::rp_01_works", "uc-auth::rp_03_refuses"] },
  { name = "mtls", not_applicable = "no certificates of clients" },
  { name = "later", open = "there is no test" },
]
"#;
    const CODE: &str = "async fn rp_01_works() {}\nfn rp_03_refuses() {}\n";

    fn tree(toml: &str, page: &str) -> Tree {
        let package = Package {
            name: "uc-auth".to_owned(),
            folder: "crates/uc-auth".to_owned(),
            ..Package::default()
        };
        Tree {
            packages: vec![package],
            files: vec![
                TextFile::new(LISTS, toml),
                TextFile::new(PAGE, page),
                TextFile::new("crates/uc-auth/src/tests.rs", CODE),
            ],
        }
    }

    fn written() -> String {
        let lists = list::read(TOML).unwrap();
        let cases = [("uc-auth::rp_03_refuses".to_owned(), 7)].into();
        page::write(&lists, &cases)
    }

    fn complaints(toml: &str, page: &str) -> String {
        let faults = check(&tree(toml, page));
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_page_that_was_written_is_in_step() {
        let page = written();
        assert!(page.contains("| plan | 4 | 2 | 1 | 1 |"), "{page}");
        assert!(page.contains("**7**"), "{page}");
        assert_eq!(complaints(TOML, &page), "");
    }

    #[test]
    fn a_page_that_was_touched_is_not() {
        let page = written();
        let touched = page.replace("no certificates", "no need");
        assert!(complaints(TOML, &touched).contains("out of step"));
        let bragging = page.replace("**7**", "**700**");
        assert!(complaints(TOML, &bragging).contains("out of step"));
        let invented = page.replace("rp_03_refuses` | 7", "rp_03_refuses_all` | 7");
        assert!(complaints(TOML, &invented).contains("no such test"));
    }

    #[test]
    fn a_row_is_shown_in_one_way_by_tests_that_are_there() {
        let page = written();
        let renamed = TOML.replace("rp_01_works", "rp_01_worked");
        assert!(complaints(&renamed, &page).contains("no such test: uc-auth::rp_01_worked"));
        let twofold = TOML.replace(
            "open = \"there is no test\"",
            "open = \"\", not_applicable = \"\"",
        );
        assert!(complaints(&twofold, &page).contains("later"));
    }
}
