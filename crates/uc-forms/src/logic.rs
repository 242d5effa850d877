//! Answers against the form: what shows, what is required, what is wrong, what is sent.

use serde_json::{Number, Value};
use uc_model::Answers;

use crate::{BrokenRule, Effect, FieldFault, FieldKind, Form, Item, ShowRule, format};

impl Form {
    /// Whether a rule lets its part show; without a rule it does. Hidden answers count as not given.
    #[must_use]
    pub fn is_visible(&self, rule: Option<&ShowRule>, answers: &Answers) -> bool {
        rule.is_none_or(|rule| self.allows(rule, answers))
    }

    /// Properties of a step that show, in the order of the layout. Empty for a step that is not there.
    #[must_use]
    pub fn visible_properties(&self, step: usize, answers: &Answers) -> Vec<&str> {
        let items = self.steps.get(step).map_or(&[][..], |step| &step.items);
        let mut properties = Vec::new();
        properties_of(items, &mut properties);
        properties.retain(|property| self.shows(property, answers));
        properties
    }

    /// Whether a property must be answered now. What is hidden never must.
    #[must_use]
    pub fn is_required(&self, property: &str, answers: &Answers) -> bool {
        self.field(property).is_some_and(|field| field.required)
            || self.demands.iter().any(|demand| {
                demand.required.iter().any(|required| required == property)
                    && demand
                        .when
                        .iter()
                        .all(|(property, value)| self.equals(property, value, answers))
            })
    }

    /// Faults of what a step shows, in its order; at most one for a property.
    #[must_use]
    pub fn check_step(&self, step: usize, answers: &Answers) -> Vec<FieldFault> {
        self.visible_properties(step, answers)
            .into_iter()
            .filter_map(|property| self.fault(property, answers))
            .collect()
    }

    /// Faults of all steps, then answers to what the form does not ask. Hidden answers are not looked at: they are
    /// not sent.
    #[must_use]
    pub fn check(&self, answers: &Answers) -> Vec<FieldFault> {
        let unknown = answers
            .keys()
            .filter(|property| !self.fields.contains_key(*property));
        (0..self.steps.len())
            .flat_map(|step| self.check_step(step, answers))
            .chain(unknown.map(|property| FieldFault {
                property: property.clone(),
                rule: BrokenRule::Unknown,
            }))
            .collect()
    }

    /// What is sent: hidden, blank and unknown answers left out, texts trimmed and those of a format in their written
    /// form. Settling twice changes nothing.
    #[must_use]
    pub fn settle(&self, answers: &Answers) -> Answers {
        self.fields
            .keys()
            .filter_map(|property| Some((property.clone(), self.given(property, answers)?)))
            .collect()
    }

    /// Fills blank answers from what is known of the person, hidden ones too; tells which. A value that does not fit
    /// its field is left out, except that a text is given for the person to mend.
    pub fn prefill(
        &self,
        sources: impl Fn(&str) -> Option<String>,
        answers: &mut Answers,
    ) -> Vec<String> {
        let mut filled = Vec::new();
        for (property, field) in &self.fields {
            let blank = answers
                .get(property)
                .is_none_or(|answer| field.kind.settle(answer).is_none());
            let known = field.source.as_deref().filter(|_| blank).and_then(&sources);
            if let Some(answer) = known.and_then(|text| field.kind.fill(&text)) {
                answers.insert(property.clone(), answer);
                filled.push(property.clone());
            }
        }
        filled
    }

    fn fault(&self, property: &str, answers: &Answers) -> Option<FieldFault> {
        let field = self.field(property)?;
        let rule = match self.given(property, answers) {
            Some(answer) => field.kind.fault(&answer),
            None => self
                .is_required(property, answers)
                .then(|| field.kind.missing()),
        }?;
        Some(FieldFault {
            property: property.to_owned(),
            rule,
        })
    }

    /// The settled answer of a field that shows.
    fn given(&self, property: &str, answers: &Answers) -> Option<Value> {
        let field = self.field(property)?;
        let answer = field.kind.settle(answers.get(property)?)?;
        self.shows(property, answers).then_some(answer)
    }

    /// Ends because rules do not go round in a circle.
    fn shows(&self, property: &str, answers: &Answers) -> bool {
        self.field(property)
            .is_some_and(|field| field.rules.iter().all(|rule| self.allows(rule, answers)))
    }

    fn allows(&self, rule: &ShowRule, answers: &Answers) -> bool {
        let equal = self.equals(&rule.property, &rule.equals, answers);
        match rule.effect {
            Effect::Show => equal,
            Effect::Hide => !equal,
        }
    }

    fn equals(&self, property: &str, value: &Value, answers: &Answers) -> bool {
        self.given(property, answers)
            .is_some_and(|answer| answer == *value)
    }
}

fn properties_of<'a>(items: &'a [Item], found: &mut Vec<&'a str>) {
    for item in items {
        match item {
            Item::Group { items, .. } => properties_of(items, found),
            Item::Label { .. } => {}
            Item::Control { property, .. } => found.push(property),
        }
    }
}

impl FieldKind {
    /// The answer as it is sent; `None` when blank.
    pub(crate) fn settle(&self, answer: &Value) -> Option<Value> {
        match (self, answer) {
            (_, Value::Null) => None,
            (_, Value::String(text)) => {
                let text = text.trim();
                (!text.is_empty()).then(|| Value::from(self.written(text)))
            }
            (Self::Integer { .. }, Value::Number(number)) => {
                Some(whole(number).map_or_else(|| answer.clone(), Value::from))
            }
            _ => Some(answer.clone()),
        }
    }

    fn written(&self, text: &str) -> String {
        let Self::Text {
            format: Some(format),
            ..
        } = self
        else {
            return text.to_owned();
        };
        format::check(*format, text).unwrap_or_else(|_| text.to_owned())
    }

    /// The rule that a settled answer breaks.
    pub(crate) fn fault(&self, answer: &Value) -> Option<BrokenRule> {
        match (self, answer) {
            (Self::Text { .. }, Value::String(text)) => self.text_fault(text),
            (Self::Choice(options), Value::String(text)) => {
                let offered = options.iter().any(|option| option.value == *text);
                (!offered).then_some(BrokenRule::NotAChoice)
            }
            (Self::Integer { min, max }, Value::Number(number)) => {
                integer_fault(number, *min, *max)
            }
            (Self::Number { min, max }, Value::Number(number)) => {
                range_fault(number.as_f64()?, *min, *max)
            }
            (Self::File, Value::Object(_)) => crate::file::fault(answer),
            (Self::Flag { must_be_true }, Value::Bool(answer)) => {
                (*must_be_true && !answer).then_some(BrokenRule::NotConfirmed)
            }
            _ => Some(BrokenRule::WrongType),
        }
    }

    fn text_fault(&self, text: &str) -> Option<BrokenRule> {
        let Self::Text {
            min_chars,
            max_chars,
            pattern,
            format,
        } = self
        else {
            return Some(BrokenRule::WrongType);
        };
        let chars = text.chars().count();
        if let Some(rule) = format.and_then(|format| format::check(format, text).err()) {
            return Some(rule);
        }
        if chars < *min_chars {
            return Some(BrokenRule::TooShort { min: *min_chars });
        }
        if let Some(max) = max_chars.filter(|max| chars > *max) {
            return Some(BrokenRule::TooLong { max });
        }
        let mismatch = pattern
            .as_ref()
            .is_some_and(|pattern| !pattern.matches(text));
        mismatch.then_some(BrokenRule::Pattern)
    }

    /// How the lack of a required answer is called.
    fn missing(&self) -> BrokenRule {
        match self {
            Self::Flag { must_be_true: true } => BrokenRule::NotConfirmed,
            Self::Flag {
                must_be_true: false,
            }
            | Self::Text { .. }
            | Self::Choice(_)
            | Self::Integer { .. }
            | Self::Number { .. }
            | Self::File => BrokenRule::Required,
        }
    }

    pub(crate) fn read(&self, typed: &str) -> Value {
        let plain = || {
            typed
                .replace([' ', '\u{a0}', '\u{202f}'], "")
                .replace(',', ".")
        };
        let number = match self {
            Self::Integer { .. } => plain().parse::<i64>().ok().map(Number::from),
            Self::Number { .. } => plain().parse::<f64>().ok().and_then(Number::from_f64),
            Self::Text { .. } | Self::Choice(_) | Self::File | Self::Flag { .. } => None,
        };
        number.map_or_else(|| Value::from(typed), Value::Number)
    }

    /// The answer for a text that is known of the person.
    fn fill(&self, text: &str) -> Option<Value> {
        let answer = self.settle(&self.read(text))?;
        let mendable = matches!(self, Self::Text { .. });
        (mendable || self.fault(&answer).is_none()).then_some(answer)
    }
}

/// A whole number also when written `3.0`.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
        format!("{number:.0}").parse().ok()
    })
}

/// Numbers beyond `i64` are whole too, and beyond any limit.
fn integer_fault(number: &Number, min: Option<i64>, max: Option<i64>) -> Option<BrokenRule> {
    let float = number.as_f64()?;
    if float.fract() != 0.0 {
        return Some(BrokenRule::WrongType);
    }
    let edge = if float < 0.0 { i64::MIN } else { i64::MAX };
    let (number, beyond) = whole(number).map_or((edge, true), |number| (number, false));
    let less = min.filter(|min| number < *min || (beyond && float < 0.0));
    let more = max.filter(|max| number > *max || (beyond && float > 0.0));
    less.map(|min| BrokenRule::Minimum { min: inexact(min) })
        .or(more.map(|max| BrokenRule::Maximum { max: inexact(max) }))
}

/// Limits are told to people, who do not count beyond 2⁵³.
#[expect(
    clippy::cast_precision_loss,
    reason = "limits of forms are far below 2⁵³"
)]
fn inexact(limit: i64) -> f64 {
    limit as f64
}

fn range_fault(number: f64, min: Option<f64>, max: Option<f64>) -> Option<BrokenRule> {
    let less = min.filter(|min| number < *min);
    let more = max.filter(|max| number > *max);
    less.map(|min| BrokenRule::Minimum { min })
        .or(more.map(|max| BrokenRule::Maximum { max }))
}
