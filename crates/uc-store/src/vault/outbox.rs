//! Submissions on their way. Every change here is in the main file before it is answered.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use uc_model::{
    ActingFor, Answers, ApplicationId, IdempotencyKey, OutboxState, PersonId, ServiceId,
};

use super::{VaultTx, VaultView};
use crate::{
    StoreError,
    value::{
        find, instant, name, read_instant, read_json, read_name, read_optional, read_text,
        read_uuid, row, rows,
    },
};

/// What is fixed when «send» is pressed.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    /// Made for this submission; every repeat carries it.
    pub key: IdempotencyKey,
    /// The application.
    pub application: ApplicationId,
    /// What is applied for.
    pub service: ServiceId,
    /// Who pressed: it is never sent for another.
    pub person: PersonId,
    /// The form's version.
    pub form_version: u32,
    /// 1 for the first submission, one more for each correction.
    pub submission: u32,
    /// In whose name, where it is not the person's own.
    pub acting_for: Option<ActingFor>,
    /// The answers.
    pub answers: Answers,
    /// SHA-256 of the canonical body.
    pub fingerprint: [u8; 32],
    /// When it was pressed.
    pub sealed_at: Timestamp,
}

/// A submission on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// The order of the presses of «send».
    pub seq: i64,
    /// What is fixed.
    pub sealed: Sealed,
    /// How far it got.
    pub state: OutboxState,
    /// Attempts to send it so far.
    pub attempts: u32,
    /// Not to be sent before.
    pub next_at: Timestamp,
}

const COLUMNS: &str = "SELECT seq, idempotency_key, application, service, person, form_version, submission, answers, \
                       fingerprint, sealed_at, state, attempts, next_at, acting_for FROM outbox";

impl VaultView<'_> {
    /// Everything on its way, in the order of the presses.
    pub fn list_outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        rows(self.db, &format!("{COLUMNS} ORDER BY seq"), [], read_row)
    }

    /// The submission of an application that is on its way.
    pub fn find_outbox_row(
        &self,
        application: ApplicationId,
    ) -> Result<Option<OutboxRow>, StoreError> {
        find(
            self.db,
            &format!("{COLUMNS} WHERE application = ? ORDER BY seq DESC LIMIT 1"),
            [application.as_uuid().as_bytes()],
            read_row,
        )
    }

    /// Submissions on their way.
    pub fn count_outbox(&self) -> Result<u32, StoreError> {
        row(self.db, "SELECT count(*) FROM outbox", [], |row| row.get(0))
    }
}

impl VaultTx<'_> {
    /// Takes a submission in, in the place of its draft. `names` are the service's name and the agency's short name.
    pub fn insert_outbox_row(
        &self,
        sealed: &Sealed,
        names: (&str, &str),
    ) -> Result<OutboxRow, StoreError> {
        self.raise_mark()?;
        self.insert_own(sealed.application, &sealed.service, names, sealed.sealed_at)?;
        let seq = row(
            self.db,
            "INSERT INTO outbox (idempotency_key, application, service, person, form_version, submission, state,
               attempts, sealed_at, next_at, answers, fingerprint, acting_for)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?8, ?9, ?10, ?11) RETURNING seq",
            params![
                sealed.key.as_uuid().as_bytes(),
                sealed.application.as_uuid().as_bytes(),
                sealed.service.as_str(),
                sealed.person.as_str(),
                sealed.form_version,
                sealed.submission,
                name(OutboxState::Sealed)?,
                instant(sealed.sealed_at),
                serde_json::to_string(&sealed.answers)?,
                sealed.fingerprint,
                sealed.acting_for.as_ref().map(ActingFor::as_str),
            ],
            |row| row.get(0),
        )?;
        self.detach(sealed.application, Some(&sealed.answers))?;
        self.delete_draft(sealed.application)?;
        Ok(OutboxRow {
            seq,
            sealed: sealed.clone(),
            state: OutboxState::Sealed,
            attempts: 0,
            next_at: sealed.sealed_at,
        })
    }

    /// Keeps how far a submission got. Says whether it is still there.
    pub fn update_outbox_row(
        &self,
        seq: i64,
        state: OutboxState,
        attempts: u32,
        next_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.raise_mark()?;
        let application = find(
            self.db,
            "UPDATE outbox SET state = ?, attempts = ?, next_at = ? WHERE seq = ? RETURNING application",
            params![name(state)?, attempts, instant(next_at), seq],
            |row| read_uuid(row, 0),
        )?;
        if let Some(application) = application {
            self.relist(ApplicationId::new(application))?;
        }
        Ok(application.is_some())
    }

    /// Takes a submission out: the portal has it, or it became a draft again, or it was withdrawn.
    pub fn delete_outbox_row(&self, seq: i64) -> Result<bool, StoreError> {
        self.raise_mark()?;
        let application = find(
            self.db,
            "DELETE FROM outbox WHERE seq = ? RETURNING application",
            [seq],
            |row| read_uuid(row, 0),
        )?;
        if let Some(application) = application {
            self.relist(ApplicationId::new(application))?;
        }
        Ok(application.is_some())
    }

    /// Puts a salvaged submission into a new vault, with its key and state: the portal tells repeats.
    pub fn restore_outbox_row(
        &self,
        salvaged: &OutboxRow,
        names: (&str, &str),
    ) -> Result<(), StoreError> {
        let new = self.insert_outbox_row(&salvaged.sealed, names)?;
        self.update_outbox_row(new.seq, salvaged.state, salvaged.attempts, salvaged.next_at)
            .map(drop)
    }
}

/// Rows that can still be read, one by one, until a damaged page ends it.
pub(super) fn salvage(db: &Connection) -> Vec<OutboxRow> {
    let mut saved = Vec::new();
    let mut last = i64::MIN;
    let next = format!("{} WHERE seq > ? ORDER BY seq LIMIT 1", columns_at_hand(db));
    while let Ok(row) = row(db, &next, [last], read_row) {
        last = row.seq;
        saved.push(row);
    }
    saved
}

/// A vault that was damaged before it was brought up to date lacks the columns that came later.
fn columns_at_hand(db: &Connection) -> String {
    let has = "SELECT count(*) FROM pragma_table_info('outbox') WHERE name = ?";
    match row(db, has, ["acting_for"], |row| row.get::<_, i64>(0)) {
        Ok(0) => COLUMNS.replace("acting_for", "NULL"),
        Ok(_) | Err(_) => COLUMNS.to_owned(),
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        seq: row.get(0)?,
        sealed: Sealed {
            key: IdempotencyKey::new(read_uuid(row, 1)?),
            application: ApplicationId::new(read_uuid(row, 2)?),
            service: read_text(row, 3)?,
            person: read_text(row, 4)?,
            form_version: row.get(5)?,
            submission: row.get(6)?,
            answers: read_json(row, 7)?,
            fingerprint: row.get(8)?,
            sealed_at: read_instant(row, 9)?,
            acting_for: read_optional(row, 13)?,
        },
        state: read_name(row, 10)?,
        attempts: row.get(11)?,
        next_at: read_instant(row, 12)?,
    })
}
