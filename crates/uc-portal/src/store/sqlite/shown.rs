//! Table `shown_once`.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::{entropy::TokenHash, store::Showing};

/// What is remembered, at most: bounds the table's size, whoever asks how often.
const MOST: i64 = 250_000;

pub(super) fn show(
    tx: &Connection,
    id: TokenHash,
    expires_at: Timestamp,
    now: Timestamp,
) -> rusqlite::Result<Showing> {
    tx.prepare_cached("DELETE FROM shown_once WHERE expires_at <= ?1")?
        .execute([now.as_millisecond()])?;
    // Rows end about in the order in which they came, so the numbers of the first and last tell how many there are.
    let kept: Option<i64> = tx
        .prepare_cached(
            "SELECT (SELECT max(number) FROM shown_once) - (SELECT min(number) FROM shown_once)",
        )?
        .query_row([], |row| row.get(0))?;
    if kept.is_some_and(|kept| kept >= MOST) {
        return Ok(Showing::Crowded);
    }
    let rows = tx
        .prepare_cached(
            "INSERT INTO shown_once (id_hash, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(params![id.0, expires_at.as_millisecond()])?;
    Ok(if rows == 1 {
        Showing::First
    } else {
        Showing::Again
    })
}
