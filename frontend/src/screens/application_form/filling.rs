//! What is filled in, and what of it is found at fault. Pure: components dispatch edits.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use serde_json::Value;
use uc_forms::{BrokenRule, Field, FieldFault, FieldKind, Form, Format, format};
use uc_ipc::{Acting, ApplicationForm};
use uc_model::{ActingFor, Answers, ApplicationId};
use yew::Reducible;

/// Where the person is in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At a step, from 0.
    Step(usize),
    /// Looking everything through.
    Review,
}

/// Something the person did, or the portal found.
#[derive(Debug)]
pub(super) enum Edit {
    /// Typed into a field.
    Type { property: String, text: String },
    /// Chose or ticked.
    Choose { property: String, value: Value },
    /// Chose between their own answer and that of another device.
    Decide { property: String, takes_other: bool },
    /// Chose in whose name.
    ActFor(Option<ActingFor>),
    /// Left a field.
    Leave { property: String },
    /// Wants the next step.
    Next,
    /// Wants the step before.
    Back,
    /// Wants a step.
    Go(usize),
    /// Wants to send, but faults were found.
    Refuse(Vec<FieldFault>),
    /// Faults were found at some fields.
    Find(Vec<FieldFault>),
}

/// A form being filled in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filling {
    pub(super) form: Rc<Form>,
    pub(super) application: ApplicationId,
    pub(super) acting: Acting,
    pub(super) answers: Answers,
    /// What stands in the text fields, as typed.
    pub(super) typed: BTreeMap<String, String>,
    /// Properties that still are as the profile has them.
    pub(super) from_profile: BTreeSet<String>,
    /// What another device answered differently; `null` where it has no answer. The person chooses.
    pub(super) others: Answers,
    /// Properties for which they did.
    pub(super) chosen: Vec<String>,
    /// Faults that are shown.
    pub(super) faults: Vec<FieldFault>,
    pub(super) place: Place,
    /// Changes so far; the draft is saved after each.
    pub(super) edits: u32,
    /// How often faults stopped the person: the summary takes the focus each time.
    pub(super) stops: u32,
    /// Faults stopped the person here: the summary shows them until the place changes.
    pub(super) stopped: bool,
}

impl Filling {
    /// As it was left the last time. Fields that the agency wants corrected decide the step.
    pub(super) fn new(form: Rc<Form>, asked: &ApplicationForm) -> Self {
        let typed = asked
            .answers
            .iter()
            .filter_map(|(property, value)| {
                let field = form.field(property)?;
                Some((property.clone(), typed_text(field, value)))
            })
            .collect();
        let wished = asked.correction.as_ref().and_then(|correction| {
            correction
                .fields
                .iter()
                .find_map(|field| form.step_of(field))
        });
        let left = usize::try_from(asked.step).unwrap_or_default();
        let last = form.steps.len().saturating_sub(1);
        Self {
            application: asked.application,
            acting: asked.acting.clone(),
            answers: asked.answers.clone(),
            typed,
            from_profile: asked.from_profile.iter().cloned().collect(),
            others: asked.conflicts.clone(),
            chosen: Vec::new(),
            faults: Vec::new(),
            place: Place::Step(wished.unwrap_or(left).min(last)),
            edits: 0,
            stops: 0,
            stopped: false,
            form,
        }
    }

    /// The step shown, for the draft; the review counts as the last step.
    pub(super) fn step(&self) -> u32 {
        let step = match self.place {
            Place::Step(step) => step,
            Place::Review => self.form.steps.len().saturating_sub(1),
        };
        u32::try_from(step).unwrap_or_default()
    }

    /// The shown fault of a property.
    pub(super) fn fault(&self, property: &str) -> Option<&FieldFault> {
        self.faults.iter().find(|fault| fault.property == property)
    }

    /// Shown faults that belong to the present place: those of the step, or all while looking through.
    pub(super) fn faults_here(&self) -> Vec<FieldFault> {
        self.faults
            .iter()
            .filter(|fault| match self.place {
                Place::Step(step) => self.form.step_of(&fault.property) == Some(step),
                Place::Review => true,
            })
            .cloned()
            .collect()
    }

    fn type_in(&mut self, property: &str, text: String) {
        let Some(field) = self.form.field(property) else {
            return;
        };
        let answer = field.read(&text);
        self.typed.insert(property.to_owned(), text);
        self.answer(property, answer);
    }

    fn answer(&mut self, property: &str, answer: Value) {
        let is_blank = answer.as_str().is_some_and(|text| text.trim().is_empty());
        if is_blank || answer.is_null() {
            self.answers.remove(property);
        } else {
            self.answers.insert(property.to_owned(), answer);
        }
        self.from_profile.remove(property);
        self.edits += 1;
        self.look_again();
    }

    /// Shown faults that are mended go; those that changed are told anew. No new ones come while typing.
    fn look_again(&mut self) {
        let mut found = self.form.check(&self.answers);
        found.extend(self.undecided(None));
        self.faults = self
            .faults
            .iter()
            .filter_map(|shown| found.iter().find(|fault| fault.property == shown.property))
            .cloned()
            .collect();
    }

    /// A left text takes its written form, and its fault is shown unless it is empty.
    fn leave(&mut self, property: &str) {
        let Some(field) = self.form.field(property) else {
            return;
        };
        let Some(answer) = self.answers.get(property) else {
            return;
        };
        let fault = field.fault(answer);
        if fault.is_none()
            && let Some(written) = written(field, answer)
        {
            self.typed
                .insert(property.to_owned(), typed_text(field, &written));
            self.answers.insert(property.to_owned(), written);
        }
        self.faults.retain(|shown| shown.property != property);
        if let Some(rule) = fault {
            self.faults.push(FieldFault {
                property: property.to_owned(),
                rule,
            });
        }
    }

    fn next(&mut self) {
        let Place::Step(step) = self.place else {
            return;
        };
        let mut faults = self.form.check_step(step, &self.answers);
        faults.extend(self.undecided(Some(step)));
        if !faults.is_empty() {
            self.stop(faults);
            return;
        }
        self.faults.clear();
        self.stopped = false;
        self.place = (step + 1..self.form.steps.len())
            .find(|step| self.asks(*step))
            .map_or(Place::Review, Place::Step);
        self.edits += 1;
    }

    fn back(&mut self) {
        let before = match self.place {
            Place::Step(step) => step,
            Place::Review => self.form.steps.len(),
        };
        if let Some(step) = (0..before).rev().find(|step| self.asks(*step)) {
            self.go(step);
        }
    }

    fn stop(&mut self, faults: Vec<FieldFault>) {
        self.faults = faults;
        self.stops += 1;
        self.stopped = true;
    }

    fn decide(&mut self, property: &str, takes_other: bool) {
        let Some(other) = self.others.remove(property) else {
            return;
        };
        self.chosen.push(property.to_owned());
        self.faults.retain(|shown| shown.property != property);
        self.edits += 1;
        if !takes_other {
            return;
        }
        if let Some(field) = self.form.field(property) {
            self.typed
                .insert(property.to_owned(), typed_text(field, &other));
        }
        self.answer(property, other);
    }

    /// Questions with two answers: of a step, or of all.
    pub(super) fn undecided(&self, step: Option<usize>) -> Vec<FieldFault> {
        let is_here = |property: &str| step.is_none() || self.form.step_of(property) == step;
        let open = self.others.keys().filter(|property| is_here(property));
        open.map(|property| FieldFault {
            property: property.clone(),
            rule: BrokenRule::TwoAnswers,
        })
        .collect()
    }

    fn find(&mut self, found: Vec<FieldFault>) {
        self.faults
            .retain(|shown| found.iter().all(|fault| fault.property != shown.property));
        self.faults.extend(found);
    }

    /// Shown faults stay at their fields: the person may have come to mend them.
    fn go(&mut self, step: usize) {
        self.place = Place::Step(step);
        self.stopped = false;
    }

    /// The step has something to fill in now.
    pub(super) fn asks(&self, step: usize) -> bool {
        !self.form.visible_properties(step, &self.answers).is_empty()
    }
}

impl Reducible for Filling {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut filling = (*self).clone();
        match edit {
            Edit::Type { property, text } => filling.type_in(&property, text),
            Edit::Choose { property, value } => filling.answer(&property, value),
            Edit::Decide {
                property,
                takes_other,
            } => filling.decide(&property, takes_other),
            Edit::ActFor(number) => {
                filling.acting.chosen = number;
                filling.edits += 1;
            }
            Edit::Leave { property } => filling.leave(&property),
            Edit::Next => filling.next(),
            Edit::Back => filling.back(),
            Edit::Go(step) => filling.go(step),
            Edit::Refuse(faults) => filling.stop(faults),
            Edit::Find(faults) => filling.find(faults),
        }
        Rc::new(filling)
    }
}

/// The format of a text field.
pub(super) fn format_of(field: &Field) -> Option<Format> {
    match &field.kind {
        FieldKind::Text { format, .. } => *format,
        FieldKind::Choice(_)
        | FieldKind::Integer { .. }
        | FieldKind::Number { .. }
        | FieldKind::File
        | FieldKind::Flag { .. } => None,
    }
}

/// The answer in the written form of its format.
fn written(field: &Field, answer: &Value) -> Option<Value> {
    let written = format::check(format_of(field)?, answer.as_str()?).ok()?;
    Some(Value::String(written))
}

/// An answer as it stands in its field: days the way people write them.
pub(super) fn typed_text(field: &Field, answer: &Value) -> String {
    let Some(text) = answer.as_str() else {
        return if answer.is_null() {
            String::new()
        } else {
            answer.to_string()
        };
    };
    if format_of(field) == Some(Format::Date) {
        let parts: Vec<&str> = text.split('-').collect();
        if let [year, month, day] = parts[..] {
            return format!("{day}.{month}.{year}");
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests;
