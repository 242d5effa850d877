//! What the portal's changes are to the store.

use serde::Deserialize;
use serde_json::value::RawValue;
use uc_portal_api::{CatalogueChange, CatalogueKind, PublicService, WrittenCataloguePage};
use uc_store::{Agency, Form, LifeSituation, PublicTx, Region, Service, ServiceName, StoreError};

/// A change, as the store takes it.
pub(super) enum Change {
    Service(Service),
    Form(Form),
    Agency(Agency),
    Region(Region),
    LifeSituation(LifeSituation),
    Deleted { kind: CatalogueKind, id: String },
}

/// A page of changes, as the store takes them.
pub(super) struct Page {
    pub(super) changes: Vec<Change>,
    pub(super) next: String,
    pub(super) has_more: bool,
    pub(super) remaining: u64,
}

impl TryFrom<WrittenCataloguePage> for Page {
    type Error = serde_json::Error;

    fn try_from(page: WrittenCataloguePage) -> Result<Self, Self::Error> {
        Ok(Self {
            changes: page
                .changes
                .into_iter()
                .map(read)
                .collect::<Result<_, _>>()?,
            next: page.next,
            has_more: page.has_more,
            remaining: page.remaining,
        })
    }
}

/// The kind of a change, where it is written plainly.
#[derive(Deserialize)]
struct Kind<'c> {
    r#type: &'c str,
}

/// Nearly all are services: these are read without the detour that telling kinds apart takes.
fn read(written: Box<RawValue>) -> Result<Change, serde_json::Error> {
    let kind = serde_json::from_str::<Kind<'_>>(written.get());
    if kind.is_ok_and(|kind| kind.r#type == "service") {
        let service: PublicService = serde_json::from_str(written.get())?;
        return Ok(Change::Service(to_service(service, written)));
    }
    Ok(match serde_json::from_str(written.get())? {
        CatalogueChange::Service(service) => Change::Service(to_service(*service, written)),
        CatalogueChange::Form(form) => Change::Form(Form {
            service: form.service,
            version: form.version,
            schema: form.schema,
            layout: form.layout,
        }),
        CatalogueChange::Agency(agency) => Change::Agency(Agency {
            id: agency.id,
            short: agency.short,
            title: agency.title,
            title_en: agency.title_en,
            level: agency.level,
            region: agency.region,
        }),
        CatalogueChange::Region(region) => Change::Region(Region {
            id: region.id,
            title: region.title,
            title_en: region.title_en,
            municipality: region.municipality,
        }),
        CatalogueChange::LifeSituation(situation) => Change::LifeSituation(LifeSituation {
            id: situation.id,
            title: situation.title,
            title_en: situation.title_en,
            icon: situation.icon,
            position: situation.position,
        }),
        CatalogueChange::Deleted { kind, id } => Change::Deleted { kind, id },
    })
}

fn to_service(mut service: PublicService, written: Box<RawValue>) -> Service {
    service.keywords.push(service.title_en.clone());
    Service {
        name: ServiceName {
            id: service.id,
            title: service.title,
            title_en: service.title_en,
            agency: service.agency,
        },
        region: service.region,
        term: service.term.map(|term| term.text),
        fee: service.fee.map(|fee| fee.kopecks),
        has_form: service.has_form,
        popularity: service.popularity,
        audience: service.audience.clone(),
        life_situations: service.life_situations,
        keywords: service.keywords,
        body: format!("{} {}", service.summary, service.result),
        document: Box::<str>::from(written).into_string(),
    }
}

/// Applies changes in their order: services that follow one another together, anything else by itself.
pub(super) fn apply(tx: &PublicTx<'_>, changes: &[Change]) -> Result<(), StoreError> {
    changes
        .chunk_by(|one, other| as_service(one).is_some() && as_service(other).is_some())
        .try_for_each(|changes| {
            tx.update_services(changes.iter().filter_map(as_service))?;
            changes.iter().try_for_each(|change| apply_one(tx, change))
        })
}

const fn as_service(change: &Change) -> Option<&Service> {
    match change {
        Change::Service(service) => Some(service),
        Change::Form(_)
        | Change::Agency(_)
        | Change::Region(_)
        | Change::LifeSituation(_)
        | Change::Deleted { .. } => None,
    }
}

fn apply_one(tx: &PublicTx<'_>, change: &Change) -> Result<(), StoreError> {
    match change {
        // Among those that follow one another.
        Change::Service(_) => Ok(()),
        Change::Form(form) => tx.update_form(form),
        Change::Agency(agency) => tx.update_agency(agency),
        Change::Region(region) => tx.update_region(region),
        Change::LifeSituation(situation) => tx.update_life_situation(situation),
        Change::Deleted { kind, id } => match kind {
            CatalogueKind::Service => tx.delete_service(id),
            CatalogueKind::Form => tx.delete_form(id),
            CatalogueKind::Agency => tx.delete_agency(id),
            CatalogueKind::Region => tx.delete_region(id),
            CatalogueKind::LifeSituation => tx.delete_life_situation(id),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(kind: &str) -> Box<RawValue> {
        let service = json!({
            "id": "passport", "title": "Паспорт", "titleEn": "Passport", "summary": "", "level": "federal",
            "agency": "mvd", "audience": [], "lifeSituations": [], "keywords": ["документ"], "popularity": 7,
            "who": "", "result": "", "documents": [], "channels": [], "legalGround": [], "source": "",
            "asOf": "2026-11-01", "hasForm": true, "new": "of a later version",
        });
        let text = service.to_string();
        let text = format!("{{\"type\":{kind},{}", &text[1..]);
        RawValue::from_string(text).unwrap()
    }

    #[test]
    fn cat_03_a_service_is_kept_as_it_was_written() {
        for kind in [r#""service""#, r#""serv\u0069ce""#] {
            let before = written(kind).get().to_owned();
            let Change::Service(service) = read(written(kind)).unwrap() else {
                panic!("{kind} is a service");
            };
            assert_eq!(service.document, before);
            assert_eq!(service.keywords, ["документ", "Passport"]);
        }
    }

    #[test]
    fn nw_04_an_unknown_kind_and_a_service_without_a_name_are_refused() {
        assert!(read(written(r#""surprise""#)).is_err());
        let nameless = RawValue::from_string(r#"{"type":"service","id":"x"}"#.to_owned());
        assert!(read(nameless.unwrap()).is_err());
    }
}
