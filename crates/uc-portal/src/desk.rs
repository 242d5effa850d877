//! What applications pass over: the catalogue, the words, the calendar, and who is to be told.

use std::{path::Path, sync::Arc};

use jiff::Timestamp;

use crate::{
    agency::Bell,
    applications::{InFlight, WorkingDays},
    catalogue::{Catalogue, CatalogueError, delta},
    cursor::Epoch,
    entropy::Entropy,
    feed::Hints,
    store::{CatalogueStore, SettingStore, StoreError},
    words::Words,
};

/// Made once, at the start.
#[derive(Debug)]
pub struct Desk {
    /// The catalogue in memory.
    pub catalogue: Catalogue,
    /// The last place in the sequence of its published changes.
    pub published: u64,
    /// The life of the data that cursors belong to.
    pub epoch: Epoch,
    /// Sentences.
    pub words: Words,
    /// Working days.
    pub calendar: WorkingDays,
    /// Keys being worked on.
    pub in_flight: InFlight,
    /// Those who listen for news.
    pub hints: Hints,
    /// Wakes the agencies.
    pub bell: Arc<Bell>,
}

/// Why there is no desk.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The catalogue's files.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The embedded tables.
    #[error("an embedded table is malformed")]
    Malformed(#[from] toml::de::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Reads the catalogue and publishes what changed in it.
    pub async fn open<S: CatalogueStore + SettingStore + ?Sized>(
        directory: Option<&Path>,
        store: &S,
        entropy: &Entropy,
        now: Timestamp,
    ) -> Result<Self, DeskError> {
        let mut catalogue = Catalogue::load(directory)?;
        let held = store.list_published().await?;
        let plan = delta::plan(&held, catalogue.publications());
        catalogue.set_versions(&plan.versions);
        let changes = plan.publications.len();
        let published = store.insert_publications(plan.publications).await?;
        tracing::info!(changes, published, "the catalogue is published");
        Ok(Self {
            catalogue,
            published,
            epoch: Epoch::load(store, entropy).await?,
            words: Words::load()?,
            calendar: WorkingDays::load()?,
            in_flight: InFlight::default(),
            hints: Hints::new(now),
            bell: Arc::new(Bell::default()),
        })
    }
}
