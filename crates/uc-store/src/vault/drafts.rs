//! Drafts: forms being filled in, and those given back.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde_json::Value;
use uc_model::{ActingFor, Answers, ApplicationId, ServiceId};

use super::{VaultTx, VaultView};
use crate::{
    StoreError,
    value::{
        execute, find, instant, read_instant, read_json, read_optional, read_text, read_uuid, row,
        rows,
    },
};

/// A form being filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The application that it becomes, or corrects.
    pub application: ApplicationId,
    /// What is applied for.
    pub service: ServiceId,
    /// The form's version that it was last filled in with.
    pub form_version: u32,
    /// The number of the submission it becomes: 1 for a new application.
    pub submission: u32,
    /// In whose name, where it is not the person's own.
    pub acting_for: Option<ActingFor>,
    /// Answers so far.
    pub answers: Answers,
    /// Properties that were filled from the profile.
    pub from_profile: Vec<String>,
    /// The step shown, from 0.
    pub step: u32,
    /// Why the portal gave it back: absent unless it did.
    pub faults: Option<Value>,
    /// Answers that another device changed differently: both are kept until the person decides. `null` where it has none.
    pub conflicts: Answers,
    /// When it was kept.
    pub saved_at: Timestamp,
}

const COLUMNS: &str = "SELECT application, service, form_version, submission, answers, from_profile, step, faults, \
                       saved_at, acting_for, conflicts FROM draft";

impl VaultView<'_> {
    /// Forms being filled in.
    pub fn count_drafts(&self) -> Result<u32, StoreError> {
        row(self.db, "SELECT count(*) FROM draft", [], |row| row.get(0))
    }

    /// All drafts.
    pub fn list_drafts(&self) -> Result<Vec<Draft>, StoreError> {
        rows(self.db, COLUMNS, [], read_draft)
    }

    /// The draft of an application.
    pub fn find_draft(&self, application: ApplicationId) -> Result<Option<Draft>, StoreError> {
        find(
            self.db,
            &format!("{COLUMNS} WHERE application = ?"),
            [application.as_uuid().as_bytes()],
            read_draft,
        )
    }

    /// The draft of a new application for a service that was touched last.
    pub fn find_draft_for(&self, service: &ServiceId) -> Result<Option<Draft>, StoreError> {
        find(
            self.db,
            &format!(
                "{COLUMNS} WHERE service = ? AND submission = 1 ORDER BY saved_at DESC LIMIT 1"
            ),
            [service.as_str()],
            read_draft,
        )
    }
}

impl VaultTx<'_> {
    /// Keeps a draft, new or changed. `names` are the service's name and the agency's short name.
    pub fn update_draft(&self, draft: &Draft, names: (&str, &str)) -> Result<(), StoreError> {
        self.settle();
        self.insert_own(draft.application, &draft.service, names, draft.saved_at)?;
        execute(
            self.db,
            "INSERT OR REPLACE INTO draft
               (application, service, form_version, submission, answers, from_profile, step, faults, saved_at,
                acting_for, conflicts)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                draft.application.as_uuid().as_bytes(),
                draft.service.as_str(),
                draft.form_version,
                draft.submission,
                serde_json::to_string(&draft.answers)?,
                serde_json::to_string(&draft.from_profile)?,
                draft.step,
                draft.faults.as_ref().map(Value::to_string),
                instant(draft.saved_at),
                draft.acting_for.as_ref().map(ActingFor::as_str),
                serde_json::to_string(&draft.conflicts)?,
            ],
        )?;
        self.relist(draft.application)
    }

    /// Forgets a draft; an application that was nothing else goes with it.
    pub fn delete_draft(&self, application: ApplicationId) -> Result<bool, StoreError> {
        self.settle();
        let deleted = execute(
            self.db,
            "DELETE FROM draft WHERE application = ?",
            [application.as_uuid().as_bytes()],
        )?;
        self.relist(application)?;
        Ok(deleted > 0)
    }
}

fn read_draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        application: ApplicationId::new(read_uuid(row, 0)?),
        service: read_text(row, 1)?,
        form_version: row.get(2)?,
        submission: row.get(3)?,
        answers: read_json(row, 4)?,
        from_profile: read_json(row, 5)?,
        step: row.get(6)?,
        faults: match row.get::<_, Option<String>>(7)? {
            Some(_) => Some(read_json(row, 7)?),
            None => None,
        },
        saved_at: read_instant(row, 8)?,
        acting_for: read_optional(row, 9)?,
        conflicts: read_json(row, 10)?,
    })
}
