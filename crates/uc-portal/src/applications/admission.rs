//! The portal's rules on a new submission: is it taken, by this form, with these answers, and on what terms.

use jiff::Timestamp;
use uc_portal_api::{FieldProblem, SubmittedApplication};

use super::{Refusal, due_at, today};
use crate::{desk::Desk, store::Terms};
use uc_forms::FieldFault;
use uc_model::ApplicationStatus;

/// Judges a submission that came at `now`.
pub fn admit(desk: &Desk, body: &SubmittedApplication, now: Timestamp) -> Result<Terms, Refusal> {
    let entry = desk
        .catalogue
        .find_service(&body.service)
        .ok_or(Refusal::NotOffered)?;
    let form = entry.form.as_ref().ok_or(Refusal::NotOffered)?;
    if body.form_version != form.version {
        return Err(Refusal::StaleForm);
    }
    let faults = form.faults(&body.answers);
    if !faults.is_empty() {
        return Err(Refusal::InvalidAnswers(
            faults.iter().map(problem).collect(),
        ));
    }
    let service = &entry.service;
    let zone = desk.catalogue.offset(service);
    Ok(Terms {
        agency: service.agency.clone(),
        title: service.title.clone(),
        audience: service.audience.clone(),
        account_level: service.account_level,
        due_at: due_at(now, service.term.as_ref(), zone, &desk.calendar),
        script: desk.catalogue.script(&service.id),
        registered: desk.words.summary(ApplicationStatus::Registered).to_owned(),
        in_progress: desk.words.summary(ApplicationStatus::InProgress).to_owned(),
        number_prefix: desk.words.number_prefix.clone(),
        year: today(now, zone).year(),
        files: form.files(&body.answers),
    })
}

fn problem(fault: &FieldFault) -> FieldProblem {
    FieldProblem {
        field: fault.property.clone(),
        rule: fault.rule.keyword().to_owned(),
    }
}
