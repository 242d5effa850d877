//! An application's rows as the dialog that clients get.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::de::DeserializeOwned;
use uc_model::{ApplicationStatus, MessageId};
use uc_portal_api::{
    Activity, ActivityKind, Capacity, Dialog, DialogContent, DialogStatus, GuiAction, Transmission,
};

use super::{StoreError, instant, registry::read_number};

/// An application of anybody: whose it is, the caller checks.
pub(super) fn find(db: &Connection, id: &str) -> Result<Option<Dialog>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT a.id, a.person, a.service, a.agency, a.title, a.number, a.status, a.summary,
                a.progress, a.revision, a.submission, a.correction, a.due_at, a.created_at,
                a.updated_at, a.acting_for, a.acting_for_name, s.form_version, s.answers
         FROM application a JOIN submission s ON s.application = a.id AND s.number = a.submission
         WHERE a.id = ?1",
    )?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let mut dialog = application(row)?;
    dialog.activities = activities(db, id)?;
    dialog.transmissions = transmissions(db, id)?;
    Ok(Some(dialog))
}

/// Everything but what happened.
fn application(row: &Row<'_>) -> Result<Dialog, StoreError> {
    let status: ApplicationStatus = read_word(&row.get::<_, String>("status")?)?;
    let correction: Option<String> = row.get("correction")?;
    let due_at: Option<i64> = row.get("due_at")?;
    Ok(Dialog {
        id: row
            .get::<_, String>("id")?
            .parse()
            .map_err(|_| StoreError::Malformed("application id"))?,
        revision: super::natural(row.get("revision")?),
        org: slug(row, "agency")?,
        party: slug(row, "person")?,
        acting_for: acting_for(row)?,
        service_resource: slug(row, "service")?,
        status: DialogStatus::from(status),
        extended_status: status,
        progress: row.get("progress")?,
        due_at: due_at.map(instant),
        created_at: instant(row.get("created_at")?),
        updated_at: instant(row.get("updated_at")?),
        external_reference: row.get("number")?,
        content: DialogContent {
            title: row.get("title")?,
            summary: row.get("summary")?,
        },
        activities: Vec::new(),
        transmissions: Vec::new(),
        gui_actions: actions(status),
        correction: correction.as_deref().map(read_json).transpose()?,
        submission: row.get("submission")?,
        form_version: row.get("form_version")?,
        answers: read_json(&row.get::<_, String>("answers")?)?,
    })
}

/// In whose name it was made, as it was called then.
fn acting_for(row: &Row<'_>) -> Result<Option<Capacity>, StoreError> {
    let number: Option<String> = row.get("acting_for")?;
    let name: Option<String> = row.get("acting_for_name")?;
    let Some(number) = number else {
        return Ok(None);
    };
    Ok(Some(Capacity {
        number: read_number(number)?,
        name: name.unwrap_or_default(),
        until: None,
    }))
}

fn actions(status: ApplicationStatus) -> Vec<GuiAction> {
    let correct = status == ApplicationStatus::NeedsCorrection;
    let correct = correct.then_some(GuiAction::Correct);
    let cancel = status.can_cancel().then_some(GuiAction::Cancel);
    correct.into_iter().chain(cancel).collect()
}

fn activities(db: &Connection, id: &str) -> Result<Vec<Activity>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT kind, status, description, description_en, created_at FROM activity
         WHERE application = ?1 ORDER BY place",
    )?;
    let mut rows = statement.query([id])?;
    let mut activities = Vec::new();
    while let Some(row) = rows.next()? {
        activities.push(Activity {
            kind: read_word::<ActivityKind>(&row.get::<_, String>(0)?)?,
            status: read_word(&row.get::<_, String>(1)?)?,
            description: row.get(2)?,
            description_en: row.get(3)?,
            created_at: instant(row.get(4)?),
        });
    }
    Ok(activities)
}

fn transmissions(db: &Connection, id: &str) -> Result<Vec<Transmission>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id, text, text_en, created_at FROM transmission
         WHERE application = ?1 ORDER BY place",
    )?;
    let mut rows = statement.query([id])?;
    let mut transmissions = Vec::new();
    while let Some(row) = rows.next()? {
        transmissions.push(Transmission {
            id: message_id(&row.get::<_, String>(0)?)?,
            text: row.get(1)?,
            text_en: row.get(2)?,
            created_at: instant(row.get(3)?),
        });
    }
    Ok(transmissions)
}

fn message_id(text: &str) -> Result<MessageId, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Malformed("message id"))
}

fn slug<T: TryFrom<String>>(row: &Row<'_>, column: &str) -> Result<T, StoreError> {
    T::try_from(row.get(column)?).map_err(|_| StoreError::Malformed("identifier"))
}

/// A word of an enum as JSON writes it.
pub(super) fn read_word<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_value(text.into()).map_err(|_| StoreError::Malformed("word"))
}

/// The word of an enum as JSON writes it.
pub(super) fn write_word(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) | Err(_) => Err(StoreError::Malformed("word")),
    }
}

fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Malformed("part of an application"))
}

/// The instant in its column.
pub(super) fn millis(instant: Timestamp) -> i64 {
    instant.as_millisecond()
}
