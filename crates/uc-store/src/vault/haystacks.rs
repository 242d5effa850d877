//! What is searched of rows that a vault of an earlier version kept.

use rusqlite::Connection;

use crate::search::own;

/// Makes what is searched of messages and applications that have none yet.
pub(super) fn fill(db: &Connection) -> rusqlite::Result<()> {
    fill_table(
        db,
        "SELECT rowid, text, coalesce(text_en, '') FROM message WHERE haystack = ''",
        "UPDATE message SET haystack = ?2 WHERE rowid = ?1",
    )?;
    fill_table(
        db,
        "SELECT rowid, title, agency || ' ' || coalesce(number, '') FROM application WHERE haystack = ''",
        "UPDATE application SET haystack = ?2 WHERE rowid = ?1",
    )
}

/// Of each row's two texts.
fn fill_table(db: &Connection, find: &str, keep: &str) -> rusqlite::Result<()> {
    let mut find = db.prepare(find)?;
    let found = find.query_map([], |row| {
        let texts: [String; 2] = [row.get(1)?, row.get(2)?];
        let haystack = own::haystack(&texts.each_ref().map(String::as_str));
        Ok((row.get::<_, i64>(0)?, haystack))
    })?;
    let filled: Vec<(i64, String)> = found.collect::<Result<_, _>>()?;
    let mut keep = db.prepare(keep)?;
    filled
        .into_iter()
        .try_for_each(|row| keep.execute(row).map(drop))
}
