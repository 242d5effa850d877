//! What an agency does now: a decision over the state of an application, written by the store.

use uc_forms::FieldFault;
use uc_model::ApplicationStatus;
use uc_portal_api::{ActivityKind, Correction};

use super::{Action, Script, Step};
use crate::words::Words;

/// An application as its agency sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its status.
    pub status: ApplicationStatus,
    /// The place in the script of the step that is due.
    pub step: u16,
    /// What the agency finds wrong with the answers.
    pub faults: Vec<FieldFault>,
}

/// A step as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The status from then on.
    pub status: ApplicationStatus,
    /// What happened.
    pub kind: ActivityKind,
    /// The agency's words.
    pub note: String,
    /// The same in English.
    pub note_en: Option<String>,
    /// The words go to the applicant as a message, too.
    pub message: bool,
    /// What the applicant must correct.
    pub correction: Option<Correction>,
    /// Done, in percent.
    pub progress: u8,
    /// What is the matter now.
    pub summary: String,
    /// What the agency does next.
    pub next: Next,
}

/// What an agency does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The step at this place, after its delay.
    Step(u16),
    /// The step at this place, after its delay, once a correction has come.
    AfterCorrection(u16),
    /// Nothing more.
    Done,
}

/// The step that is due; `None` when the application's life has no room for it, which ends the agency's work.
#[must_use]
pub fn plan(case: &Case, script: &Script, words: &Words) -> Option<Act> {
    let step = script.step(case.step)?;
    if !case.faults.is_empty() {
        return recheck(case, script, words);
    }
    let progress = script.progress(case.step);
    let next = case.step.saturating_add(1);
    let act = match step.action {
        Action::Accept => Act {
            message: false,
            ..informed(case, step, words)?
        },
        Action::Message => informed(case, step, words)?,
        Action::RequestCorrection => corrected(case, words, asked(step))?,
        Action::Approve => decided(case, step, ApplicationStatus::Approved, words)?,
        Action::Refuse => decided(case, step, ApplicationStatus::Refused, words)?,
    };
    Some(act.at(progress, next))
}

/// The agency's own check failed: it asks for a correction and comes to the same step again.
fn recheck(case: &Case, script: &Script, words: &Words) -> Option<Act> {
    let correction = Correction {
        note: words.recheck.ru.clone(),
        note_en: Some(words.recheck.en.clone()),
        fields: case
            .faults
            .iter()
            .map(|fault| fault.property.clone())
            .collect(),
    };
    let before = case.step.checked_sub(1);
    let progress = before.map_or(0, |before| script.progress(before));
    Some(corrected(case, words, correction)?.at(progress, case.step))
}

fn asked(step: &Step) -> Correction {
    Correction {
        note: step.note.clone(),
        note_en: step.note_en.clone(),
        fields: step.fields.clone(),
    }
}

/// The agency works on it; no status goes back to that from a later one.
fn informed(case: &Case, step: &Step, words: &Words) -> Option<Act> {
    let working = ApplicationStatus::InProgress;
    let status = if case.status == working {
        working
    } else {
        case.status.advance(working).ok()?
    };
    Some(said(step.note.clone(), step.note_en.clone(), status, words))
}

fn corrected(case: &Case, words: &Words, correction: Correction) -> Option<Act> {
    let status = case
        .status
        .advance(ApplicationStatus::NeedsCorrection)
        .ok()?;
    let (note, note_en) = (correction.note.clone(), correction.note_en.clone());
    Some(Act {
        kind: ActivityKind::SentToFormFill,
        correction: Some(correction),
        ..said(note, note_en, status, words)
    })
}

fn decided(case: &Case, step: &Step, decision: ApplicationStatus, words: &Words) -> Option<Act> {
    let status = case.status.advance(decision).ok()?;
    Some(Act {
        kind: ActivityKind::DialogClosed,
        ..said(step.note.clone(), step.note_en.clone(), status, words)
    })
}

fn said(note: String, note_en: Option<String>, status: ApplicationStatus, words: &Words) -> Act {
    Act {
        status,
        kind: ActivityKind::Information,
        note,
        note_en,
        message: true,
        correction: None,
        progress: 0,
        summary: words.summary(status).to_owned(),
        next: Next::Done,
    }
}

impl Act {
    fn at(self, progress: u8, next: u16) -> Self {
        let next = match self.status {
            ApplicationStatus::Registered | ApplicationStatus::InProgress => Next::Step(next),
            ApplicationStatus::NeedsCorrection => Next::AfterCorrection(next),
            ApplicationStatus::Approved
            | ApplicationStatus::Refused
            | ApplicationStatus::Cancelled => Next::Done,
        };
        Self {
            progress,
            next,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use uc_forms::BrokenRule;

    use super::*;

    fn script() -> Script {
        toml::from_str(
            r#"
            service = "x"
            [[step]]
            after_minutes = 1
            action = "accept"
            note = "принято"
            [[step]]
            after_minutes = 2
            action = "request_correction"
            note = "исправьте"
            fields = ["a"]
            [[step]]
            after_minutes = 3
            action = "approve"
            note = "готово"
            "#,
        )
        .unwrap()
    }

    fn act(status: ApplicationStatus, step: u16, faults: Vec<FieldFault>) -> Option<Act> {
        let case = Case {
            status,
            step,
            faults,
        };
        plan(&case, &script(), &Words::load().unwrap())
    }

    #[test]
    fn app_08_a_script_plays_through() {
        use ApplicationStatus::{Approved, InProgress, NeedsCorrection, Registered};
        for (status, step, expected, next, progress) in [
            (Registered, 0, InProgress, Next::Step(1), 33),
            (InProgress, 1, NeedsCorrection, Next::AfterCorrection(2), 66),
            (InProgress, 2, Approved, Next::Done, 100),
        ] {
            let act = act(status, step, Vec::new()).unwrap();
            assert_eq!(
                (act.status, act.next, act.progress),
                (expected, next, progress)
            );
        }
    }

    #[test]
    fn app_08_an_agency_checks_for_itself() {
        let fault = FieldFault {
            property: "a".into(),
            rule: BrokenRule::Required,
        };
        let act = act(ApplicationStatus::InProgress, 2, vec![fault]).unwrap();
        assert_eq!(act.next, Next::AfterCorrection(2));
        assert_eq!(act.correction.unwrap().fields, ["a"]);
    }

    #[test]
    fn app_08_nothing_is_done_after_a_decision() {
        for status in [ApplicationStatus::Cancelled, ApplicationStatus::Approved] {
            assert_eq!(act(status, 2, Vec::new()), None);
        }
    }
}
