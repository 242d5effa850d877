//! A page with a form, one of several on a way.

use askama::Template;

use super::Frame;

/// A form of some fields and ticks.
#[derive(Template)]
#[template(path = "form.html")]
pub(crate) struct FormPage<'a> {
    pub(crate) frame: Frame<'a>,
    pub(crate) title: &'a str,
    pub(crate) lead: String,
    /// Where on the way this is.
    pub(crate) step: Option<&'a str>,
    pub(crate) action: &'a str,
    /// What goes along unseen: the way's id, or what was said on the page before.
    pub(crate) flow: &'a str,
    pub(crate) csrf: String,
    /// What is wrong, and is not wrong with one field.
    pub(crate) fault: Option<String>,
    pub(crate) fields: Vec<Field<'a>>,
    pub(crate) ticks: Vec<Tick<'a>>,
    pub(crate) button: &'a str,
    /// A second button, which needs none of the fields.
    pub(crate) again: Option<&'a str>,
    pub(crate) ways: Vec<Way<'a>>,
}

impl FormPage<'_> {
    /// Whether anything is wrong.
    pub(crate) fn is_wrong(&self) -> bool {
        self.fault.is_some()
            || self.fields.iter().any(|field| field.fault.is_some())
            || self.ticks.iter().any(|tick| tick.fault.is_some())
    }
}

/// A line to type in.
pub(crate) struct Field<'a> {
    pub(crate) name: &'static str,
    pub(crate) label: &'a str,
    pub(crate) hint: Option<&'a str>,
    /// What was typed before. Passwords and codes are not shown again.
    pub(crate) value: String,
    pub(crate) fault: Option<String>,
    pub(crate) kind: FieldKind,
    pub(crate) is_required: bool,
}

impl<'a> Field<'a> {
    /// An empty field that has to be filled.
    pub(crate) fn new(name: &'static str, kind: FieldKind, label: &'a str) -> Self {
        Self {
            name,
            label,
            hint: None,
            value: String::new(),
            fault: None,
            kind,
            is_required: true,
        }
    }

    /// The ids of what is said of it beside its label.
    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let fault = self.fault.as_ref().map(|_| format!("{}-fault", self.name));
        let ids: Vec<String> = hint.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// What is typed in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Phone,
    Login,
    Code,
    FamilyName,
    GivenName,
    AdditionalName,
    BirthDate,
    NewPassword,
    Password,
    Email,
    /// Digits with what stands between them: numbers of documents, days.
    Number,
    /// Words of no kind that a browser knows.
    Words,
}

impl FieldKind {
    const fn of_input(self) -> &'static str {
        match self {
            Self::Phone => "tel",
            Self::NewPassword | Self::Password => "password",
            Self::Email => "email",
            Self::Login
            | Self::Code
            | Self::FamilyName
            | Self::GivenName
            | Self::AdditionalName
            | Self::BirthDate
            | Self::Number
            | Self::Words => "text",
        }
    }

    /// HTML, «Autofill».
    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Phone => "tel",
            Self::Login => "username",
            Self::Code => "one-time-code",
            Self::FamilyName => "family-name",
            Self::GivenName => "given-name",
            Self::AdditionalName => "additional-name",
            Self::BirthDate => "bday",
            Self::NewPassword => "new-password",
            Self::Password => "current-password",
            Self::Email => "email",
            Self::Number | Self::Words => "off",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Phone => Some("tel"),
            Self::Code | Self::Number => Some("numeric"),
            Self::Email => Some("email"),
            Self::Login
            | Self::FamilyName
            | Self::GivenName
            | Self::AdditionalName
            | Self::BirthDate
            | Self::NewPassword
            | Self::Password
            | Self::Words => None,
        }
    }

    const fn capitals(self) -> &'static str {
        match self {
            Self::FamilyName | Self::GivenName | Self::AdditionalName => "words",
            Self::Words => "sentences",
            Self::Phone
            | Self::Login
            | Self::Code
            | Self::BirthDate
            | Self::NewPassword
            | Self::Password
            | Self::Email
            | Self::Number => "none",
        }
    }

    /// Characters that fit.
    const fn longest(self) -> u32 {
        match self {
            Self::NewPassword | Self::Password => 1024,
            Self::Login | Self::Email => 254,
            Self::Words => 400,
            Self::FamilyName | Self::GivenName | Self::AdditionalName => 100,
            Self::Phone | Self::Code | Self::BirthDate | Self::Number => 64,
        }
    }
}

/// A box to tick, and the document that it is about.
pub(crate) struct Tick<'a> {
    pub(crate) name: &'static str,
    pub(crate) label: &'a str,
    pub(crate) href: String,
    pub(crate) link: &'a str,
    pub(crate) is_set: bool,
    pub(crate) fault: Option<&'a str>,
}

/// A link below the form.
pub(crate) struct Way<'a> {
    pub(crate) href: String,
    pub(crate) label: &'a str,
}
