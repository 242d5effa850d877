//! Table `person`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::{AccountLevel, PersonId, SecretString};
use uc_portal_api::PersonProfile;

use super::{SqliteStore, Statements as _, StoreError, journal, messages, registry};
use crate::{
    journal::{AuthEvent, NewEntry},
    proofing::Papers,
    store::{Account, LoginName, NewEmail, NewPerson, PersonStore, Reply},
};

impl PersonStore for SqliteStore {
    fn find_account(&self, name: LoginName) -> Reply<'_, Option<Account>> {
        self.read(move |db| {
            let found: Option<(String, String)> = db
                .prepare_cached(
                    "SELECT id, password_hash FROM person
                     WHERE phone = ?1 OR email = ?2 OR snils = ?3 LIMIT 1",
                )?
                .query_row(
                    params![
                        name.phone.as_ref().map(uc_model::Phone::as_str),
                        name.email,
                        name.snils.as_ref().map(uc_model::Snils::as_str),
                    ],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            found.map(account).transpose()
        })
    }

    fn find_account_of(&self, person: PersonId) -> Reply<'_, Option<Account>> {
        self.read(move |db| {
            let found: Option<(String, String)> = db
                .prepare_cached("SELECT id, password_hash FROM person WHERE id = ?1")?
                .query_row([person.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            found.map(account).transpose()
        })
    }

    fn replace_password_hash(
        &self,
        person: PersonId,
        old: SecretString,
        new: SecretString,
    ) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute(
                "UPDATE person SET password_hash = ?3 WHERE id = ?1 AND password_hash = ?2",
                params![person.as_str(), old.expose(), new.expose()],
            )?;
            Ok(())
        })
    }

    fn find_profile(&self, person: PersonId) -> Reply<'_, Option<PersonProfile>> {
        self.read(move |db| find_profile(db, &person))
    }

    fn replace_email(&self, new: NewEmail) -> Reply<'_, bool> {
        self.write(move |tx| replace_email(tx, new))
    }

    fn find_whole_profile(&self, person: PersonId) -> Reply<'_, Option<PersonProfile>> {
        self.read(move |db| find_whole_profile(db, &person))
    }

    fn insert_person(&self, person: NewPerson, now: Timestamp) -> Reply<'_, bool> {
        self.write(move |tx| insert(tx, &person, now))
    }
}

/// A person's profile.
pub(super) fn find_profile(
    db: &Connection,
    person: &PersonId,
) -> Result<Option<PersonProfile>, StoreError> {
    let found: Option<(String, String)> = db
        .prepare_cached("SELECT profile, account_level FROM person WHERE id = ?1")?
        .query_row([person.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found.map(profile).transpose()
}

/// A person's profile as they are told it: with whom they may act for.
pub(super) fn find_whole_profile(
    db: &Connection,
    person: &PersonId,
) -> Result<Option<PersonProfile>, StoreError> {
    let Some(profile) = find_profile(db, person)? else {
        return Ok(None);
    };
    let names = [
        Some(profile.last_name.as_str()),
        Some(profile.first_name.as_str()),
        profile.middle_name.as_deref(),
    ];
    let name: Vec<&str> = names.into_iter().flatten().collect();
    let capacities = registry::capacities(db, person, &name.join(" "))?;
    Ok(Some(PersonProfile {
        capacities,
        ..profile
    }))
}

/// Adds a person; false when the id or a sign-in name is somebody's.
pub(super) fn insert(
    tx: &Connection,
    person: &NewPerson,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let profile = &person.profile;
    let text = serde_json::to_string(profile).map_err(|_| StoreError::Malformed("profile"))?;
    let rows = tx.execute(
        "INSERT INTO person (id, phone, email, snils, password_hash, profile, updated_at, account_level,
             phone_confirmed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        params![
            profile.id.as_str(),
            profile.phone.as_ref().map(uc_model::Phone::as_str),
            profile.email.as_deref().map(str::to_lowercase),
            profile.snils.as_ref().map(uc_model::Snils::as_str),
            person.password_hash.expose(),
            text,
            now.as_millisecond(),
            profile.level.as_str(),
            person.is_phone_confirmed.then(|| now.as_millisecond()),
        ],
    )?;
    Ok(rows == 1)
}

/// How well an account is known to be its person's, in the transaction that depends on it.
pub(super) fn level(db: &Connection, person: &PersonId) -> Result<AccountLevel, StoreError> {
    let text: String = db
        .prepare_cached("SELECT account_level FROM person WHERE id = ?1")?
        .query_row([person.as_str()], |row| row.get(0))?;
    read_level(&text)
}

/// Raises or lowers an account.
pub(super) fn set_level(
    tx: &Connection,
    person: &PersonId,
    level: AccountLevel,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "UPDATE person SET account_level = ?2, updated_at = ?3 WHERE id = ?1",
        params![person.as_str(), level.as_str(), now.as_millisecond()],
    )?;
    Ok(())
}

/// Documents that were confirmed become part of the profile, and СНИЛС a sign-in name.
pub(super) fn keep_papers(
    tx: &Connection,
    person: &PersonId,
    papers: &Papers,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = find_profile(tx, person)?.ok_or(StoreError::Malformed("profile"))?;
    let profile = PersonProfile {
        snils: Some(papers.snils.clone()),
        inn: papers.inn.clone().or(known.inn),
        passport_number: Some(papers.passport.clone()),
        passport_issued_on: Some(papers.issued_on),
        passport_issued_by: Some(papers.issued_by.clone()),
        passport_division_code: Some(papers.division_code.as_str().to_owned()),
        ..known
    };
    let text = serde_json::to_string(&profile).map_err(|_| StoreError::Malformed("profile"))?;
    tx.run(
        "UPDATE person SET profile = ?2, snils = ?3, updated_at = ?4 WHERE id = ?1",
        params![
            person.as_str(),
            text,
            papers.snils.as_str(),
            now.as_millisecond()
        ],
    )?;
    Ok(())
}

fn replace_email(tx: &Connection, new: NewEmail) -> Result<bool, StoreError> {
    let known = find_profile(tx, &new.person)?.ok_or(StoreError::Malformed("profile"))?;
    let profile = PersonProfile {
        email: Some(new.address.clone()),
        ..known
    };
    let text = serde_json::to_string(&profile).map_err(|_| StoreError::Malformed("profile"))?;
    let rows = tx.run(
        "UPDATE OR IGNORE person SET email = ?2, profile = ?3, updated_at = ?4 WHERE id = ?1",
        params![
            new.person.as_str(),
            new.address,
            text,
            new.scene.at.as_millisecond()
        ],
    )?;
    if rows == 0 {
        return Ok(false);
    }
    for notice in &new.notices {
        messages::insert(tx, notice)?;
    }
    let entry = NewEntry {
        event: AuthEvent::EmailReplaced,
        person: Some(new.person),
        scene: new.scene,
    };
    journal::append(tx, &entry)?;
    Ok(true)
}

fn read_level(text: &str) -> Result<AccountLevel, StoreError> {
    AccountLevel::read(text).ok_or(StoreError::Malformed("account level"))
}

/// The level is kept beside what a person says of themselves.
fn profile((text, level): (String, String)) -> Result<PersonProfile, StoreError> {
    let profile: PersonProfile =
        serde_json::from_str(&text).map_err(|_| StoreError::Malformed("profile"))?;
    Ok(PersonProfile {
        level: read_level(&level)?,
        ..profile
    })
}

fn account((id, password_hash): (String, String)) -> Result<Account, StoreError> {
    Ok(Account {
        person: id
            .try_into()
            .map_err(|_| StoreError::Malformed("person id"))?,
        password_hash: password_hash.into(),
    })
}
