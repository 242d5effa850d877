//! The catalogue's delta.

use std::time::Duration;

use jiff::Timestamp;
use uc_ipc::{SyncProgress, View};
use uc_portal_api::{FetchCatalogue, ProblemCode, WrittenCataloguePage};
use uc_store::{CatalogueCursor, PublicTx, StoreError};

use super::{
    SyncError,
    change::{self, Change, Page},
};
use crate::{
    Core,
    portal::{Answer, Call, PortalError},
};

/// Changes that are kept together, at least, unless they come slowly: each transaction costs as much as many rows.
const KEPT_TOGETHER: usize = 5_000;
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
    let was_paused = core.state().upkeep.paused;
    let mut began_anew = false;
    loop {
        let asked_at = core.now();
        match fetched.ask(core).await {
            Ok(Answer::New(page, etag)) => {
                let is_stopped = !was_paused && core.state().upkeep.paused;
                let goes_on = page.has_more && !is_stopped;
                fetched.add(page, etag, asked_at);
                if !goes_on || fetched.is_enough(core) {
                    fetched.keep(core).await?;
                }
                if !goes_on {
                    return Ok(());
                }
            }
            Ok(Answer::Known) => return Ok(note_unchanged(core, fetched.cursor, asked_at).await?),
            // Once: a portal that goes on so is asked again some time later.
            Err(error) if is_gone(&error) && fetched.cursor.next.is_some() && !began_anew => {
                began_anew = true;
                begin_anew(core).await?;
                fetched = Fetched::after(core, CatalogueCursor::default());
            }
            Err(error) => {
                if !fetched.changes.is_empty() {
                    fetched.keep(core).await?;
                }
                return Err(error.into());
            }
        }
    }
}

/// What came and is not kept yet.
struct Fetched {
    changes: Vec<Change>,
    /// How far the catalogue is known with them.
    cursor: CatalogueCursor,
    /// When the last were kept, by uptime.
    since: Duration,
    /// With those that are kept.
    progress: SyncProgress,
}

impl Fetched {
    fn after(core: &Core, cursor: CatalogueCursor) -> Self {
        Self {
            changes: Vec::new(),
            cursor,
            since: core.clock().uptime(),
            progress: SyncProgress { done: 0, total: 0 },
        }
    }

    async fn ask(&self, core: &Core) -> Result<Answer<Page>, PortalError> {
        let query = FetchCatalogue {
            after: self.cursor.next.clone(),
        };
        let call = Call::<FetchCatalogue>::new(query, ());
        let call = call.unless(self.cursor.etag.clone()).in_pages();
        match core.call_openly(call).await? {
            Answer::New(page, etag) => Ok(Answer::New(self.read(page)?, etag)),
            Answer::Known => Ok(Answer::Known),
        }
    }

    fn read(&self, page: WrittenCataloguePage) -> Result<Page, PortalError> {
        let page = Page::try_from(page).map_err(|_| PortalError::Malformed)?;
        if self.is_stuck_at(&page) {
            return Err(PortalError::Malformed);
        }
        Ok(page)
    }

    /// Whether a page says that more follows exactly where it was asked for.
    fn is_stuck_at(&self, page: &Page) -> bool {
        page.has_more && self.cursor.next.as_deref() == Some(page.next.as_str())
    }

    /// The `ETag` names the state of the whole catalogue, so it is kept where no page follows. What an answer tells is as
    /// old as its question: the answer may have waited.
    fn add(&mut self, page: Page, etag: Option<String>, asked_at: Timestamp) {
        let count = page.changes.len() as u64;
        self.progress.total = self.progress.done + page.remaining.max(count);
        self.progress.done += count;
        self.changes.extend(page.changes);
        self.cursor.next = Some(page.next);
        self.cursor.etag = etag.filter(|_| !page.has_more);
        if !page.has_more {
            self.cursor.synced_at = Some(asked_at);
        }
    }

    fn is_enough(&self, core: &Core) -> bool {
        let waited = core.clock().uptime().saturating_sub(self.since);
        self.changes.len() >= KEPT_TOGETHER || waited >= KEPT_AFTER
    }

    /// The changes with their cursor, in one transaction.
    async fn keep(&mut self, core: &Core) -> Result<(), uc_ipc::IpcError> {
        let (changes, cursor) = (std::mem::take(&mut self.changes), self.cursor.clone());
        keep(core, move |tx| {
            change::apply(tx, &changes)?;
            tx.update_catalogue_cursor(&cursor)
        })
        .await?;
        self.since = core.clock().uptime();
        if self.progress.done > 0 {
            core.show_progress(Some(self.progress));
            core.changed(View::Catalogue);
        }
        Ok(())
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
