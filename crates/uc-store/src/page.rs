//! Pages of lists. A cursor is the key of the last row shown, so that rows that come and go in between neither repeat
//! nor hide others.

use std::str::FromStr;

use crate::StoreError;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Opaque: where the next page begins; absent at the end.
    pub next: Option<String>,
    /// Rows in all.
    pub total: u32,
}

impl<T> Page<T> {
    /// Cuts `items`, which were asked for with one more than `limit`, and names the last one shown.
    pub(crate) fn cut(
        mut items: Vec<T>,
        limit: u32,
        total: u32,
        name: impl FnOnce(&T) -> String,
    ) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(name);
        Self { items, next, total }
    }

    /// The same page of other things.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
            total: self.total,
        }
    }
}

/// Reads the fields of a cursor, which are joined by `.`.
pub(crate) fn parse_cursor<const N: usize>(cursor: &str) -> Result<[&str; N], StoreError> {
    let fields: Vec<&str> = cursor.split('.').collect();
    fields.try_into().map_err(|_| StoreError::BadCursor)
}

/// Reads one field of a cursor.
pub(crate) fn parse_field<T: FromStr>(field: &str) -> Result<T, StoreError> {
    field.parse().map_err(|_| StoreError::BadCursor)
}
