//! Applications: what lists show of them, and the portal's copy.

use jiff::Timestamp;
use rusqlite::{Row, params};
use uc_model::{ApplicationId, ApplicationStatus, OutboxState, ServiceId};

use super::{ApplicationGroup, ListedState, VaultTx, VaultView};
use crate::{
    Page, StoreError,
    page::{parse_cursor, parse_field},
    search::own,
    value::{
        execute, find, instant, name, read_instant, read_name, read_optional_instant, read_text,
        read_uuid, row, rows,
    },
};

/// An application as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// What is applied for.
    pub service: ServiceId,
    /// The service's name when it was last heard of.
    pub title: String,
    /// The agency's short name when it was last heard of.
    pub agency: String,
    /// The portal's number.
    pub number: Option<String>,
    /// The state.
    pub state: ListedState,
    /// Since when it is in that state, as far as this device knows.
    pub since: Timestamp,
    /// When anything last changed.
    pub updated_at: Timestamp,
    /// By when the agency must decide.
    pub due_at: Option<Timestamp>,
}

/// The portal's copy of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalCopy {
    /// Its id.
    pub id: ApplicationId,
    /// Grows with every change.
    pub revision: u64,
    /// What is applied for.
    pub service: ServiceId,
    /// The service's name.
    pub title: String,
    /// The agency's short name.
    pub agency: String,
    /// The number.
    pub number: String,
    /// The status.
    pub status: ApplicationStatus,
    /// When anything last changed.
    pub changed_at: Timestamp,
    /// By when the agency must decide.
    pub due_at: Option<Timestamp>,
    /// The whole dialog, as JSON.
    pub dialog: String,
}

/// Narrows a list; what is absent does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the service's name, the agency's or the number, in any form, the last one perhaps unfinished.
    pub text: String,
    /// Only of this group.
    pub group: Option<ApplicationGroup>,
}

const COLUMNS: &str =
    "SELECT id, service, title, agency, number, state, since, updated_at, due_at FROM application";
const PASSES: &str = concat!(
    "(?1 IS NULL OR state_group = ?1) AND NOT EXISTS (SELECT 1 FROM json_each(?2) AS word WHERE ",
    own::lacks!("haystack"),
    ")"
);

impl VaultView<'_> {
    /// The application, if it is known.
    pub fn find_application(&self, id: ApplicationId) -> Result<Option<Application>, StoreError> {
        find(
            self.db,
            &format!("{COLUMNS} WHERE id = ?"),
            [id.as_uuid().as_bytes()],
            read_application,
        )
    }

    /// The portal's whole dialog as JSON, with its revision.
    pub fn find_dialog(&self, id: ApplicationId) -> Result<Option<(u64, String)>, StoreError> {
        let found = find(
            self.db,
            "SELECT revision, dialog FROM application WHERE id = ? AND dialog IS NOT NULL",
            [id.as_uuid().as_bytes()],
            |row| Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?)),
        )?;
        Ok(found)
    }

    /// A page of the applications that pass the filter, newest first.
    pub fn list_applications(
        &self,
        filter: &Filter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<Application>, StoreError> {
        let group = filter.group.map(name).transpose()?;
        let words = own::needles(&filter.text)?;
        let (updated_at, id) = match after.map(parse_cursor::<2>).transpose()? {
            Some([at, id]) => (
                parse_field(at)?,
                parse_field::<ApplicationId>(id)?.as_uuid().into_bytes(),
            ),
            None => (i64::MAX, [0xff; 16]),
        };
        let total = row(
            self.db,
            &format!("SELECT count(*) FROM application WHERE {PASSES}"),
            params![group, words],
            |row| row.get(0),
        )?;
        let found = rows(
            self.db,
            &format!(
                "{COLUMNS} WHERE {PASSES} AND (updated_at, id) < (?3, ?4)
                 ORDER BY updated_at DESC, id DESC LIMIT ?5"
            ),
            params![group, words, updated_at, id, limit + 1],
            read_application,
        )?;
        Ok(Page::cut(found, limit, total, |last| {
            format!("{}.{}", instant(last.updated_at), last.id)
        }))
    }

    /// Applications known, drafts among them.
    pub fn count_applications(&self) -> Result<u32, StoreError> {
        row(self.db, "SELECT count(*) FROM application", [], |row| {
            row.get(0)
        })
    }
}

impl VaultTx<'_> {
    /// Keeps the portal's copy if it is newer than what is known, and says whether it was.
    pub fn update_portal_copy(&self, copy: &PortalCopy) -> Result<bool, StoreError> {
        let id = copy.id.as_uuid();
        let haystack = own::haystack(&[&copy.title, &copy.agency, &copy.number]);
        let changed = execute(
            self.db,
            "INSERT INTO application (id, service, title, agency, number, status, changed_at, due_at, revision, dialog,
               state, state_group, since, updated_at, haystack)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?6, 'active', ?7, ?7, ?11)
             ON CONFLICT (id) DO UPDATE SET service = ?2, title = ?3, agency = ?4, number = ?5, status = ?6,
               changed_at = ?7, due_at = ?8, revision = ?9, dialog = ?10, haystack = ?11
             WHERE ?9 > revision",
            params![
                id.as_bytes(),
                copy.service.as_str(),
                copy.title,
                copy.agency,
                copy.number,
                name(copy.status)?,
                instant(copy.changed_at),
                copy.due_at.map(instant),
                copy.revision.cast_signed(),
                copy.dialog,
                haystack,
            ],
        )?;
        if changed > 0 {
            self.relist(copy.id)?;
        }
        Ok(changed > 0)
    }

    /// Makes the row of an application that the portal does not have; leaves one that is there.
    pub(super) fn insert_own(
        &self,
        id: ApplicationId,
        service: &ServiceId,
        (title, agency): (&str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR IGNORE INTO application (id, service, title, agency, state, state_group, since, updated_at, haystack)
             VALUES (?1, ?2, ?3, ?4, 'draft', 'drafts', ?5, ?5, ?6)",
            params![
                id.as_uuid().as_bytes(),
                service.as_str(),
                title,
                agency,
                instant(now),
                own::haystack(&[title, agency]),
            ],
        )
        .map(drop)
    }

    /// Derives what lists show after one of its sources changed; what has no source left goes.
    pub(super) fn relist(&self, id: ApplicationId) -> Result<(), StoreError> {
        let uuid = id.as_uuid();
        let Some(sources) = find(
            self.db,
            "SELECT status, changed_at,
               outbox.state, outbox.sealed_at, outbox.sealed_at,
               draft.application IS NOT NULL, draft.faults IS NOT NULL, draft.saved_at
             FROM application
             LEFT JOIN outbox ON outbox.application = application.id
             LEFT JOIN draft ON draft.application = application.id
             WHERE application.id = ? ORDER BY outbox.seq DESC LIMIT 1",
            [uuid.as_bytes()],
            Sources::read,
        )?
        else {
            return self.detach(id, None);
        };
        if sources.outbox.is_none() && sources.saved_at.is_none() {
            self.detach(id, None)?;
        }
        let Some(state) = ListedState::derive(sources.status, sources.outbox, sources.returned)
        else {
            return execute(
                self.db,
                "DELETE FROM application WHERE id = ?",
                [uuid.as_bytes()],
            )
            .map(drop);
        };
        let since = sources.since(state);
        execute(
            self.db,
            "UPDATE application SET state = ?, state_group = ?, since = ?, updated_at = ? WHERE id = ?",
            params![
                name(state)?,
                name(state.group())?,
                since,
                sources.latest().max(since),
                uuid.as_bytes()
            ],
        )
        .map(drop)
    }
}

/// What the listed state is derived from.
struct Sources {
    status: Option<ApplicationStatus>,
    changed_at: Option<i64>,
    outbox: Option<OutboxState>,
    sealed_at: Option<i64>,
    returned: Option<bool>,
    saved_at: Option<i64>,
}

impl Sources {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let optional = |column| row.get::<_, Option<String>>(column);
        Ok(Self {
            status: match optional(0)? {
                Some(_) => Some(read_name(row, 0)?),
                None => None,
            },
            changed_at: row.get(1)?,
            outbox: match optional(2)? {
                Some(_) => Some(read_name(row, 2)?),
                None => None,
            },
            sealed_at: row.get(3)?,
            returned: row.get::<_, bool>(5)?.then_some(row.get(6)?),
            saved_at: row.get(7)?,
        })
    }

    fn latest(&self) -> i64 {
        [self.changed_at, self.sealed_at, self.saved_at]
            .into_iter()
            .flatten()
            .max()
            .unwrap_or(0)
    }

    fn since(&self, state: ListedState) -> i64 {
        let own = match state {
            ListedState::Draft | ListedState::Returned => self.saved_at,
            ListedState::Queued | ListedState::Sending | ListedState::Unknown => self.sealed_at,
            ListedState::Registered
            | ListedState::InProgress
            | ListedState::NeedsCorrection
            | ListedState::Approved
            | ListedState::Refused
            | ListedState::Cancelled => self.changed_at,
        };
        own.unwrap_or_else(|| self.latest())
    }
}

fn read_application(row: &Row<'_>) -> rusqlite::Result<Application> {
    Ok(Application {
        id: ApplicationId::new(read_uuid(row, 0)?),
        service: read_text(row, 1)?,
        title: row.get(2)?,
        agency: row.get(3)?,
        number: row.get(4)?,
        state: read_name(row, 5)?,
        since: read_instant(row, 6)?,
        updated_at: read_instant(row, 7)?,
        due_at: read_optional_instant(row, 8)?,
    })
}
