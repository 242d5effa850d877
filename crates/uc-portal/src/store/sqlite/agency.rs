//! Tables `agency_job` and `transmission`: what an agency does.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    SqliteStore, StoreError,
    applications::{Words, insert_activity, write_json},
    dialog::{self, millis, write_word},
    feed::touch_application,
};
use crate::{
    agency::{Next, Script, after},
    store::{AgencyStep, AgencyStore, DueJob, Reply},
};

impl AgencyStore for SqliteStore {
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

/// Gives a new application to its agency.
pub(super) fn insert_job(
    tx: &Connection,
    id: &str,
    agency_now: Timestamp,
    script: &Script,
) -> Result<(), StoreError> {
    let due_at = after(agency_now, script.delay(0));
    tx.prepare_cached("INSERT INTO agency_job (application, step, due_at) VALUES (?1, 0, ?2)")?
        .execute(params![id, millis(due_at)])?;
    Ok(())
}

/// Gives a corrected application back to its agency.
pub(super) fn resume_job(
    tx: &Connection,
    id: &str,
    agency_now: Timestamp,
    script: &Script,
) -> Result<(), StoreError> {
    let step: u16 = tx
        .prepare_cached("SELECT step FROM agency_job WHERE application = ?1")?
        .query_row([id], |row| row.get(0))?;
    let due_at = after(agency_now, script.delay(step));
    tx.prepare_cached("UPDATE agency_job SET due_at = ?2 WHERE application = ?1")?
        .execute(params![id, millis(due_at)])?;
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
    let words = Words {
        ru: &act.note,
        en: act.note_en.as_deref(),
    };
    insert_activity(tx, &id, act.kind, act.status, Some(words), step.now)?;
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
        step.message.to_string(),
        text,
        text_en,
        millis(step.now)
    ])?;
    Ok(())
}

fn set_job(
    tx: &Connection,
    id: &str,
    next: Next,
    due_at: Option<Timestamp>,
) -> Result<(), StoreError> {
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

pub(super) fn delete_job(tx: &Connection, id: &str) -> Result<bool, StoreError> {
    let deleted = tx
        .prepare_cached("DELETE FROM agency_job WHERE application = ?1")?
        .execute([id])?;
    Ok(deleted == 1)
}
