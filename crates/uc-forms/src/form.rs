//! The form as the interface draws it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{BrokenRule, Format, InvalidForm, Pattern, layout, schema, soundness};

/// A text in the languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// In Russian, the language of the service.
    pub ru: String,
    /// In English, where translated.
    pub en: Option<String>,
}

/// A form: steps of controls over the fields of a schema. Sound once parsed: every field stands in exactly one step,
/// and nothing is required that a rule may hide.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The steps in their order.
    pub steps: Vec<Step>,
    pub(crate) fields: BTreeMap<String, Field>,
    pub(crate) demands: Vec<Demand>,
}

/// A page of the form.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The heading.
    pub title: Words,
    /// What stands on it, top down.
    pub items: Vec<Item>,
}

/// A part of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Controls under a heading of their own. Groups do not nest.
    Group {
        /// The heading.
        title: Words,
        /// Labels and controls.
        items: Vec<Item>,
        /// When it shows; always, if absent.
        rule: Option<ShowRule>,
    },
    /// A text for the person to read.
    Label {
        /// The text.
        text: Words,
        /// When it shows; always, if absent.
        rule: Option<ShowRule>,
    },
    /// The control of a field.
    Control {
        /// The field's property.
        property: String,
        /// When it shows; always, if absent. The rule of its group counts too.
        rule: Option<ShowRule>,
    },
}

/// Shows or hides a part by the answer to another field. A hidden answer counts as not given.
#[derive(Debug, Clone, PartialEq)]
pub struct ShowRule {
    /// What happens when the answer equals the value; the opposite happens otherwise.
    pub effect: Effect,
    /// The property that decides.
    pub property: String,
    /// A text or a boolean.
    pub equals: Value,
}

/// What a rule does when its condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Shows the part.
    Show,
    /// Hides the part.
    Hide,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The property of the schema, the key of its answer.
    pub property: String,
    /// What is asked.
    pub kind: FieldKind,
    /// The question.
    pub title: Words,
    /// What helps to answer.
    pub hint: Option<Words>,
    /// An example answer.
    pub example: Option<String>,
    /// What fills it in, like `profile.last_name`.
    pub source: Option<String>,
    /// Asked in several lines.
    pub multiline: bool,
    /// Not shown unless asked for.
    pub sensitive: bool,
    pub(crate) required: bool,
    pub(crate) step: usize,
    pub(crate) rules: Vec<ShowRule>,
}

/// What a field asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A text. A date is a text too, with [`Format::Date`].
    Text {
        /// Least number of characters (code points).
        min_chars: usize,
        /// Greatest number of characters.
        max_chars: Option<usize>,
        /// What the text must match.
        pattern: Option<Pattern>,
        /// What the text is.
        format: Option<Format>,
    },
    /// One of several.
    Choice(Vec<ChoiceOption>),
    /// A whole number.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The greatest.
        max: Option<i64>,
    },
    /// A number.
    Number {
        /// The least.
        min: Option<f64>,
        /// The greatest.
        max: Option<f64>,
    },
    /// A file; the answer is a [`uc_model::Attachment`].
    File,
    /// Yes or no.
    Flag {
        /// A confirmation: only "yes" can be sent.
        must_be_true: bool,
    },
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceOption {
    /// The answer when chosen.
    pub value: String,
    /// What the person reads.
    pub title: Words,
}

/// A property required while others have certain answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Demand {
    pub(crate) when: Vec<(String, Value)>,
    pub(crate) required: Vec<String>,
}

impl Form {
    /// Reads a form. The subset is closed: what this crate does not know is refused, because it could not be kept.
    pub fn parse(schema: &Value, layout: &Value) -> Result<Self, InvalidForm> {
        let (fields, demands) = schema::parse(schema)?;
        let steps = layout::parse(layout)?;
        let mut form = Self {
            steps,
            fields,
            demands,
        };
        layout::place(&mut form)?;
        soundness::check(&form)?;
        Ok(form)
    }

    /// The field of a property.
    #[must_use]
    pub fn field(&self, property: &str) -> Option<&Field> {
        self.fields.get(property)
    }

    /// The step that asks for a property: where a fault leads.
    #[must_use]
    pub fn step_of(&self, property: &str) -> Option<usize> {
        self.fields.get(property).map(|field| field.step)
    }
}

impl Field {
    /// The answer for what a person typed: a number where one is asked and the text reads as one (with comma or point,
    /// spaces between thousands), else the text as typed, which [`Form::check`] then finds at fault.
    #[must_use]
    pub fn read(&self, typed: &str) -> Value {
        self.kind.read(typed)
    }

    /// The rule that a given answer breaks, whether or not the field shows. Blank answers break none.
    #[must_use]
    pub fn fault(&self, answer: &Value) -> Option<BrokenRule> {
        self.kind
            .settle(answer)
            .and_then(|answer| self.kind.fault(&answer))
    }
}
