//! How values of the domain stand in columns.

use jiff::Timestamp;
use rusqlite::{
    Connection, Params, Row,
    types::{FromSqlError, Type, ValueRef},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::StoreError;

/// An instant as microseconds since 1970.
pub(crate) fn instant(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A column that holds an instant.
pub(crate) fn read_instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let micros = row.get(column)?;
    Timestamp::from_microsecond(micros).map_err(|_| FromSqlError::OutOfRange(micros).into())
}

/// A column that may hold an instant.
pub(crate) fn read_optional_instant(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<Timestamp>> {
    match row.get::<_, Option<i64>>(column)? {
        Some(_) => read_instant(row, column).map(Some),
        None => Ok(None),
    }
}

/// A column that holds a UUID's sixteen bytes.
pub(crate) fn read_uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// A column whose text is read by `T`'s own rules.
pub(crate) fn read_text<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: TryFrom<String, Error: std::error::Error + Send + Sync + 'static>,
{
    T::try_from(row.get(column)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// The same of a column that may be empty.
pub(crate) fn read_optional<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: TryFrom<String, Error: std::error::Error + Send + Sync + 'static>,
{
    if row.get_ref(column)? == ValueRef::Null {
        Ok(None)
    } else {
        read_text(row, column).map(Some)
    }
}

/// A column that holds JSON.
pub(crate) fn read_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// The name of a fieldless variant, as serde writes it.
pub(crate) fn name<T: Serialize>(variant: T) -> Result<String, StoreError> {
    let value = serde_json::to_value(variant)?;
    value.as_str().map(str::to_owned).ok_or(StoreError::Content)
}

/// A column that holds the name of a fieldless variant.
pub(crate) fn read_name<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_value(serde_json::Value::String(row.get(column)?)).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// All rows of a statement.
pub(crate) fn rows<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_map(params, read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The one row of a statement.
pub(crate) fn row<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    Ok(db.prepare_cached(sql)?.query_row(params, read)?)
}

/// The row of a statement, if there is one.
pub(crate) fn find<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    match row(db, sql, params, read) {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::Absent) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Runs a statement that changes rows and says how many.
pub(crate) fn execute(
    db: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<usize, StoreError> {
    Ok(db.prepare_cached(sql)?.execute(params)?)
}
