//! Words typed with the keyboard set to the other language: `gfcgjhn` is «паспорт», `зфыызщке` is "passport".

use rusqlite::{Connection, params};

use super::{family, plan, stems};
use crate::{StoreError, value::find};

/// The keys of a keyboard that have a letter in both languages: as Latin, as Cyrillic.
const KEYS: [(char, char); 33] = [
    ('q', 'й'),
    ('w', 'ц'),
    ('e', 'у'),
    ('r', 'к'),
    ('t', 'е'),
    ('y', 'н'),
    ('u', 'г'),
    ('i', 'ш'),
    ('o', 'щ'),
    ('p', 'з'),
    ('[', 'х'),
    (']', 'ъ'),
    ('a', 'ф'),
    ('s', 'ы'),
    ('d', 'в'),
    ('f', 'а'),
    ('g', 'п'),
    ('h', 'р'),
    ('j', 'о'),
    ('k', 'л'),
    ('l', 'д'),
    (';', 'ж'),
    ('\'', 'э'),
    ('z', 'я'),
    ('x', 'ч'),
    ('c', 'с'),
    ('v', 'м'),
    ('b', 'и'),
    ('n', 'т'),
    ('m', 'ь'),
    (',', 'б'),
    ('.', 'ю'),
    ('`', 'ё'),
];

/// The text with every word that the catalogue knows only as typed in the other layout put into that.
pub(crate) fn read(db: &Connection, text: &str) -> Result<String, StoreError> {
    let typed: Vec<&str> = text.split_whitespace().take(stems::MAX_WORDS * 2).collect();
    let mut read = Vec::with_capacity(typed.len());
    for (place, word) in typed.iter().enumerate() {
        let is_last = place + 1 == typed.len();
        let meant = match switched(word) {
            Some(other) if is_meant(db, word, &other, is_last)? => other,
            Some(_) | None => (*word).to_owned(),
        };
        read.push(meant);
    }
    Ok(read.join(" "))
}

/// Whether a word makes sense in the other layout only. Slips of the finger are looked for where the keyboard may have been
/// set to Latin: the catalogue is Russian.
fn is_meant(db: &Connection, typed: &str, other: &str, is_last: bool) -> Result<bool, StoreError> {
    if is_known(db, typed, is_last)? {
        return Ok(false);
    }
    if is_known(db, other, is_last)? {
        return Ok(true);
    }
    Ok(typed.is_ascii() && !is_near(db, typed)? && is_near(db, other)?)
}

/// All of it in the other layout; `None` for words of both alphabets, of neither, and with keys that have no twin.
fn switched(word: &str) -> Option<String> {
    let twin = |letter: char| {
        KEYS.iter().find_map(|(latin, cyrillic)| match letter {
            _ if letter == *latin => Some((true, *cyrillic)),
            _ if letter == *cyrillic => Some((false, *latin)),
            _ => None,
        })
    };
    let twins: Vec<(bool, char)> = word
        .chars()
        .flat_map(char::to_lowercase)
        .map(twin)
        .collect::<Option<_>>()?;
    let is_latin = twins.first()?.0;
    (twins.iter().all(|twin| twin.0 == is_latin))
        .then(|| twins.into_iter().map(|twin| twin.1).collect())
}

/// Whether titles or keywords have all its words, the last one perhaps unfinished; words without a meaning count as had.
fn is_known(db: &Connection, text: &str, is_last: bool) -> Result<bool, StoreError> {
    let words = stems::of_query(text);
    for word in &words {
        if !stems::is_stop_word(&word.raw) && !has(db, word, is_last)? {
            return Ok(false);
        }
    }
    Ok(!words.is_empty())
}

fn has(db: &Connection, word: &stems::Word, is_unfinished: bool) -> Result<bool, StoreError> {
    let found = find(
        db,
        "SELECT 1 FROM vocabulary WHERE stem IN (?1, ?2)
         UNION ALL SELECT 1 FROM vocabulary WHERE ?4 AND stem >= ?3 AND stem < ?3 || char(0x10ffff) LIMIT 1",
        params![word.stem, family::of_stem(&word.stem), word.raw, is_unfinished],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

fn is_near(db: &Connection, text: &str) -> Result<bool, StoreError> {
    for word in stems::of_query(text) {
        if !plan::nearest(db, &word)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_a_twin_in_either_direction() {
        for (latin, cyrillic) in [
            ("gfcgjhn", "паспорт"),
            ("gjcj,bt", "пособие"),
            (";bkmt", "жилье"),
        ] {
            assert_eq!(switched(latin).as_deref(), Some(cyrillic));
            assert_eq!(switched(cyrillic).as_deref(), Some(latin));
        }
        for neither in ["", "3-ndfl", "паспортab", "2024"] {
            assert_eq!(switched(neither), None, "{neither}");
        }
    }
}
