//! The lists: rows, and how each is shown.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// A test plan of others, or a list of faults of ours.
pub(super) struct List {
    pub(super) name: String,
    /// What it is, and which client it is about.
    pub(super) about: String,
    /// How many rows are to be shown by tests; 0 for none in particular.
    pub(super) goal: usize,
    pub(super) rows: Vec<Row>,
}

/// A module of a plan, or a fault.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) shown: Shown,
}

/// How a row is shown.
pub(super) enum Shown {
    /// By these tests, as `crate::name`.
    By(Vec<String>),
    /// It is about something that the product has not, and this is why.
    NotApplicable(String),
    /// Not yet; this is missing.
    Open(String),
}

impl List {
    pub(super) fn shown(&self) -> usize {
        self.count(|shown| matches!(shown, Shown::By(_)))
    }

    pub(super) fn not_applicable(&self) -> usize {
        self.count(|shown| matches!(shown, Shown::NotApplicable(_)))
    }

    pub(super) fn open(&self) -> usize {
        self.count(|shown| matches!(shown, Shown::Open(_)))
    }

    fn count(&self, is: impl Fn(&Shown) -> bool) -> usize {
        self.rows.iter().filter(|row| is(&row.shown)).count()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    list: Vec<WrittenList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenList {
    name: String,
    about: String,
    #[serde(default)]
    goal: usize,
    rows: Vec<WrittenRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRow {
    name: String,
    test: Option<String>,
    tests: Option<Vec<String>>,
    not_applicable: Option<String>,
    open: Option<String>,
}

/// Reads the file of lists.
pub(super) fn read(text: &str) -> Result<Vec<List>> {
    let written: Written = toml::from_str(text)?;
    written.list.into_iter().map(read_list).collect()
}

fn read_list(list: WrittenList) -> Result<List> {
    let rows = list.rows.into_iter().map(|row| {
        let name = row.name.clone();
        read_row(row).with_context(|| format!("{}, row {name}", list.name))
    });
    Ok(List {
        rows: rows.collect::<Result<_>>()?,
        name: list.name,
        about: list.about,
        goal: list.goal,
    })
}

fn read_row(row: WrittenRow) -> Result<Row> {
    let shown = match (row.test, row.tests, row.not_applicable, row.open) {
        (Some(test), None, None, None) => Shown::By(vec![test]),
        (None, Some(tests), None, None) if !tests.is_empty() => Shown::By(tests),
        (None, None, Some(reason), None) => Shown::NotApplicable(reason),
        (None, None, None, Some(missing)) => Shown::Open(missing),
        _ => bail!("one of `test`, `tests`, `not_applicable` and `open` says how it is shown"),
    };
    Ok(Row {
        name: row.name,
        shown,
    })
}
