//! Pages about a person's documents: their own, and those of the desk.

use askama::Template;

use super::Frame;

/// Shows how far the confirmation of an account is.
#[derive(Template)]
#[template(path = "documents.html")]
pub(crate) struct DocumentsPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) level: &'a str,
    /// What is to be done next, or is being done.
    pub(crate) said: &'a str,
    /// What an operator wants changed.
    pub(crate) reason: Option<&'a str>,
    /// What the person may do; nothing while it waits, and when it is done.
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) is_ready: bool,
}

/// A step on the way to a confirmed account.
pub(crate) struct Step<'a> {
    pub(crate) label: &'a str,
    /// Absent until the one before is done.
    pub(crate) href: Option<&'a str>,
    pub(crate) is_done: bool,
}

/// Asks for pictures of pages.
#[derive(Template)]
#[template(path = "scans.html")]
pub(crate) struct ScansPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) fields: Vec<PictureField<'a>>,
}

impl ScansPage<'_> {
    /// Whether anything is wrong.
    pub(crate) fn is_wrong(&self) -> bool {
        self.fields.iter().any(|field| field.fault.is_some())
    }
}

/// A picture to choose.
pub(crate) struct PictureField<'a> {
    pub(crate) name: &'static str,
    pub(crate) label: &'a str,
    /// Whether one is there already.
    pub(crate) is_there: bool,
    pub(crate) fault: Option<&'a str>,
}

/// Lists what waits at the desk.
#[derive(Template)]
#[template(path = "desk.html")]
pub(crate) struct DeskPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) rows: Vec<DeskRow>,
}

/// Documents that wait.
pub(crate) struct DeskRow {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// Shows documents to an operator, who decides.
#[derive(Template)]
#[template(path = "proof.html")]
pub(crate) struct ProofPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) csrf: &'a str,
    pub(crate) id: &'a str,
    pub(crate) rows: Vec<ProofRow<'a>>,
    pub(crate) pictures: Vec<PictureField<'a>>,
    /// What the operator typed.
    pub(crate) reason: &'a str,
    pub(crate) fault: Option<&'a str>,
}

/// Something that the person says.
pub(crate) struct ProofRow<'a> {
    pub(crate) label: &'a str,
    pub(crate) value: String,
}
