//! Public services and the search among them.

use std::collections::BTreeMap;

use rusqlite::{Row, params};
use uc_model::{AgencyId, Audience, LifeSituationId, Marks, Money, RegionId, ServiceId};

use super::key::Key;
use crate::{
    PublicTx, PublicView, StoreError,
    search::lexicon::Lexicon,
    value::{execute, find, read_text, row, rows},
};

/// Fewer services are looked through in less time than it takes to wake a thread twice over.
const SMALL: i64 = 20_000;

/// A public service as it is kept: columns for lists, words for the search, the rest as the portal wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// What lists show.
    pub name: ServiceName,
    /// The region or municipality; absent for federal ones.
    pub region: Option<RegionId>,
    /// The term in words.
    pub term: Option<String>,
    /// What it costs.
    pub fee: Option<Money>,
    /// It can be applied for here.
    pub has_form: bool,
    /// 1 to 100.
    pub popularity: u8,
    /// Whom it is for.
    pub audience: Vec<Audience>,
    /// Life situations that it belongs to.
    pub life_situations: Vec<LifeSituationId>,
    /// Other words that people use for it, and its name in English.
    pub keywords: Vec<String>,
    /// Text that is searched with less weight.
    pub body: String,
    /// The whole service, as JSON.
    pub document: String,
}

/// A service's name and agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceName {
    /// Its id.
    pub id: ServiceId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// The agency.
    pub agency: AgencyId,
}

/// A service in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceSummary {
    /// Its id.
    pub id: ServiceId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// The agency's short name, or its id while the agency is not known.
    pub agency: String,
    /// The region's name.
    pub region: Option<String>,
    /// The term in words.
    pub term: Option<String>,
    /// What it costs.
    pub fee: Option<Money>,
    /// It can be applied for here.
    pub has_form: bool,
    /// What a search found of its names; nothing in other lists.
    pub marks: Marks,
}

/// Narrows a list of services; what is absent does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServiceFilter {
    /// Only of this life situation.
    pub life_situation: Option<LifeSituationId>,
    /// Only of this agency.
    pub agency: Option<AgencyId>,
    /// Only of this region.
    pub region: Option<RegionId>,
    /// Only those with a form.
    pub with_form: bool,
    /// Only those for these.
    pub audience: Option<Audience>,
}

impl ServiceFilter {
    /// Nothing is narrowed.
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// Holds where a service passes the filter: `?1` life situation, `?2` agency, `?3` region, `?4` with a form only.
macro_rules! passes {
    () => {
        "(?1 IS NULL OR service.id IN
            (SELECT service FROM service_life_situation WHERE life_situation = ?1))
         AND (?2 IS NULL OR service.agency = ?2)
         AND (?3 IS NULL OR service.region = ?3)
         AND (NOT ?4 OR service.has_form)
         AND (?5 IS NULL OR service.audience & ?5)"
    };
}
pub(crate) use passes;

/// What [`read_summary`] reads, of the services that the rest of the statement tells.
macro_rules! summary {
    ($($rest:expr),+) => {
        concat!(
            "SELECT service.id, service.title, service.title_en,
             coalesce((SELECT short FROM agency WHERE agency.id = service.agency), service.agency),
             (SELECT title FROM region WHERE region.id = service.region), term, fee_kopecks, has_form,
             service.key FROM ",
            $($rest),+
        )
    };
}

/// The services of a JSON list of keys, in its order.
pub(crate) const SUMMARY_OF_KEYS: &str =
    summary!("json_each(?) AS asked JOIN service ON service.key = asked.value ORDER BY asked.key");
/// Services that pass the filter, most popular first, after a key `?5`.
pub(crate) const LIST_POPULAR: &str = summary!(
    "service WHERE ",
    passes!(),
    " AND service.key > ?6 ORDER BY service.key LIMIT ?7"
);
/// How many services pass the filter.
pub(crate) const COUNT_PASSING: &str = concat!("SELECT count(*) FROM service WHERE ", passes!());

impl PublicView<'_> {
    /// Services known.
    pub fn count_services(&self) -> Result<u32, StoreError> {
        row(self.db, "SELECT count(*) FROM service", [], |row| {
            row.get(0)
        })
    }

    /// Whether looking through all services takes less than a millisecond. By the greatest serial number, which is at
    /// hand: counting would take longer.
    pub(crate) fn is_small(&self) -> Result<bool, StoreError> {
        row(
            self.db,
            "SELECT coalesce(max(serial), 0) < ? FROM service_document",
            [SMALL],
            |row| row.get(0),
        )
    }

    /// The whole service, as JSON.
    pub fn find_service_document(&self, id: &ServiceId) -> Result<Option<String>, StoreError> {
        let Some(key) = self.find_key(id.as_str())? else {
            return Ok(None);
        };
        find(
            self.db,
            "SELECT document FROM service_document WHERE serial = ?",
            [key.serial()],
            |row| row.get(0),
        )
    }

    fn find_key(&self, id: &str) -> Result<Option<Key>, StoreError> {
        find(
            self.db,
            "SELECT key FROM service WHERE id = ?",
            [id],
            |row| Ok(Key(row.get(0)?)),
        )
    }

    /// What a list shows of a service.
    pub fn find_service(&self, id: &ServiceId) -> Result<Option<ServiceSummary>, StoreError> {
        find(
            self.db,
            summary!("service WHERE service.id = ?"),
            [id.as_str()],
            read_summary,
        )
    }

    /// A service's name and agency.
    pub fn find_service_name(&self, id: &ServiceId) -> Result<Option<ServiceName>, StoreError> {
        find(
            self.db,
            "SELECT id, title, title_en, agency FROM service WHERE id = ?",
            [id.as_str()],
            |row| {
                Ok(ServiceName {
                    id: read_text(row, 0)?,
                    title: row.get(1)?,
                    title_en: row.get(2)?,
                    agency: read_text(row, 3)?,
                })
            },
        )
    }

    /// The most popular services that can be applied for here.
    pub fn list_popular_services(&self, limit: u32) -> Result<Vec<ServiceSummary>, StoreError> {
        rows(
            self.db,
            summary!("service WHERE has_form ORDER BY service.key LIMIT ?"),
            [limit],
            read_summary,
        )
    }
}

impl PublicTx<'_> {
    /// Keeps services, new or changed, and their words in the search; of one that comes twice, the later. The index takes
    /// them in the order of their keys: with each one out of order it would write out all that it holds.
    pub fn update_services<'s>(
        &self,
        services: impl IntoIterator<Item = &'s Service>,
    ) -> Result<(), StoreError> {
        let mut unindexed = BTreeMap::new();
        let mut free = self.free_serial()?;
        for service in services {
            let (key, before) = self.update_row(service, &mut free)?;
            if let Some(before) = before
                && unindexed.remove(&before).is_none()
            {
                self.unindex(before)?;
            }
            unindexed.insert(key, service);
        }
        self.index(&unindexed)
    }

    /// Keeps a service's row, under the serial number that it has or the first free one; its key, and the one that it had.
    fn update_row(
        &self,
        service: &Service,
        free: &mut i64,
    ) -> Result<(Key, Option<Key>), StoreError> {
        let before = self.delete_row(service.name.id.as_str())?;
        let serial = before.map_or(*free, Key::serial);
        let key = Key::new(service.popularity, serial);
        self.insert_row(key, service)?;
        execute(
            self.db,
            "INSERT OR REPLACE INTO service_document (serial, document) VALUES (?, ?)",
            params![serial, service.document],
        )?;
        match before {
            Some(_) => self.unlink_life_situations(service.name.id.as_str())?,
            None => *free += 1,
        }
        self.link_life_situations(service)?;
        Ok((key, before))
    }

    fn insert_row(&self, key: Key, service: &Service) -> Result<(), StoreError> {
        let name = &service.name;
        execute(
            self.db,
            "INSERT INTO service (key, id, title, title_en, agency, region, term, fee_kopecks, has_form,
               audience)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                key.0,
                name.id.as_str(),
                name.title,
                name.title_en,
                name.agency.as_str(),
                service.region.as_ref().map(RegionId::as_str),
                service.term,
                service.fee.map(Money::as_kopecks).map(u64::cast_signed),
                service.has_form,
                service.audience.iter().fold(0, |bits, audience| bits | bit(*audience)),
            ],
        )
        .map(drop)
    }

    /// Forgets a service.
    pub fn delete_service(&self, id: &str) -> Result<(), StoreError> {
        let Some(key) = self.delete_row(id)? else {
            return Ok(());
        };
        self.unindex(key)?;
        execute(
            self.db,
            "DELETE FROM service_document WHERE serial = ?",
            [key.serial()],
        )?;
        self.unlink_life_situations(id)
    }

    /// The first serial number that no service has.
    fn free_serial(&self) -> Result<i64, StoreError> {
        row(
            self.db,
            "SELECT coalesce(max(serial), 0) + 1 FROM service_document",
            [],
            |row| row.get(0),
        )
    }

    fn delete_row(&self, id: &str) -> Result<Option<Key>, StoreError> {
        find(
            self.db,
            "DELETE FROM service WHERE id = ? RETURNING key",
            [id],
            |row| Ok(Key(row.get(0)?)),
        )
    }

    fn unindex(&self, key: Key) -> Result<(), StoreError> {
        execute(self.db, "DELETE FROM search WHERE rowid = ?", [key.0]).map(drop)
    }

    fn unlink_life_situations(&self, id: &str) -> Result<(), StoreError> {
        execute(
            self.db,
            "DELETE FROM service_life_situation WHERE service = ?",
            [id],
        )
        .map(drop)
    }

    fn link_life_situations(&self, service: &Service) -> Result<(), StoreError> {
        let id = service.name.id.as_str();
        for situation in &service.life_situations {
            execute(
                self.db,
                "INSERT OR IGNORE INTO service_life_situation (life_situation, service) VALUES (?, ?)",
                params![situation.as_str(), id],
            )?;
        }
        Ok(())
    }

    fn index(&self, services: &BTreeMap<Key, &Service>) -> Result<(), StoreError> {
        let mut lexicon = Lexicon::default();
        for (key, service) in services {
            let title = lexicon.read_names([service.name.title.as_str()]);
            let keywords = lexicon.read_names(service.keywords.iter().map(String::as_str));
            let body = lexicon.read(&service.body);
            execute(
                self.db,
                "INSERT INTO search (rowid, title, keywords, body) VALUES (?, ?, ?, ?)",
                params![key.0, title, keywords, body],
            )?;
        }
        lexicon.vocabulary().into_iter().try_for_each(|stem| {
            let keep = "INSERT OR IGNORE INTO vocabulary (stem) VALUES (?)";
            execute(self.db, keep, [stem]).map(drop)
        })
    }
}

/// How whom a service is for stands in the column.
pub(crate) const fn bit(audience: Audience) -> i64 {
    match audience {
        Audience::Citizen => 1,
        Audience::Entrepreneur => 2,
        Audience::Organisation => 4,
    }
}

pub(crate) fn read_summary(row: &Row<'_>) -> rusqlite::Result<ServiceSummary> {
    Ok(ServiceSummary {
        id: read_text(row, 0)?,
        title: row.get(1)?,
        title_en: row.get(2)?,
        agency: row.get(3)?,
        region: row.get(4)?,
        term: row.get(5)?,
        fee: row
            .get::<_, Option<i64>>(6)?
            .map(|kopecks| Money::from_kopecks(kopecks.cast_unsigned())),
        has_form: row.get(7)?,
        marks: Marks::default(),
    })
}
