//! The catalogue's delta.

use std::time::Duration;

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

/// Changes that are kept together, at least, unless they come slowly: each transaction costs as much as many rows.
const KEPT_TOGETHER: usize = 2_500;
/// What came is kept after that long, however little it is: a cut repeats no more.
const KEPT_AFTER: Duration = Duration::from_secs(2);

/// Fetches pages until the catalogue is whole.
pub(super) async fn sync(core: &Core) -> Result<(), SyncError> {
    let _syncing = core.desk.catalogue.lock().await;
    let outcome = fetch_pages(core).await;
    core.show_progress(None);
    outcome
}

async fn fetch_pages(core: &Core) -> Result<(), SyncError> {
    let known = core.browse(|view| view.load_catalogue_cursor()).await?;
    let mut fetched = Fetched::after(core, known);
    let mut done = 0;
    loop {
        let asked_at = core.now();
        match fetched.ask(core).await {
            Ok(Answer::New(page, _)) if fetched.is_stuck_at(&page) => {
                fetched.keep(core).await?;
                return Err(PortalError::Malformed.into());
            }
            Ok(Answer::New(page, etag)) => {
                let (count, more) = (page.changes.len() as u64, page.has_more);
                let total = done + page.remaining.max(count);
                done += count;
                fetched.add(page, etag, asked_at);
                if !more || fetched.is_enough(core) {
                    fetched = fetched.keep(core).await?;
                    show(core, SyncProgress { done, total });
                }
                if !more {
                    return Ok(());
                }
            }
            Ok(Answer::Known) => return Ok(note_unchanged(core, fetched.cursor, asked_at).await?),
            Err(error) if is_gone(&error) && fetched.cursor.next.is_some() => {
                begin_anew(core).await?;
                fetched = Fetched::after(core, CatalogueCursor::default());
            }
            Err(error) => {
                fetched.keep(core).await?;
                return Err(error.into());
            }
        }
    }
}

fn show(core: &Core, progress: SyncProgress) {
    if progress.done > 0 {
        core.show_progress(Some(progress));
        core.changed(View::Catalogue);
    }
}

/// What came and is not kept yet.
struct Fetched {
    changes: Vec<CatalogueChange>,
    /// How far the catalogue is known with them.
    cursor: CatalogueCursor,
    /// By uptime.
    since: Duration,
}

impl Fetched {
    fn after(core: &Core, cursor: CatalogueCursor) -> Self {
        Self {
            changes: Vec::new(),
            cursor,
            since: core.clock().uptime(),
        }
    }

    async fn ask(&self, core: &Core) -> Result<Answer<CataloguePage>, PortalError> {
        let query = FetchCatalogue {
            after: self.cursor.next.clone(),
        };
        let call = Call::<FetchCatalogue>::new(query, ());
        core.call(call.unless(self.cursor.etag.clone()).in_pages())
            .await
    }

    /// The `ETag` names the state of the whole catalogue, so it is kept where no page follows. What an answer tells is as
    /// old as its question: the answer may have waited.
    fn add(&mut self, page: CataloguePage, etag: Option<String>, asked_at: Timestamp) {
        self.changes.extend(page.changes);
        self.cursor.next = Some(page.next);
        self.cursor.etag = etag.filter(|_| !page.has_more);
        if !page.has_more {
            self.cursor.synced_at = Some(asked_at);
        }
    }

    /// Whether a page says that more follows exactly where it was asked for.
    fn is_stuck_at(&self, page: &CataloguePage) -> bool {
        page.has_more && self.cursor.next.as_deref() == Some(page.next.as_str())
    }

    fn is_enough(&self, core: &Core) -> bool {
        let waited = core.clock().uptime().saturating_sub(self.since);
        self.changes.len() >= KEPT_TOGETHER || waited >= KEPT_AFTER
    }

    /// The changes with their cursor, in one transaction; what is fetched next comes after them.
    async fn keep(self, core: &Core) -> Result<Self, uc_ipc::IpcError> {
        let Self {
            changes, cursor, ..
        } = self;
        let next = Self::after(core, cursor.clone());
        keep(core, move |tx| {
            changes
                .chunk_by(|one, other| as_service(one).is_some() && as_service(other).is_some())
                .try_for_each(|changes| apply(tx, changes))?;
            tx.update_catalogue_cursor(&cursor)
        })
        .await?;
        Ok(next)
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
