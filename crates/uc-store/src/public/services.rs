//! Public services and the search among them.

use rusqlite::{Row, params};
use uc_model::{AgencyId, LifeSituationId, Money, RegionId, ServiceId};

use crate::{
    PublicTx, PublicView, StoreError,
    search::stems,
    value::{execute, find, read_text, row, rows},
};

/// Popularity takes this many values at the low end of a key.
pub(crate) const POPULARITY_STEP: i64 = 128;

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
         AND (NOT ?4 OR service.has_form)"
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
             popularity, service.key FROM ",
            $($rest),+
        )
    };
}

/// The services of a JSON list of keys, in its order.
pub(crate) const SUMMARY_OF_KEYS: &str =
    summary!("json_each(?) AS asked JOIN service ON service.key = asked.value ORDER BY asked.key");
/// Services that pass the filter, most popular first, after a popularity `?5` and a key `?6`.
pub(crate) const LIST_POPULAR: &str = summary!(
    "service WHERE ",
    passes!(),
    " AND (popularity < ?5 OR (popularity = ?5 AND key > ?6)) ORDER BY popularity DESC, key LIMIT ?7"
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

    /// Whether looking through all services takes less than a millisecond. By the greatest key, which is at hand: counting
    /// would take longer.
    pub(crate) fn is_small(&self) -> Result<bool, StoreError> {
        row(
            self.db,
            "SELECT coalesce(max(key), 0) < ? FROM service",
            [SMALL * POPULARITY_STEP],
            |row| row.get(0),
        )
    }

    /// The whole service, as JSON.
    pub fn find_service_document(&self, id: &ServiceId) -> Result<Option<String>, StoreError> {
        find(
            self.db,
            "SELECT document FROM service_document WHERE id = ?",
            [id.as_str()],
            |row| row.get(0),
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
            summary!("service WHERE has_form ORDER BY popularity DESC, key LIMIT ?"),
            [limit],
            read_summary,
        )
    }
}

impl PublicTx<'_> {
    /// Keeps a service, new or changed, and its words in the search.
    pub fn update_service(&self, service: &Service) -> Result<(), StoreError> {
        let key = self.free_key(service)?;
        let name = &service.name;
        execute(
            self.db,
            "INSERT INTO service (key, id, title, title_en, agency, region, term, fee_kopecks, has_form, popularity)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                key,
                name.id.as_str(),
                name.title,
                name.title_en,
                name.agency.as_str(),
                service.region.as_ref().map(RegionId::as_str),
                service.term,
                service.fee.map(Money::as_kopecks).map(u64::cast_signed),
                service.has_form,
                service.popularity,
            ],
        )?;
        execute(
            self.db,
            "INSERT OR REPLACE INTO service_document (id, document) VALUES (?, ?)",
            params![name.id.as_str(), service.document],
        )?;
        self.link_life_situations(service)?;
        self.index(key, service)
    }

    /// Forgets a service.
    pub fn delete_service(&self, id: &str) -> Result<(), StoreError> {
        self.delete_row(id)?;
        execute(self.db, "DELETE FROM service_document WHERE id = ?", [id])?;
        execute(
            self.db,
            "DELETE FROM service_life_situation WHERE service = ?",
            [id],
        )
        .map(drop)
    }

    /// Takes the old row away, if there is one, and says which key the new one has: the serial number stays.
    fn free_key(&self, service: &Service) -> Result<i64, StoreError> {
        let serial = match self.delete_row(service.name.id.as_str())? {
            Some(key) => key / POPULARITY_STEP,
            None => row(
                self.db,
                "SELECT coalesce(max(key), 0) FROM service",
                [],
                |row| Ok(row.get::<_, i64>(0)? / POPULARITY_STEP + 1),
            )?,
        };
        Ok(serial * POPULARITY_STEP + i64::from(service.popularity).min(POPULARITY_STEP - 1))
    }

    fn delete_row(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let key = find(
            self.db,
            "DELETE FROM service WHERE id = ? RETURNING key",
            [id],
            |row| row.get(0),
        )?;
        if let Some(key) = key {
            execute(self.db, "DELETE FROM search WHERE rowid = ?", [key])?;
        }
        Ok(key)
    }

    fn link_life_situations(&self, service: &Service) -> Result<(), StoreError> {
        let id = service.name.id.as_str();
        execute(
            self.db,
            "DELETE FROM service_life_situation WHERE service = ?",
            [id],
        )?;
        for situation in &service.life_situations {
            execute(
                self.db,
                "INSERT OR IGNORE INTO service_life_situation (life_situation, service) VALUES (?, ?)",
                params![situation.as_str(), id],
            )?;
        }
        Ok(())
    }

    fn index(&self, key: i64, service: &Service) -> Result<(), StoreError> {
        let title = stems::of_text(&service.name.title);
        let keywords = stems::of_text(&service.keywords.join(" "));
        let body = stems::of_text(&service.body);
        for stem in title
            .iter()
            .chain(&keywords)
            .filter(|stem| stems::is_word(stem))
        {
            execute(
                self.db,
                "INSERT OR IGNORE INTO vocabulary (stem) VALUES (?)",
                [stem],
            )?;
        }
        execute(
            self.db,
            "INSERT INTO search (rowid, title, keywords, body) VALUES (?, ?, ?, ?)",
            params![key, title.join(" "), keywords.join(" "), body.join(" ")],
        )
        .map(drop)
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
    })
}
