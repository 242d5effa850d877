//! What to publish: the difference between the files and what the store holds. Decided here, written by the store.

use std::collections::{BTreeMap, BTreeSet};

use uc_model::ServiceId;
use uc_portal_api::{CatalogueChange, CatalogueKind};

use crate::fingerprint::Fingerprint;

/// A thing of the catalogue.
pub type Key = (CatalogueKindName, String);

/// A kind as the store writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CatalogueKindName {
    /// [`CatalogueKind::Region`].
    Region,
    /// [`CatalogueKind::Agency`].
    Agency,
    /// [`CatalogueKind::LifeSituation`].
    LifeSituation,
    /// [`CatalogueKind::Service`].
    Service,
    /// [`CatalogueKind::Form`].
    Form,
}

impl CatalogueKindName {
    const ALL: [Self; 5] = [
        Self::Region,
        Self::Agency,
        Self::LifeSituation,
        Self::Service,
        Self::Form,
    ];

    /// Its name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Agency => "agency",
            Self::LifeSituation => "life_situation",
            Self::Service => "service",
            Self::Form => "form",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    const fn wire(self) -> CatalogueKind {
        match self {
            Self::Region => CatalogueKind::Region,
            Self::Agency => CatalogueKind::Agency,
            Self::LifeSituation => CatalogueKind::LifeSituation,
            Self::Service => CatalogueKind::Service,
            Self::Form => CatalogueKind::Form,
        }
    }
}

/// What the store says of a thing it published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The thing.
    pub key: Key,
    /// Of its content, without a form's version; of the last content, when it is gone.
    pub fingerprint: Fingerprint,
    /// A form's version; 0 for others.
    pub version: u32,
    /// A tombstone was published.
    pub gone: bool,
}

/// A change to publish.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// What the store will say of it.
    pub published: Published,
    /// What clients get.
    pub change: CatalogueChange,
}

/// What to do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Changes in the order of their places in the sequence; none when nothing changed.
    pub publications: Vec<Publication>,
    /// Versions of all forms.
    pub versions: BTreeMap<ServiceId, u32>,
}

/// Compares.
#[must_use]
pub fn plan(held: &[Published], now: impl IntoIterator<Item = CatalogueChange>) -> Plan {
    let held: BTreeMap<&Key, &Published> = held.iter().map(|row| (&row.key, row)).collect();
    let mut plan = Plan::default();
    let mut present = BTreeSet::new();
    for mut change in now {
        let Some(key) = key(&change) else {
            continue;
        };
        let before = held.get(&key).copied();
        let fingerprint = content(&change);
        let version = settle_version(&mut change, before, fingerprint, &mut plan.versions);
        let same = before.is_some_and(|row| row.fingerprint == fingerprint && !row.gone);
        present.insert(key.clone());
        if !same {
            let published = Published {
                key,
                fingerprint,
                version,
                gone: false,
            };
            plan.publications.push(Publication { published, change });
        }
    }
    let gone = held
        .values()
        .rev()
        .filter(|row| !row.gone && !present.contains(&row.key));
    plan.publications.extend(gone.map(|row| tombstone(row)));
    plan
}

/// A form keeps its version while its content stays, and gets a greater one otherwise.
fn settle_version(
    change: &mut CatalogueChange,
    before: Option<&Published>,
    fingerprint: Fingerprint,
    versions: &mut BTreeMap<ServiceId, u32>,
) -> u32 {
    let CatalogueChange::Form(form) = change else {
        return 0;
    };
    form.version = match before {
        Some(row) if row.fingerprint == fingerprint => row.version,
        Some(row) => form.version.max(row.version.saturating_add(1)),
        None => form.version,
    };
    versions.insert(form.service.clone(), form.version);
    form.version
}

fn tombstone(row: &Published) -> Publication {
    Publication {
        published: Published {
            gone: true,
            ..row.clone()
        },
        change: CatalogueChange::Deleted {
            kind: row.key.0.wire(),
            id: row.key.1.clone(),
        },
    }
}

/// The thing that a value is of; tombstones are none.
fn key(change: &CatalogueChange) -> Option<Key> {
    match change {
        CatalogueChange::Region(region) => Some((CatalogueKindName::Region, region.id.to_string())),
        CatalogueChange::Agency(agency) => Some((CatalogueKindName::Agency, agency.id.to_string())),
        CatalogueChange::LifeSituation(situation) => {
            Some((CatalogueKindName::LifeSituation, situation.id.to_string()))
        }
        CatalogueChange::Service(service) => {
            Some((CatalogueKindName::Service, service.id.to_string()))
        }
        CatalogueChange::Form(form) => Some((CatalogueKindName::Form, form.service.to_string())),
        CatalogueChange::Deleted { .. } => None,
    }
}

fn content(change: &CatalogueChange) -> Fingerprint {
    match change {
        CatalogueChange::Form(form) => Fingerprint::of("form", &(&form.schema, &form.layout)),
        CatalogueChange::Region(_)
        | CatalogueChange::Agency(_)
        | CatalogueChange::LifeSituation(_)
        | CatalogueChange::Service(_)
        | CatalogueChange::Deleted { .. } => Fingerprint::of("entry", change),
    }
}
