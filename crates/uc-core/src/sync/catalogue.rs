//! The catalogue's delta.

use jiff::Timestamp;
use uc_ipc::{SyncProgress, View};
use uc_portal_api::{
    CatalogueChange, CatalogueKind, CataloguePage, FetchCatalogue, ProblemCode, PublicService,
};
use uc_store::{
    Agency, CatalogueCursor, Form, LifeSituation, PublicTx, Region, Service, ServiceName,
    StoreError,
};

use super::SyncError;
use crate::{
    Core,
    portal::{Answer, Call, PortalError},
};

/// Fetches pages until the catalogue is whole.
pub(super) async fn sync(core: &Core) -> Result<(), SyncError> {
    let _syncing = core.desk.catalogue.lock().await;
    let outcome = fetch_pages(core).await;
    core.show_progress(None);
    outcome
}

async fn fetch_pages(core: &Core) -> Result<(), SyncError> {
    let mut done = 0;
    loop {
        let cursor = core.browse(|view| view.load_catalogue_cursor()).await?;
        let query = FetchCatalogue {
            after: cursor.next.clone(),
        };
        let asked_at = core.now();
        let call = Call::<FetchCatalogue>::new(query, ())
            .unless(cursor.etag.clone())
            .in_pages();
        match core.call(call).await {
            Ok(Answer::New(page, etag)) => {
                let (count, more) = (page.changes.len() as u64, page.has_more);
                let total = done + page.remaining.max(count);
                keep_page(core, page, etag, asked_at).await?;
                done += count;
                if count > 0 {
                    core.show_progress(Some(SyncProgress { done, total }));
                    core.changed(View::Catalogue);
                }
                if !more {
                    return Ok(());
                }
            }
            Ok(Answer::Known) => return Ok(note_unchanged(core, cursor, asked_at).await?),
            Err(error) if is_gone(&error) && cursor.next.is_some() => begin_anew(core).await?,
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_gone(error: &PortalError) -> bool {
    matches!(error, PortalError::Problem { problem, .. } if problem.code == ProblemCode::CursorGone)
}

async fn keep(
    core: &Core,
    act: impl FnOnce(&PublicTx<'_>) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), uc_ipc::IpcError> {
    let kept = core.public().write(act).await;
    kept.map_err(|error| core.store_fault(&error))
}

/// The page with its cursor, in one transaction. An `ETag` belongs to a cursor: it is kept only where no page follows.
/// What an answer tells is as old as its question: the answer may have waited.
async fn keep_page(
    core: &Core,
    page: CataloguePage,
    etag: Option<String>,
    asked_at: Timestamp,
) -> Result<(), uc_ipc::IpcError> {
    keep(core, move |tx| {
        let known = tx.load_catalogue_cursor()?;
        let moved = known.next.as_deref() != Some(page.next.as_str());
        page.changes
            .chunk_by(|one, other| as_service(one).is_some() && as_service(other).is_some())
            .try_for_each(|changes| apply(tx, changes))?;
        tx.update_catalogue_cursor(&CatalogueCursor {
            next: Some(page.next),
            // An answer that moved the cursor is not the answer that the next question gets.
            etag: etag.filter(|_| !page.has_more && !moved),
            synced_at: if page.has_more {
                known.synced_at
            } else {
                Some(asked_at)
            },
        })
    })
    .await
}

async fn note_unchanged(
    core: &Core,
    cursor: CatalogueCursor,
    asked_at: Timestamp,
) -> Result<(), uc_ipc::IpcError> {
    keep(core, move |tx| {
        tx.update_catalogue_cursor(&CatalogueCursor {
            synced_at: Some(asked_at),
            ..cursor
        })
    })
    .await?;
    core.changed(View::Session);
    Ok(())
}

async fn begin_anew(core: &Core) -> Result<(), uc_ipc::IpcError> {
    keep(core, |tx| tx.delete_catalogue()).await
}

const fn as_service(change: &CatalogueChange) -> Option<&PublicService> {
    match change {
        CatalogueChange::Service(service) => Some(service),
        CatalogueChange::Form(_)
        | CatalogueChange::Agency(_)
        | CatalogueChange::Region(_)
        | CatalogueChange::LifeSituation(_)
        | CatalogueChange::Deleted { .. } => None,
    }
}

/// Services that follow one another together, anything else by itself.
fn apply(tx: &PublicTx<'_>, changes: &[CatalogueChange]) -> Result<(), StoreError> {
    let services: Vec<Service> = changes
        .iter()
        .filter_map(as_service)
        .map(to_service)
        .collect::<Result<_, _>>()?;
    tx.update_services(&services)?;
    changes
        .iter()
        .try_for_each(|change| apply_other(tx, change))
}

fn apply_other(tx: &PublicTx<'_>, change: &CatalogueChange) -> Result<(), StoreError> {
    match change {
        CatalogueChange::Service(_) => Ok(()),
        CatalogueChange::Form(form) => tx.update_form(&Form {
            service: form.service.clone(),
            version: form.version,
            schema: form.schema.clone(),
            layout: form.layout.clone(),
        }),
        CatalogueChange::Agency(agency) => tx.update_agency(&Agency {
            id: agency.id.clone(),
            short: agency.short.clone(),
            title: agency.title.clone(),
            title_en: agency.title_en.clone(),
            level: agency.level,
            region: agency.region.clone(),
        }),
        CatalogueChange::Region(region) => tx.update_region(&Region {
            id: region.id.clone(),
            title: region.title.clone(),
            title_en: region.title_en.clone(),
            municipality: region.municipality,
        }),
        CatalogueChange::LifeSituation(situation) => tx.update_life_situation(&LifeSituation {
            id: situation.id.clone(),
            title: situation.title.clone(),
            title_en: situation.title_en.clone(),
            icon: situation.icon.clone(),
            position: situation.position,
        }),
        CatalogueChange::Deleted { kind, id } => match kind {
            CatalogueKind::Service => tx.delete_service(id),
            CatalogueKind::Form => tx.delete_form(id),
            CatalogueKind::Agency => tx.delete_agency(id),
            CatalogueKind::Region => tx.delete_region(id),
            CatalogueKind::LifeSituation => tx.delete_life_situation(id),
        },
    }
}

fn to_service(service: &PublicService) -> Result<Service, StoreError> {
    Ok(Service {
        name: ServiceName {
            id: service.id.clone(),
            title: service.title.clone(),
            title_en: service.title_en.clone(),
            agency: service.agency.clone(),
        },
        region: service.region.clone(),
        term: service.term.as_ref().map(|term| term.text.clone()),
        fee: service.fee.as_ref().map(|fee| fee.kopecks),
        has_form: service.has_form,
        popularity: service.popularity,
        life_situations: service.life_situations.clone(),
        keywords: [service.keywords.clone(), vec![service.title_en.clone()]].concat(),
        body: format!("{} {}", service.summary, service.result),
        document: serde_json::to_string(service)?,
    })
}
