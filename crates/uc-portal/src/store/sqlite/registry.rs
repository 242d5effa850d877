//! Tables `organisation`, `representation`, `entrepreneur` and `staff`.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, TransactionBehavior, params};
use uc_model::{ActingFor, PersonId};
use uc_portal_api::Capacity;

use super::{
    OpenError, SqliteStore, Statements as _, StoreError, instant, journal, open, sign_in::person,
};
use crate::{
    data_dir::DataKey,
    journal::{AuthEvent, NewEntry, Scene},
    registry::{Change, ChangeError, HeldRole, Organisation, Role},
    store::{RegistryStore, Reply},
};

type Outcome = Result<Result<(), ChangeError>, StoreError>;

impl RegistryStore for SqliteStore {
    fn change_registry(
        &self,
        change: Change,
        now: Timestamp,
    ) -> Reply<'_, Result<(), ChangeError>> {
        self.write(move |tx| apply(tx, &change, now))
    }

    fn list_roles(&self, person: PersonId) -> Reply<'_, Vec<HeldRole>> {
        self.read(move |db| list(db, Some(&person)))
    }
}

/// Why the registry is not changed or shown from outside.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The database does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The change makes no sense.
    #[error(transparent)]
    Change(#[from] ChangeError),
}

/// Changes the registry of a database that a portal may be using.
pub fn change_registry(
    path: &Path,
    key: &DataKey,
    change: &Change,
    now: Timestamp,
) -> Result<(), RegistryError> {
    let mut db = open::guest(path, key)?;
    let tx = db
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(StoreError::from)?;
    apply(&tx, change, now)??;
    Ok(tx.commit().map_err(StoreError::from)?)
}

/// The roles of all persons, ended ones among them, in a database that a portal may be using.
pub fn list_all_roles(path: &Path, key: &DataKey) -> Result<Vec<HeldRole>, RegistryError> {
    let db = open::bystander(path, key)?;
    Ok(list(&db, None)?)
}

/// The roles that a person has at this instant, in the transaction that depends on them.
pub(super) fn roles_in_force(
    db: &Connection,
    person: &PersonId,
    now: Timestamp,
) -> Result<Vec<Role>, StoreError> {
    let held = list(db, Some(person))?.into_iter();
    Ok(held
        .filter(|held| held.holds(now))
        .map(|held| held.role)
        .collect())
}

/// Whom a person may act for at this instant, or until when.
pub(super) fn capacities(
    db: &Connection,
    person: &PersonId,
    name: &str,
) -> Result<Vec<Capacity>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT organisation.ogrn, organisation.name, representation.until FROM representation
         JOIN organisation ON organisation.ogrn = representation.organisation
         WHERE representation.person = ?1
         UNION ALL SELECT ogrnip, ?2, until FROM entrepreneur WHERE person = ?1",
    )?;
    let mut rows = statement.query([person.as_str(), name])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Capacity {
            number: read_number(row.get(0)?)?,
            name: row.get(1)?,
            until: row.get::<_, Option<i64>>(2)?.map(instant),
        });
    }
    Ok(found)
}

pub(super) fn read_number(text: String) -> Result<ActingFor, StoreError> {
    ActingFor::try_from(text).map_err(|_| StoreError::Malformed("number in the register"))
}

/// A person's devices hear of a change of whom they may act for as of any other of the profile.
fn touch_profiles(tx: &Connection, of: &str, value: &str) -> Result<(), StoreError> {
    tx.run(
        &format!(
            "UPDATE feed_entry SET seq =
                 (SELECT max(seq) + 1 FROM feed_entry AS latest WHERE latest.person = feed_entry.person)
             WHERE kind = 'profile' AND person IN ({of})"
        ),
        [value],
    )?;
    Ok(())
}

const ONE: &str = "?1";
const REPRESENTATIVES: &str = "SELECT person FROM representation WHERE organisation = ?1";

fn apply(tx: &Connection, change: &Change, now: Timestamp) -> Outcome {
    match change {
        Change::Enter(organisation) => {
            touch_profiles(tx, REPRESENTATIVES, organisation.ogrn.as_str())?;
            enter(tx, organisation, now)
        }
        Change::Give(held) => give(tx, held, now),
        Change::Take { person, role } => take(tx, person, role, now),
    }
}

fn enter(tx: &Connection, organisation: &Organisation, now: Timestamp) -> Outcome {
    unless_taken(tx.run(
        "INSERT INTO organisation (ogrn, inn, name, entered_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (ogrn) DO UPDATE SET inn = excluded.inn, name = excluded.name",
        params![
            organisation.ogrn.as_str(),
            organisation.inn.as_str(),
            organisation.name,
            now.as_millisecond(),
        ],
    ))
}

fn give(tx: &Connection, held: &HeldRole, now: Timestamp) -> Outcome {
    if !has(
        tx,
        "SELECT 1 FROM person WHERE id = ?1",
        held.person.as_str(),
    )? {
        return Ok(Err(ChangeError::UnknownPerson));
    }
    let until = held.until.map(Timestamp::as_millisecond);
    let given = match &held.role {
        Role::Entrepreneur(number) => tx.run(
            "INSERT INTO entrepreneur (person, ogrnip, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (person) DO UPDATE SET ogrnip = excluded.ogrnip, until = excluded.until",
            params![held.person.as_str(), number.as_str(), until],
        ),
        Role::Representative(number) => {
            let entered = "SELECT 1 FROM organisation WHERE ogrn = ?1";
            if !has(tx, entered, number.as_str())? {
                return Ok(Err(ChangeError::UnknownOrganisation));
            }
            tx.run(
                "INSERT INTO representation (person, organisation, until) VALUES (?1, ?2, ?3)
                 ON CONFLICT (person, organisation) DO UPDATE SET until = excluded.until",
                params![held.person.as_str(), number.as_str(), until],
            )
        }
        of_staff @ (Role::Operator
        | Role::Officer
        | Role::Support
        | Role::Administrator
        | Role::Auditor) => tx.run(
            "INSERT INTO staff (person, role, until) VALUES (?1, ?2, ?3)
             ON CONFLICT (person, role) DO UPDATE SET until = excluded.until",
            params![held.person.as_str(), of_staff.word(), until],
        ),
    };
    if let Err(refused) = unless_taken(given)? {
        return Ok(Err(refused));
    }
    let role = held.role.kind();
    tell(tx, &held.person, AuthEvent::RoleGiven { role }, now)
}

fn take(tx: &Connection, person: &PersonId, role: &Role, now: Timestamp) -> Outcome {
    let (sql, number) = match role {
        Role::Entrepreneur(number) => (
            "DELETE FROM entrepreneur WHERE person = ?1 AND ogrnip = ?2",
            number.as_str(),
        ),
        Role::Representative(number) => (
            "DELETE FROM representation WHERE person = ?1 AND organisation = ?2",
            number.as_str(),
        ),
        of_staff @ (Role::Operator
        | Role::Officer
        | Role::Support
        | Role::Administrator
        | Role::Auditor) => (
            "DELETE FROM staff WHERE person = ?1 AND role = ?2",
            of_staff.word().unwrap_or_default(),
        ),
    };
    if tx.run(sql, [person.as_str(), number])? == 0 {
        return Ok(Err(ChangeError::NotHeld));
    }
    let role = role.kind();
    tell(tx, person, AuthEvent::RoleTaken { role }, now)
}

fn tell(tx: &Connection, person: &PersonId, event: AuthEvent, now: Timestamp) -> Outcome {
    touch_profiles(tx, ONE, person.as_str())?;
    let entry = NewEntry {
        event,
        person: Some(person.clone()),
        scene: Scene::at(now),
    };
    journal::append(tx, &entry).map(Ok)
}

fn has(db: &Connection, sql: &str, id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(sql)?.exists([id])
}

/// A number that is another's breaks a constraint.
fn unless_taken(written: rusqlite::Result<usize>) -> Outcome {
    match written {
        Ok(_) => Ok(Ok(())),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Ok(Err(ChangeError::Taken))
        }
        Err(error) => Err(error.into()),
    }
}

fn list(db: &Connection, of: Option<&PersonId>) -> Result<Vec<HeldRole>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT person, 'entrepreneur', ogrnip, until FROM entrepreneur
         WHERE ?1 IS NULL OR person = ?1
         UNION ALL
         SELECT person, 'representative', organisation, until FROM representation
         WHERE ?1 IS NULL OR person = ?1
         UNION ALL
         SELECT person, 'staff', role, until FROM staff
         WHERE ?1 IS NULL OR person = ?1
         ORDER BY 1, 2, 3",
    )?;
    let rows = statement.query_map([of.map(PersonId::as_str)], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    rows.map(|row| held(row?)).collect()
}

fn held(
    (person_id, kind, number, until): (String, String, String, Option<i64>),
) -> Result<HeldRole, StoreError> {
    let malformed = |_| StoreError::Malformed("role");
    let role = match kind.as_str() {
        "entrepreneur" => Role::Entrepreneur(number.parse().map_err(malformed)?),
        "staff" => Role::of_staff(&number).ok_or(StoreError::Malformed("role"))?,
        _ => Role::Representative(number.parse().map_err(malformed)?),
    };
    Ok(HeldRole {
        person: person(person_id)?,
        role,
        until: until.map(instant),
    })
}
