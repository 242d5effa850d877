//! Tables `proofing` and `scan`.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::{AccountLevel, ContentHash, PersonId};
use uuid::Uuid;

use super::{
    SqliteStore, Statements as _, StoreError, files, instant, journal, limit, messages, people,
    registry::roles_in_force, sign_in::person,
};
use crate::{
    files::Cleaned,
    journal::{AuthEvent, NewEntry, Scene},
    pages::Language,
    proofing::{Decision, Papers, ProofState, Proofing, ScanPage},
    registry::{Power, empowers},
    store::{
        DeskRefusal, DeskReply, NewPapers, NewScan, OpenedProof, Operator, ProofingStore, Reply,
        Ruling, WaitingProof,
    },
};

impl ProofingStore for SqliteStore {
    fn find_proofing(&self, person: PersonId) -> Reply<'_, Option<Proofing>> {
        self.read(move |db| find(db, &person))
    }

    fn save_papers(&self, new: NewPapers) -> Reply<'_, bool> {
        self.write(move |tx| save(tx, &new))
    }

    fn attach_scan(&self, new: NewScan) -> Reply<'_, bool> {
        self.write(move |tx| attach(tx, &new))
    }

    fn send_proofing(&self, person: PersonId, language: Language, scene: Scene) -> Reply<'_, bool> {
        self.write(move |tx| send(tx, &person, language, scene))
    }

    fn find_scan(&self, person: PersonId, page: ScanPage) -> Reply<'_, Option<Cleaned>> {
        self.read(move |db| scan(db, &person, page))
    }

    fn list_waiting(&self, operator: Operator, rows: usize) -> DeskReply<'_, Vec<WaitingProof>> {
        self.read(move |db| {
            if !may_confirm(db, &operator)? {
                return Ok(Err(DeskRefusal::NotEmpowered));
            }
            list(db, &operator, rows).map(Ok)
        })
    }

    fn open_waiting(&self, operator: Operator, id: Uuid) -> DeskReply<'_, OpenedProof> {
        self.write(move |tx| {
            let seen = see(tx, &operator, id)?;
            if let Ok(opened) = &seen {
                let event = AuthEvent::DocumentsOpened {
                    by: operator.person,
                };
                tell(tx, &opened.profile.id, event, Scene::at(operator.now))?;
            }
            Ok(seen)
        })
    }

    fn find_waiting(&self, operator: Operator, id: Uuid) -> DeskReply<'_, OpenedProof> {
        self.read(move |db| see(db, &operator, id))
    }

    fn find_waiting_scan(
        &self,
        operator: Operator,
        id: Uuid,
        page: ScanPage,
    ) -> DeskReply<'_, Cleaned> {
        self.read(move |db| {
            let (person, _) = match waiting(db, &operator, id)? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            Ok(scan(db, &person, page)?.ok_or(DeskRefusal::Gone))
        })
    }

    fn decide(&self, ruling: Ruling) -> DeskReply<'_, ()> {
        self.write(move |tx| decide(tx, &ruling))
    }
}

fn find(db: &Connection, person: &PersonId) -> Result<Option<Proofing>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT id, state, papers, reason, sent_at FROM proofing WHERE person = ?1",
        )?
        .query_row([person.as_str()], |row| Ok(read(row)))
        .optional()?;
    let Some(found) = found else {
        return Ok(None);
    };
    let scans = pages(db, person)?;
    Ok(Some(Proofing { scans, ..found? }))
}

/// All but the scans.
fn read(row: &Row<'_>) -> Result<Proofing, StoreError> {
    let (id, state, papers): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Proofing {
        id: Uuid::try_parse(&id).map_err(|_| StoreError::Malformed("proofing id"))?,
        state: ProofState::read(&state).ok_or(StoreError::Malformed("proofing state"))?,
        papers: serde_json::from_str(&papers).map_err(|_| StoreError::Malformed("papers"))?,
        scans: Vec::new(),
        reason: row.get(3)?,
        sent_at: row.get::<_, Option<i64>>(4)?.map(instant),
    })
}

fn pages(db: &Connection, person: &PersonId) -> Result<Vec<ScanPage>, StoreError> {
    let mut statement = db.prepare_cached("SELECT page FROM scan WHERE person = ?1")?;
    let pages = statement.query_map([person.as_str()], |row| row.get::<_, String>(0))?;
    pages
        .map(|page| ScanPage::read(&page?).ok_or(StoreError::Malformed("scan page")))
        .collect()
}

fn scan(db: &Connection, person: &PersonId, page: ScanPage) -> Result<Option<Cleaned>, StoreError> {
    let hash: Option<[u8; 32]> = db
        .prepare_cached("SELECT content_hash FROM scan WHERE person = ?1 AND page = ?2")?
        .query_row([person.as_str(), page.as_str()], |row| row.get(0))
        .optional()?;
    match hash {
        Some(hash) => files::find(db, person, ContentHash(hash)),
        None => Ok(None),
    }
}

/// Whether the person may change what they say. Who has said nothing may, unless their account is confirmed.
fn is_open(tx: &Connection, person: &PersonId) -> Result<bool, StoreError> {
    if people::level(tx, person)? == AccountLevel::Confirmed {
        return Ok(false);
    }
    let found = find(tx, person)?;
    Ok(found.is_none_or(|proofing| proofing.state.is_open()))
}

fn save(tx: &Connection, new: &NewPapers) -> Result<bool, StoreError> {
    if !is_open(tx, &new.person)? {
        return Ok(false);
    }
    let papers = serde_json::to_string(&new.papers).map_err(|_| StoreError::Malformed("papers"))?;
    // What was to be changed stays in sight until it is sent again.
    tx.run(
        "INSERT INTO proofing (person, id, state, papers) VALUES (?1, ?2, 'filling', ?3)
         ON CONFLICT (person) DO UPDATE SET id = excluded.id, papers = excluded.papers",
        params![new.person.as_str(), new.id.to_string(), papers],
    )?;
    if people::level(tx, &new.person)? < AccountLevel::Standard {
        people::set_level(tx, &new.person, AccountLevel::Standard, new.scene.at)?;
    }
    tell(tx, &new.person, AuthEvent::PapersGiven, new.scene)?;
    Ok(true)
}

fn attach(tx: &Connection, new: &NewScan) -> Result<bool, StoreError> {
    if !is_open(tx, &new.person)? {
        return Ok(false);
    }
    let person = new.person.as_str();
    let changed = tx.run(
        "UPDATE proofing SET id = ?2 WHERE person = ?1",
        params![person, new.id.to_string()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    tx.run(
        "INSERT INTO scan (person, page, content_hash) VALUES (?1, ?2, ?3)
         ON CONFLICT (person, page) DO UPDATE SET content_hash = excluded.content_hash",
        params![person, new.page.as_str(), new.hash.0],
    )?;
    Ok(true)
}

fn send(
    tx: &Connection,
    person: &PersonId,
    language: Language,
    scene: Scene,
) -> Result<bool, StoreError> {
    if !find(tx, person)?.is_some_and(|proofing| proofing.is_ready()) {
        return Ok(false);
    }
    tx.run(
        "UPDATE proofing SET state = 'waiting', reason = NULL, sent_at = ?2, language = ?3
         WHERE person = ?1",
        params![person.as_str(), scene.at.as_millisecond(), language.tag()],
    )?;
    tell(tx, person, AuthEvent::DocumentsSent, scene)?;
    Ok(true)
}

fn may_confirm(db: &Connection, operator: &Operator) -> Result<bool, StoreError> {
    let roles = roles_in_force(db, &operator.person, operator.now)?;
    Ok(empowers(&roles, Power::ConfirmDocuments))
}

fn list(
    db: &Connection,
    operator: &Operator,
    rows: usize,
) -> Result<Vec<WaitingProof>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id, sent_at FROM proofing WHERE state = 'waiting' AND person <> ?1
         ORDER BY sent_at LIMIT ?2",
    )?;
    let found = statement.query_map(params![operator.person.as_str(), limit(rows)], |row| {
        Ok((row.get::<_, String>(0)?, instant(row.get(1)?)))
    })?;
    found
        .map(|row| {
            let (id, since) = row?;
            let id = Uuid::try_parse(&id).map_err(|_| StoreError::Malformed("proofing id"))?;
            Ok(WaitingProof { id, since })
        })
        .collect()
}

/// Whose it is that waits under this id, for an operator who may look at it.
fn waiting(
    db: &Connection,
    operator: &Operator,
    id: Uuid,
) -> Result<Result<(PersonId, Language), DeskRefusal>, StoreError> {
    if !may_confirm(db, operator)? {
        return Ok(Err(DeskRefusal::NotEmpowered));
    }
    let found: Option<(String, Option<String>)> = db
        .prepare_cached(
            "SELECT person, language FROM proofing WHERE id = ?1 AND state = 'waiting'",
        )?
        .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((whose, language)) = found else {
        return Ok(Err(DeskRefusal::Gone));
    };
    let whose = person(whose)?;
    if whose == operator.person {
        return Ok(Err(DeskRefusal::Own));
    }
    let language = Language::first_of(language.as_deref()).unwrap_or_default();
    Ok(Ok((whose, language)))
}

fn see(
    db: &Connection,
    operator: &Operator,
    id: Uuid,
) -> Result<Result<OpenedProof, DeskRefusal>, StoreError> {
    let (person, language) = match waiting(db, operator, id)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (profile, proofing) = (people::find_profile(db, &person)?, find(db, &person)?);
    let (Some(profile), Some(proofing)) = (profile, proofing) else {
        return Ok(Err(DeskRefusal::Gone));
    };
    Ok(Ok(OpenedProof {
        profile,
        proofing,
        language,
    }))
}

fn decide(tx: &Connection, ruling: &Ruling) -> Result<Result<(), DeskRefusal>, StoreError> {
    let operator = &ruling.operator;
    let (person, _) = match waiting(tx, operator, ruling.id)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let by = operator.person.clone();
    let (state, reason, event) = match &ruling.decision {
        Decision::Confirm => {
            if !confirm(tx, &person, operator)? {
                return Ok(Err(DeskRefusal::NumberTaken));
            }
            let event = AuthEvent::DocumentsConfirmed { by };
            (ProofState::Confirmed, None, event)
        }
        Decision::Return { reason } => {
            let event = AuthEvent::DocumentsReturned { by };
            (ProofState::Returned, Some(reason), event)
        }
    };
    tx.run(
        "UPDATE proofing SET state = ?2, reason = ?3, decided_at = ?4, decided_by = ?5
         WHERE person = ?1",
        params![
            person.as_str(),
            state.as_str(),
            reason,
            operator.now.as_millisecond(),
            operator.person.as_str(),
        ],
    )?;
    tell(tx, &person, event, Scene::at(operator.now))?;
    if let Some(notice) = &ruling.notice {
        messages::insert(tx, notice)?;
    }
    Ok(Ok(()))
}

/// What was said becomes what the portal knows; false when a number is another's.
fn confirm(tx: &Connection, person: &PersonId, operator: &Operator) -> Result<bool, StoreError> {
    let Some(Proofing { papers, .. }) = find(tx, person)? else {
        return Ok(false);
    };
    if is_anothers(tx, person, &papers)? {
        return Ok(false);
    }
    people::keep_papers(tx, person, &papers, operator.now)?;
    people::set_level(tx, person, AccountLevel::Confirmed, operator.now)?;
    Ok(true)
}

/// Nobody has two accounts that are confirmed.
fn is_anothers(tx: &Connection, person: &PersonId, papers: &Papers) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached("SELECT 1 FROM person WHERE snils = ?1 AND id <> ?2")?
        .exists([papers.snils.as_str(), person.as_str()])?)
}

fn tell(
    tx: &Connection,
    person: &PersonId,
    event: AuthEvent,
    scene: Scene,
) -> Result<(), StoreError> {
    let entry = NewEntry {
        event,
        person: Some(person.clone()),
        scene,
    };
    journal::append(tx, &entry)
}
