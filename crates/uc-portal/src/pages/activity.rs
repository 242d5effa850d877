//! The page of those who watch over sign-ins.

use askama::Template;

use super::Frame;

/// Shows counts, what is worth a look, and the rules.
#[derive(Template)]
#[template(path = "activity.html")]
pub(crate) struct ActivityPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) counts: Vec<CountRow<'a>>,
    pub(crate) findings: Vec<FindingRow<'a>>,
    pub(crate) rules: Vec<&'a str>,
}

/// How often something happened.
pub(crate) struct CountRow<'a> {
    pub(crate) label: &'a str,
    pub(crate) count: u32,
}

/// Something worth a look.
pub(crate) struct FindingRow<'a> {
    pub(crate) title: &'a str,
    /// When, who and from where.
    pub(crate) about: String,
}
