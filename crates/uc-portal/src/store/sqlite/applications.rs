//! Tables `application`, `submission`, `activity`, `transmission`, `number_sequence`, `agency_job`, `idempotency`.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::{ApplicationId, ApplicationStatus, PersonId};
use uc_portal_api::{ActivityKind, Dialog, SubmittedApplication};

use super::{
    SqliteStore, StoreError,
    dialog::{self, millis, read_word, write_word},
    feed::touch_application,
};
use crate::{
    agency::after,
    applications::{
        Refusal,
        rules::{self, Held, Place, Received},
    },
    fingerprint::Fingerprint,
    store::{
        AgencyStep, ApplicationStore, DueJob, KeyedWrite, Reply, StoredReply, Submission, Terms,
        Withdrawal,
    },
};

/// Replies are kept longer than a client tries.
const KEEP_REPLIES: SignedDuration = SignedDuration::from_hours(120 * 24);

/// Outlived replies removed with each write, at most.
const SWEEP: u32 = 4;

const CREATED: u16 = 201;
const OK: u16 = 200;

type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

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

    fn list_due_jobs(&self, agency_now: Timestamp, limit: u32) -> Reply<'_, Vec<DueJob>> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(
                "SELECT application, step FROM agency_job WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
            )?;
            let mut rows = statement.query(params![millis(agency_now), limit])?;
            let mut jobs = Vec::new();
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                jobs.push(DueJob {
                    dialog: dialog::find(db, &id)?.ok_or(StoreError::Malformed("agency job"))?,
                    step: row.get(1)?,
                });
            }
            Ok(jobs)
        })
    }

    fn find_next_due(&self) -> Reply<'_, Option<Timestamp>> {
        self.read(|db| {
            let due: Option<i64> = db
                .prepare_cached("SELECT min(due_at) FROM agency_job WHERE due_at IS NOT NULL")?
                .query_row([], |row| row.get(0))?;
            Ok(due.map(super::instant))
        })
    }

    fn apply_agency_step(&self, step: AgencyStep) -> Reply<'_, bool> {
        self.write(move |tx| apply(tx, &step))
    }
}

/// Does a write once for its key, and gives the stored reply afterwards.
fn keyed(
    tx: &Connection,
    write: &KeyedWrite,
    work: impl FnOnce(&Connection) -> Outcome<u16>,
) -> Outcome<StoredReply> {
    if let Some((fingerprint, reply)) = find_reply(tx, write)? {
        return Ok(if fingerprint == write.fingerprint {
            Ok(reply)
        } else {
            Err(Refusal::KeyReused)
        });
    }
    let status = match work(tx)? {
        Ok(status) => status,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = write.application.to_string();
    let dialog = dialog::find(tx, &id)?.ok_or(StoreError::Malformed("application"))?;
    let reply = StoredReply {
        status,
        body: write_json(&dialog)?,
    };
    insert_reply(tx, write, &reply)?;
    Ok(Ok(reply))
}

fn find_reply(
    tx: &Connection,
    write: &KeyedWrite,
) -> Result<Option<(Fingerprint, StoredReply)>, StoreError> {
    let found = tx
        .prepare_cached(
            "SELECT fingerprint, status, reply FROM idempotency WHERE person = ?1 AND key = ?2",
        )?
        .query_row([write.person.as_str(), &write.key.to_string()], |row| {
            let reply = StoredReply {
                status: row.get(1)?,
                body: row.get(2)?,
            };
            Ok((Fingerprint(row.get(0)?), reply))
        })
        .optional()?;
    Ok(found)
}

fn insert_reply(
    tx: &Connection,
    write: &KeyedWrite,
    reply: &StoredReply,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO idempotency (person, key, fingerprint, status, reply, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        write.person.as_str(),
        write.key.to_string(),
        write.fingerprint.0,
        reply.status,
        reply.body,
        millis(write.now),
    ])?;
    let outlived = write
        .now
        .checked_sub(KEEP_REPLIES)
        .unwrap_or(Timestamp::MIN);
    tx.prepare_cached(
        "DELETE FROM idempotency WHERE (person, key) IN
         (SELECT person, key FROM idempotency WHERE created_at < ?1 LIMIT ?2)",
    )?
    .execute(params![millis(outlived), SWEEP])?;
    Ok(())
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
    let status = match place {
        Place::First => {
            register(tx, submission, terms)?;
            CREATED
        }
        Place::Correction | Place::Repeated => {
            correct(tx, submission, terms)?;
            OK
        }
    };
    touch_application(tx, &write.person, &write.application.to_string())?;
    Ok(Ok(status))
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

fn register(tx: &Connection, submission: &Submission, terms: &Terms) -> Result<(), StoreError> {
    let write = &submission.write;
    let id = write.application.to_string();
    let status = ApplicationStatus::Registered;
    tx.prepare_cached(
        "INSERT INTO application (id, person, service, agency, title, number, status, summary,
                                  progress, revision, submission, due_at, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 1, 1, ?9, ?10, ?10)",
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
    let due_at = after(submission.agency_now, terms.script.delay(0));
    tx.prepare_cached("INSERT INTO agency_job (application, step, due_at) VALUES (?1, 0, ?2)")?
        .execute(params![id, millis(due_at)])?;
    Ok(())
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
    resume_job(tx, &id, submission, terms)
}

fn resume_job(
    tx: &Connection,
    id: &str,
    submission: &Submission,
    terms: &Terms,
) -> Result<(), StoreError> {
    let step: u16 = tx
        .prepare_cached("SELECT step FROM agency_job WHERE application = ?1")?
        .query_row([id], |row| row.get(0))?;
    let due_at = after(submission.agency_now, terms.script.delay(step));
    tx.prepare_cached("UPDATE agency_job SET due_at = ?2 WHERE application = ?1")?
        .execute(params![id, millis(due_at)])?;
    Ok(())
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

fn insert_activity(
    tx: &Connection,
    id: &str,
    kind: ActivityKind,
    status: ApplicationStatus,
    description: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO activity (application, place, kind, status, description, created_at)
         VALUES (?1, (SELECT count(*) FROM activity WHERE application = ?1), ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        id,
        write_word(&kind)?,
        write_word(&status)?,
        description,
        millis(now)
    ])?;
    Ok(())
}

fn apply(tx: &Connection, step: &AgencyStep) -> Result<bool, StoreError> {
    let id = step.application.to_string();
    let Some(act) = &step.act else {
        return end_job(tx, &id, step.seen);
    };
    let changed = tx
        .prepare_cached(
            "UPDATE application SET status = ?3, summary = ?4, progress = ?5, correction = ?6,
                                    revision = revision + 1, updated_at = ?7
             WHERE id = ?1 AND revision = ?2",
        )?
        .execute(params![
            id,
            super::integer(step.seen),
            write_word(&act.status)?,
            act.summary,
            act.progress,
            act.correction.as_ref().map(write_json).transpose()?,
            millis(step.now),
        ])?;
    if changed == 0 {
        return Ok(false);
    }
    insert_activity(tx, &id, act.kind, act.status, Some(&act.note), step.now)?;
    if act.message {
        insert_message(tx, &id, step, &act.note, act.note_en.as_deref())?;
    }
    set_job(tx, &id, act.next, step.next_due_at)?;
    let person: String = tx
        .prepare_cached("SELECT person FROM application WHERE id = ?1")?
        .query_row([&id], |row| row.get(0))?;
    let person = person
        .try_into()
        .map_err(|_| StoreError::Malformed("person id"))?;
    touch_application(tx, &person, &id)?;
    Ok(true)
}

fn insert_message(
    tx: &Connection,
    id: &str,
    step: &AgencyStep,
    text: &str,
    text_en: Option<&str>,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO transmission (application, place, id, text, text_en, created_at)
         VALUES (?1, (SELECT count(*) FROM transmission WHERE application = ?1), ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        id,
        step.message_id().to_string(),
        text,
        text_en,
        millis(step.now)
    ])?;
    Ok(())
}

fn set_job(
    tx: &Connection,
    id: &str,
    next: crate::agency::Next,
    due_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    use crate::agency::Next;
    match next {
        Next::Done => {
            delete_job(tx, id)?;
        }
        Next::Step(place) | Next::AfterCorrection(place) => {
            tx.prepare_cached(
                "UPDATE agency_job SET step = ?2, due_at = ?3 WHERE application = ?1",
            )?
            .execute(params![id, place, due_at.map(millis)])?;
        }
    }
    Ok(())
}

/// Ends the agency's work on an application that still stands where it stood.
fn end_job(tx: &Connection, id: &str, seen: u64) -> Result<bool, StoreError> {
    let deleted = tx
        .prepare_cached(
            "DELETE FROM agency_job WHERE application = ?1
             AND EXISTS (SELECT 1 FROM application WHERE id = ?1 AND revision = ?2)",
        )?
        .execute(params![id, super::integer(seen)])?;
    Ok(deleted == 1)
}

fn delete_job(tx: &Connection, id: &str) -> Result<bool, StoreError> {
    let deleted = tx
        .prepare_cached("DELETE FROM agency_job WHERE application = ?1")?
        .execute([id])?;
    Ok(deleted == 1)
}

fn write_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Malformed("part of an application"))
}
