//! Tables `application`, `submission`, `activity`, `number_sequence`: what a person does.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_forms::BrokenRule;
use uc_model::{ActingFor, ApplicationId, ApplicationStatus, ContentHash, PersonId};
use uc_portal_api::{ActivityKind, Capacity, Dialog, FieldProblem, SubmittedApplication};

use super::{
    SqliteStore, StoreError,
    agency::{delete_job, insert_job, resume_job},
    dialog::{self, millis, read_word, write_word},
    feed::touch_application,
    files, people,
    registry::roles_in_force,
    replies::keyed,
    roaming,
};
use crate::{
    applications::{
        Refusal,
        rules::{self, Held, Place, Received},
    },
    fingerprint::Fingerprint,
    registry::entitles,
    store::{ApplicationStore, KeyedWrite, Reply, StoredReply, Submission, Terms, Withdrawal},
};

#[cfg(test)]
mod tests;

const CREATED: u16 = 201;
const OK: u16 = 200;

pub(super) type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

impl ApplicationStore for SqliteStore {
    fn submit(&self, submission: Submission) -> Reply<'_, Result<StoredReply, Refusal>> {
        self.write(move |tx| keyed(tx, &submission.write, |tx| take(tx, &submission)))
    }

    fn withdraw(&self, withdrawal: Withdrawal) -> Reply<'_, Result<StoredReply, Refusal>> {
        self.write(move |tx| keyed(tx, &withdrawal.write, |tx| give_back(tx, &withdrawal)))
    }

    fn find_application(&self, person: PersonId, id: ApplicationId) -> Reply<'_, Option<Dialog>> {
        self.read(move |db| {
            let found = dialog::find(db, &id.to_string())?;
            Ok(found.filter(|dialog| dialog.party == person))
        })
    }
}

fn take(tx: &Connection, submission: &Submission) -> Outcome<u16> {
    let Submission { write, body, .. } = submission;
    let held = find_held(tx, write.application)?;
    let received = Received {
        person: &write.person,
        service: &body.service,
        submission: body.revision,
        fingerprint: write.fingerprint,
    };
    let place = match rules::place(held.as_ref(), received) {
        Ok(Place::Repeated) => return Ok(Ok(OK)),
        Ok(place) => place,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let terms = match &submission.admission {
        Ok(terms) => terms,
        Err(refusal) => return Ok(Err(refusal.clone())),
    };
    let name = match find_name(tx, submission, terms)? {
        Ok(name) => name,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if people::level(tx, &write.person)? < terms.account_level {
        return Ok(Err(Refusal::LevelTooLow));
    }
    let absent = absent_files(tx, &write.person, &terms.files)?;
    if !absent.is_empty() {
        return Ok(Err(Refusal::InvalidAnswers(absent)));
    }
    let status = match place {
        Place::First => {
            register(tx, submission, terms, name.as_ref())?;
            CREATED
        }
        Place::Correction | Place::Repeated => {
            if !is_name_of(tx, write.application, body.acting_for.as_ref())? {
                return Ok(Err(Refusal::NotEntitled));
            }
            correct(tx, submission, terms)?;
            OK
        }
    };
    let id = write.application.to_string();
    files::keep_for_application(tx, &id, &write.person, &terms.files)?;
    roaming::give_up_draft(tx, &write.person, write.application, write.now)?;
    touch_application(tx, &write.person, &id)?;
    Ok(Ok(status))
}

/// Faults of the properties whose files the person has not sent.
fn absent_files(
    tx: &Connection,
    person: &PersonId,
    named: &[(String, ContentHash)],
) -> Result<Vec<FieldProblem>, StoreError> {
    let mut absent = Vec::new();
    for (property, hash) in named {
        if !files::is_kept(tx, person, *hash)? {
            absent.push(FieldProblem {
                field: property.clone(),
                rule: BrokenRule::FileAbsent.keyword().to_owned(),
            });
        }
    }
    Ok(absent)
}

/// In whose name the submission may be made; in the person's own where it names nobody. Everybody is a citizen: for most
/// public services no role is looked up.
fn find_name(
    tx: &Connection,
    submission: &Submission,
    terms: &Terms,
) -> Result<Result<Option<Capacity>, Refusal>, StoreError> {
    let Submission { write, body, .. } = submission;
    let Some(number) = &body.acting_for else {
        let own = entitles(&[], &terms.audience, None);
        return Ok(if own {
            Ok(None)
        } else {
            Err(Refusal::NotEntitled)
        });
    };
    let roles = roles_in_force(tx, &write.person, write.now)?;
    if !entitles(&roles, &terms.audience, Some(number)) {
        return Ok(Err(Refusal::NotEntitled));
    }
    let profile = people::find_whole_profile(tx, &write.person)?;
    let capacities = profile.map_or_else(Vec::new, |profile| profile.capacities);
    let found = capacities.into_iter().find(|found| found.number == *number);
    Ok(Ok(found))
}

fn find_held(tx: &Connection, id: ApplicationId) -> Result<Option<Held>, StoreError> {
    let found: Option<(String, String, String, u32, [u8; 32])> = tx
        .prepare_cached(
            "SELECT a.person, a.service, a.status, a.submission, s.fingerprint
             FROM application a JOIN submission s ON s.application = a.id AND s.number = a.submission
             WHERE a.id = ?1",
        )?
        .query_row([id.to_string()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .optional()?;
    let Some((person, service, status, submission, fingerprint)) = found else {
        return Ok(None);
    };
    let malformed = |_| StoreError::Malformed("identifier");
    Ok(Some(Held {
        person: person.try_into().map_err(malformed)?,
        service: service.try_into().map_err(malformed)?,
        status: read_word(&status)?,
        submission,
        fingerprint: Fingerprint(fingerprint),
    }))
}

/// Whether an application was made in this name: a correction does not change it.
fn is_name_of(
    tx: &Connection,
    id: ApplicationId,
    acting_for: Option<&ActingFor>,
) -> Result<bool, StoreError> {
    let kept: Option<String> = tx
        .prepare_cached("SELECT acting_for FROM application WHERE id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))?;
    Ok(kept.as_deref() == acting_for.map(ActingFor::as_str))
}

fn register(
    tx: &Connection,
    submission: &Submission,
    terms: &Terms,
    name: Option<&Capacity>,
) -> Result<(), StoreError> {
    let write = &submission.write;
    let id = write.application.to_string();
    let status = ApplicationStatus::Registered;
    tx.prepare_cached(
        "INSERT INTO application (id, person, service, agency, title, number, status, summary,
                                  progress, revision, submission, due_at, created_at, updated_at,
                                  acting_for, acting_for_name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 1, 1, ?9, ?10, ?10, ?11, ?12)",
    )?
    .execute(params![
        id,
        write.person.as_str(),
        submission.body.service.as_str(),
        terms.agency.as_str(),
        terms.title,
        next_number(tx, terms)?,
        write_word(&status)?,
        terms.registered,
        terms.due_at.map(millis),
        millis(write.now),
        name.map(|name| name.number.as_str()),
        name.map(|name| &name.name),
    ])?;
    insert_submission(tx, &id, &submission.body, write)?;
    insert_activity(
        tx,
        &id,
        ActivityKind::DialogCreated,
        status,
        None,
        write.now,
    )?;
    insert_activity(
        tx,
        &id,
        ActivityKind::FormSubmitted,
        status,
        None,
        write.now,
    )?;
    insert_job(tx, &id, submission.agency_now, &terms.script)
}

/// The next number of the year, given out with the transaction or not at all.
fn next_number(tx: &Connection, terms: &Terms) -> Result<String, StoreError> {
    let last: i64 = tx
        .prepare_cached(
            "INSERT INTO number_sequence (year, last) VALUES (?1, 1)
             ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last",
        )?
        .query_row([terms.year], |row| row.get(0))?;
    Ok(format!("{}-{}-{last:06}", terms.number_prefix, terms.year))
}

fn correct(tx: &Connection, submission: &Submission, terms: &Terms) -> Result<(), StoreError> {
    let write = &submission.write;
    let id = write.application.to_string();
    let status = ApplicationStatus::InProgress;
    tx.prepare_cached(
        "UPDATE application SET status = ?2, summary = ?3, submission = ?4, correction = NULL,
                                revision = revision + 1, updated_at = ?5
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        write_word(&status)?,
        terms.in_progress,
        submission.body.revision,
        millis(write.now),
    ])?;
    insert_submission(tx, &id, &submission.body, write)?;
    insert_activity(
        tx,
        &id,
        ActivityKind::FormSubmitted,
        status,
        None,
        write.now,
    )?;
    resume_job(tx, &id, submission.agency_now, &terms.script)
}

fn give_back(tx: &Connection, withdrawal: &Withdrawal) -> Outcome<u16> {
    let write = &withdrawal.write;
    let held = find_held(tx, write.application)?;
    if let Err(refusal) = rules::withdraw(held.as_ref(), &write.person) {
        return Ok(Err(refusal));
    }
    let id = write.application.to_string();
    let status = ApplicationStatus::Cancelled;
    tx.prepare_cached(
        "UPDATE application SET status = ?2, summary = ?3, progress = 100, correction = NULL,
                                revision = revision + 1, updated_at = ?4
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        write_word(&status)?,
        withdrawal.summary,
        millis(write.now)
    ])?;
    insert_activity(tx, &id, ActivityKind::DialogClosed, status, None, write.now)?;
    delete_job(tx, &id)?;
    touch_application(tx, &write.person, &id)?;
    Ok(Ok(OK))
}

fn insert_submission(
    tx: &Connection,
    id: &str,
    body: &SubmittedApplication,
    write: &KeyedWrite,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO submission (application, number, form_version, answers, fingerprint, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id,
        body.revision,
        body.form_version,
        write_json(&body.answers)?,
        write.fingerprint.0,
        millis(write.now),
    ])?;
    Ok(())
}

/// What an agency said, and the same in English if it wrote that.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) ru: &'a str,
    pub(super) en: Option<&'a str>,
}

pub(super) fn insert_activity(
    tx: &Connection,
    id: &str,
    kind: ActivityKind,
    status: ApplicationStatus,
    words: Option<Words<'_>>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO activity (application, place, kind, status, description, description_en, created_at)
         VALUES (?1, (SELECT count(*) FROM activity WHERE application = ?1), ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id,
        write_word(&kind)?,
        write_word(&status)?,
        words.map(|words| words.ru),
        words.and_then(|words| words.en),
        millis(now)
    ])?;
    Ok(())
}

pub(super) fn write_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Malformed("part of an application"))
}
