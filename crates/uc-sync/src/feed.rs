//! Which of the portal's changes are news.
//!
//! A page may come twice, or be cut elsewhere the second time; the greater revision is the truth whatever the order.

use std::collections::HashMap;

use uc_model::ApplicationId;

/// The whole new value of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    /// Which application.
    pub id: ApplicationId,
    /// Grows with every change of it.
    pub revision: u64,
    /// The value.
    pub value: T,
}

/// The changes of a page to write, at most one for an application, in the order in which they came. `known` tells
/// the revision that is stored.
pub fn news<T>(
    known: impl Fn(ApplicationId) -> Option<u64>,
    page: Vec<Change<T>>,
) -> Vec<Change<T>> {
    let mut newest: HashMap<ApplicationId, u64> = HashMap::new();
    for change in &page {
        let revision = newest.entry(change.id).or_insert(change.revision);
        *revision = change.revision.max(*revision);
    }
    page.into_iter()
        .filter(|change| {
            let is_news = newest.get(&change.id) == Some(&change.revision)
                && known(change.id).is_none_or(|known| known < change.revision);
            if is_news {
                newest.remove(&change.id);
            }
            is_news
        })
        .collect()
}
