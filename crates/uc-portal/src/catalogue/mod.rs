//! The catalogue of public services: data files, checked and published as a delta.
//!
//! The files are embedded; a directory may stand in for them. They are read once, at the start, and compared with what
//! the store published before: what is new or changed gets new places in the sequence, what is gone leaves a tombstone.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::tz::Offset;
use uc_forms::{BrokenRule, FieldFault, Form, verdict::Verdict};
use uc_model::{AgencyId, Answers, ContentHash, RegionId, ServiceId};
use uc_portal_api::{Agency, CatalogueChange, LifeSituation, PublicService, Region};

use crate::agency::Script;

pub mod delta;
mod fault;
mod http;
mod load;
mod records;
mod source;
#[cfg(test)]
mod tests;

pub use fault::CatalogueError;
pub use http::router;
pub use source::Files;

/// The catalogue in memory: what the portal's rules ask of it.
#[derive(Debug)]
pub struct Catalogue {
    services: BTreeMap<ServiceId, ServiceEntry>,
    agencies: BTreeMap<AgencyId, Agency>,
    regions: BTreeMap<RegionId, RegionEntry>,
    life_situations: Vec<LifeSituation>,
    default_script: Arc<Script>,
}

/// A public service with what belongs to it.
#[derive(Debug)]
pub struct ServiceEntry {
    /// What is published.
    pub service: PublicService,
    /// Its form, if it can be applied for here.
    pub form: Option<FormEntry>,
    /// What its agency does, if it has a script of its own.
    script: Option<Arc<Script>>,
}

/// A form, ready to judge answers.
#[derive(Debug)]
pub struct FormEntry {
    /// The version that the portal publishes.
    pub version: u32,
    schema: serde_json::Value,
    layout: serde_json::Value,
    form: Form,
    verdict: Verdict,
}

/// A region and its time.
#[derive(Debug)]
struct RegionEntry {
    region: Region,
    offset: Offset,
}

impl FormEntry {
    /// What is wrong with the answers: by the form's rules, which know what shows when, and by its schema. At most one
    /// fault for a property, ordered by property.
    #[must_use]
    pub fn faults(&self, answers: &Answers) -> Vec<FieldFault> {
        let mut faults: BTreeMap<String, BrokenRule> = BTreeMap::new();
        for fault in self
            .form
            .check(answers)
            .into_iter()
            .chain(self.verdict.faults(answers))
        {
            faults.entry(fault.property).or_insert(fault.rule);
        }
        faults
            .into_iter()
            .map(|(property, rule)| FieldFault { property, rule })
            .collect()
    }

    /// The files that the answers name, with the properties that ask for them.
    #[must_use]
    pub fn files(&self, answers: &Answers) -> Vec<(String, ContentHash)> {
        let named = self.form.files(answers).into_iter();
        named
            .map(|(property, attachment)| (property.to_owned(), attachment.file))
            .collect()
    }
}

impl Catalogue {
    /// Reads and checks the embedded files, or those of `directory`.
    pub fn load(directory: Option<&Path>) -> Result<Self, CatalogueError> {
        load::load(&match directory {
            Some(directory) => Files::read(directory)?,
            None => Files::embedded(),
        })
    }

    /// A public service.
    #[must_use]
    pub fn find_service(&self, id: &ServiceId) -> Option<&ServiceEntry> {
        self.services.get(id)
    }

    /// An agency.
    #[must_use]
    pub fn find_agency(&self, id: &AgencyId) -> Option<&Agency> {
        self.agencies.get(id)
    }

    /// What the agency does with an application for this service; also for one that is no longer published.
    #[must_use]
    pub fn script(&self, service: &ServiceId) -> Arc<Script> {
        let own = self
            .services
            .get(service)
            .and_then(|entry| entry.script.as_ref());
        Arc::clone(own.unwrap_or(&self.default_script))
    }

    /// The time by which the agency of this service counts its days: its region's, else Moscow's.
    #[must_use]
    pub fn offset(&self, service: &PublicService) -> Offset {
        service
            .region
            .as_ref()
            .and_then(|region| self.regions.get(region))
            .map_or(load::MOSCOW, |entry| entry.offset)
    }

    /// Everything that is published, in an order in which each thing comes after those it refers to.
    pub fn publications(&self) -> impl Iterator<Item = CatalogueChange> + '_ {
        let regions = self
            .regions
            .values()
            .map(|entry| CatalogueChange::Region(entry.region.clone()));
        let agencies = self.agencies.values().cloned().map(CatalogueChange::Agency);
        let situations = self
            .life_situations
            .iter()
            .cloned()
            .map(CatalogueChange::LifeSituation);
        let services = self.services.values();
        let forms = self
            .services
            .values()
            .filter_map(ServiceEntry::form_definition);
        regions
            .chain(agencies)
            .chain(situations)
            .chain(services.map(|entry| CatalogueChange::Service(Box::new(entry.service.clone()))))
            .chain(forms.map(|form| CatalogueChange::Form(Box::new(form))))
    }

    /// Takes over the form versions that the store gave out.
    pub fn set_versions(&mut self, versions: &BTreeMap<ServiceId, u32>) {
        for (service, version) in versions {
            let entry = self.services.get_mut(service);
            if let Some(form) = entry.and_then(|entry| entry.form.as_mut()) {
                form.version = *version;
            }
        }
    }
}

impl ServiceEntry {
    fn form_definition(&self) -> Option<uc_portal_api::FormDefinition> {
        self.form
            .as_ref()
            .map(|form| uc_portal_api::FormDefinition {
                service: self.service.id.clone(),
                version: form.version,
                schema: form.schema.clone(),
                layout: form.layout.clone(),
            })
    }
}
