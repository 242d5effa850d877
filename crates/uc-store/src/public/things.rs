//! Agencies, regions, life situations and forms.

use rusqlite::{Row, params};
use serde_json::Value;
use uc_model::{AgencyId, Level, LifeSituationId, RegionId, ServiceId};

use crate::{
    PublicTx, PublicView, StoreError,
    value::{execute, find, name, read_json, read_name, read_text, rows},
};

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// The name people use.
    pub short: String,
    /// Its full name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// Where it stands.
    pub level: Level,
    /// Its region; absent for federal ones.
    pub region: Option<RegionId>,
}

/// A region or municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its id.
    pub id: RegionId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// A municipality.
    pub municipality: bool,
}

/// A life situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeSituation {
    /// Its id.
    pub id: LifeSituationId,
    /// Its name.
    pub title: String,
    /// The name in English.
    pub title_en: String,
    /// A Lucide icon's name.
    pub icon: String,
    /// Place among the others.
    pub position: u16,
}

/// A form as the portal published it.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// What it applies for.
    pub service: ServiceId,
    /// Its version.
    pub version: u32,
    /// JSON Schema.
    pub schema: Value,
    /// JSON Forms layout.
    pub layout: Value,
}

impl PublicView<'_> {
    /// The agency, if it is known.
    pub fn find_agency(&self, id: &AgencyId) -> Result<Option<Agency>, StoreError> {
        find(
            self.db,
            "SELECT id, short, title, title_en, level, region FROM agency WHERE id = ?",
            [id.as_str()],
            read_agency,
        )
    }

    /// Agencies that render services, by short name, with their numbers of services.
    pub fn list_agencies(&self) -> Result<Vec<(Agency, u32)>, StoreError> {
        rows(
            self.db,
            "SELECT id, short, title, title_en, level, region, services FROM agency
             JOIN (SELECT agency, count(*) AS services FROM service GROUP BY agency) ON agency = id
             ORDER BY short",
            [],
            |row| Ok((read_agency(row)?, row.get(6)?)),
        )
    }

    /// Regions that have services of their own, by name, with their numbers of services.
    pub fn list_regions(&self) -> Result<Vec<(Region, u32)>, StoreError> {
        rows(
            self.db,
            "SELECT id, title, title_en, municipality, services FROM region
             JOIN (SELECT region, count(*) AS services FROM service WHERE region IS NOT NULL GROUP BY region) AS own
               ON own.region = id
             ORDER BY municipality, title",
            [],
            |row| Ok((read_region(row)?, row.get(4)?)),
        )
    }

    /// Life situations in their order, with their numbers of services.
    pub fn list_life_situations(&self) -> Result<Vec<(LifeSituation, u32)>, StoreError> {
        rows(
            self.db,
            "SELECT id, title, title_en, icon, position,
               (SELECT count(*) FROM service_life_situation WHERE life_situation = life_situation.id)
             FROM life_situation ORDER BY position, id",
            [],
            |row| Ok((read_life_situation(row)?, row.get(5)?)),
        )
    }

    /// The form by which a service is applied for, if there is one.
    pub fn find_form(&self, service: &ServiceId) -> Result<Option<Form>, StoreError> {
        let found = find(
            self.db,
            "SELECT version, document FROM form WHERE service = ?",
            [service.as_str()],
            |row| Ok((row.get(0)?, read_json::<[Value; 2]>(row, 1)?)),
        )?;
        Ok(found.map(|(version, [schema, layout])| Form {
            service: service.clone(),
            version,
            schema,
            layout,
        }))
    }
}

impl PublicTx<'_> {
    /// Keeps an agency, new or changed.
    pub fn update_agency(&self, agency: &Agency) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR REPLACE INTO agency (id, short, title, title_en, level, region) VALUES (?, ?, ?, ?, ?, ?)",
            params![
                agency.id.as_str(),
                agency.short,
                agency.title,
                agency.title_en,
                name(agency.level)?,
                agency.region.as_ref().map(RegionId::as_str),
            ],
        )
        .map(drop)
    }

    /// Keeps a region, new or changed.
    pub fn update_region(&self, region: &Region) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR REPLACE INTO region (id, title, title_en, municipality) VALUES (?, ?, ?, ?)",
            params![
                region.id.as_str(),
                region.title,
                region.title_en,
                region.municipality
            ],
        )
        .map(drop)
    }

    /// Keeps a life situation, new or changed.
    pub fn update_life_situation(&self, situation: &LifeSituation) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR REPLACE INTO life_situation (id, title, title_en, icon, position) VALUES (?, ?, ?, ?, ?)",
            params![
                situation.id.as_str(),
                situation.title,
                situation.title_en,
                situation.icon,
                situation.position
            ],
        )
        .map(drop)
    }

    /// Keeps a form, new or changed.
    pub fn update_form(&self, form: &Form) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR REPLACE INTO form (service, version, document) VALUES (?, ?, ?)",
            params![
                form.service.as_str(),
                form.version,
                serde_json::to_string(&[&form.schema, &form.layout])?,
            ],
        )
        .map(drop)
    }

    /// Forgets an agency. What is not known is forgotten already.
    pub fn delete_agency(&self, id: &str) -> Result<(), StoreError> {
        execute(self.db, "DELETE FROM agency WHERE id = ?", [id]).map(drop)
    }

    /// Forgets a region.
    pub fn delete_region(&self, id: &str) -> Result<(), StoreError> {
        execute(self.db, "DELETE FROM region WHERE id = ?", [id]).map(drop)
    }

    /// Forgets a life situation.
    pub fn delete_life_situation(&self, id: &str) -> Result<(), StoreError> {
        execute(self.db, "DELETE FROM life_situation WHERE id = ?", [id]).map(drop)
    }

    /// Forgets a form.
    pub fn delete_form(&self, service: &str) -> Result<(), StoreError> {
        execute(self.db, "DELETE FROM form WHERE service = ?", [service]).map(drop)
    }

    /// Forgets the whole catalogue and how far it was known: the portal begins anew.
    pub fn delete_catalogue(&self) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM agency",
            "DELETE FROM region",
            "DELETE FROM life_situation",
            "DELETE FROM form",
            "DELETE FROM search",
            "DELETE FROM vocabulary",
            "DELETE FROM service_life_situation",
            "DELETE FROM service_document",
            "DELETE FROM service",
            "DELETE FROM catalogue_cursor",
        ] {
            execute(self.db, sql, [])?;
        }
        Ok(())
    }
}

fn read_agency(row: &Row<'_>) -> rusqlite::Result<Agency> {
    Ok(Agency {
        id: read_text(row, 0)?,
        short: row.get(1)?,
        title: row.get(2)?,
        title_en: row.get(3)?,
        level: read_name(row, 4)?,
        region: row
            .get::<_, Option<String>>(5)?
            .map(|_| read_text(row, 5))
            .transpose()?,
    })
}

fn read_region(row: &Row<'_>) -> rusqlite::Result<Region> {
    Ok(Region {
        id: read_text(row, 0)?,
        title: row.get(1)?,
        title_en: row.get(2)?,
        municipality: row.get(3)?,
    })
}

fn read_life_situation(row: &Row<'_>) -> rusqlite::Result<LifeSituation> {
    Ok(LifeSituation {
        id: read_text(row, 0)?,
        title: row.get(1)?,
        title_en: row.get(2)?,
        icon: row.get(3)?,
        position: row.get(4)?,
    })
}
