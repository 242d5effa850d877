//! What can be wrong with an answer, and with a form.

use serde::{Deserialize, Serialize};

use crate::Format;

/// An answer that breaks a rule of its field. Holds no answer, so it may be logged and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The property of the form's schema.
    pub property: String,
    /// The first rule it breaks.
    pub rule: BrokenRule,
}

/// The rule an answer breaks; worded by the interface.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokenRule {
    /// Nothing is answered.
    Required,
    /// Fewer characters than needed.
    TooShort {
        /// Least number of characters.
        min: usize,
    },
    /// More characters than allowed.
    TooLong {
        /// Greatest number of characters.
        max: usize,
    },
    /// The field's own pattern does not match.
    Pattern,
    /// The text does not have the shape of its format.
    Format(Format),
    /// The shape is right; the check digits are those of another number, so a digit is mistyped.
    CheckDigits(Format),
    /// Less than the least number.
    Minimum {
        /// The least number.
        min: f64,
    },
    /// More than the greatest number.
    Maximum {
        /// The greatest number.
        max: f64,
    },
    /// Not one of the options.
    NotAChoice,
    /// A confirmation that is not given.
    NotConfirmed,
    /// Text where a number is asked, and the like.
    WrongType,
    /// A file of a kind that is not taken: JPEG, PNG and PDF are.
    FileKind,
    /// A file with nothing in it.
    FileEmpty,
    /// A file larger than is taken.
    FileTooLarge {
        /// Bytes, at most.
        max: usize,
    },
    /// A file that cannot be read as what it says it is.
    FileDamaged,
    /// The portal keeps as many files of the person as it may.
    FileNoRoom,
    /// The answer names a file that is nowhere any more.
    FileAbsent,
    /// Two devices answered differently, and the person has not chosen.
    TwoAnswers,
    /// The form does not ask this.
    Unknown,
}

impl BrokenRule {
    /// The keyword of JSON Schema that carries the rule, as problems of the portal name it.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort { .. } => "minLength",
            Self::TooLong { .. } => "maxLength",
            Self::Pattern => "pattern",
            Self::Format(_) | Self::CheckDigits(_) => "format",
            Self::Minimum { .. } => "minimum",
            Self::Maximum { .. } => "maximum",
            Self::NotAChoice => "oneOf",
            Self::NotConfirmed => "const",
            Self::WrongType => "type",
            Self::FileKind => "contentMediaType",
            Self::FileEmpty | Self::FileTooLarge { .. } => "size",
            Self::FileDamaged => "contentEncoding",
            Self::FileNoRoom => "room",
            Self::FileAbsent => "file",
            Self::TwoAnswers => "conflict",
            Self::Unknown => "additionalProperties",
        }
    }
}

/// A schema or layout outside the subset, or one that no person could fill in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidForm {
    /// A part has another shape than the subset gives it.
    #[error("{at}: {expected} expected")]
    Shape {
        /// Where, as a path of keys.
        at: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A keyword whose meaning this crate does not know, so that it could not keep it.
    #[error("{at}: keyword {keyword} is outside the subset")]
    Keyword {
        /// Where, as a path of keys.
        at: String,
        /// The keyword.
        keyword: String,
    },
    /// A format without a rule here.
    #[error("{property}: format {format} is not known")]
    Format {
        /// The property.
        property: String,
        /// The name of the format.
        format: String,
    },
    /// A pattern outside the subset of patterns.
    #[error("{property}: the pattern is outside the subset")]
    Pattern {
        /// The property.
        property: String,
    },
    /// Two options of one choice have the same value, so neither can be chosen.
    #[error("{property}: an option stands twice")]
    OptionTwice {
        /// The property.
        property: String,
    },
    /// The layout, a condition or `required` names a property that the schema does not have.
    #[error("{property}: not a property of the schema")]
    NoSuchProperty {
        /// The name.
        property: String,
    },
    /// A condition asks for a value that the property cannot have.
    #[error("{property}: a condition on a value it cannot have")]
    ImpossibleCondition {
        /// The property of the condition.
        property: String,
    },
    /// The layout shows the property nowhere.
    #[error("{property}: not in the layout")]
    NotLaidOut {
        /// The property.
        property: String,
    },
    /// The layout shows the property twice.
    #[error("{property}: twice in the layout")]
    LaidOutTwice {
        /// The property.
        property: String,
    },
    /// Required while a rule may hide it, so that the person could not send the form.
    #[error("{property}: required while it may be hidden")]
    RequiredButHidden {
        /// The property.
        property: String,
    },
    /// Whether the property shows depends on itself, or through too many others.
    #[error("{property}: rules go round in a circle or too deep")]
    RuleChain {
        /// The property.
        property: String,
    },
}
