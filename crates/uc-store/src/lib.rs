//! The client's two encrypted stores.
//!
//! [`PublicStore`] holds the catalogue and its search index; it is disposable and readable while the
//! client is locked. [`Vault`] holds everything personal; opening it never creates or repairs anything.
//!
//! Each store has one writer thread and two readers. A use case passes a closure over typed views
//! ([`PublicView`], [`PublicTx`], [`VaultView`], [`VaultTx`]); a writing closure is one transaction.
//!
//! Pragmas, on every connection, the key first: `journal_mode=WAL`, `synchronous=FULL` (vault) or `NORMAL` (public),
//! `temp_store=MEMORY`, `mmap_size=0`, `trusted_schema=OFF`, `cell_size_check=ON`, `foreign_keys=ON`,
//! `secure_delete=ON`, `busy_timeout=5000`; then `DBCONFIG_DEFENSIVE` and an authorizer that refuses `ATTACH`, schema
//! changes, pragmas and `load_extension`.

mod connection;
mod error;
mod file;
mod key;
mod migration;
mod page;
mod public;
mod search;
mod threads;
mod value;
mod vault;

pub use error::{OpenError, StoreError};
pub use file::{database_files, forget_quarantined, move_to_quarantine, remove_database};
pub use key::VaultKey;
pub use page::Page;
pub use public::{
    Agency, CatalogueCursor, Form, LifeSituation, PublicStore, PublicTx, PublicView, Region,
    Service, ServiceFilter, ServiceName, ServiceSummary,
};
pub use search::index_text;
pub use vault::{
    Agreed, Application, ApplicationGroup, Draft, FeedCursor, Filter, ListedState, Message,
    NewMessage, OutboxRow, PortalCopy, Sealed, Vault, VaultMark, VaultTx, VaultView,
};
