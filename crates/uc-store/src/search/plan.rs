//! A query as a row of `MATCH` expressions, from strict to lenient.

use rusqlite::{Connection, Params};

use super::{
    distance, family,
    stems::{self, Word},
};
use crate::{StoreError, value::find};

/// Words that a mistyped one may have meant, at most.
const MAX_MEANT: usize = 4;
/// Ways to read several words as one name, at most.
const MAX_WAYS: usize = 8;
/// The shortest stem that is taken for an unfinished word's beginning, in letters.
const MIN_BEGINNING: usize = 4;
/// Words beyond these are not left out one by one: the number of ways grows with them.
const MAX_LEFT_OUT: usize = 5;

/// What one word of a query may match: any of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause(Vec<Alternative>);

/// A stem, or the beginning of one. Only letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Alternative {
    text: String,
    is_beginning: bool,
}

impl Alternative {
    fn stem(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_beginning: false,
        }
    }

    fn beginning(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_beginning: true,
        }
    }

    /// In quotes, which need no escape here.
    fn expression(&self) -> String {
        let star = if self.is_beginning { "*" } else { "" };
        format!("\"{}\"{star}", self.text)
    }

    fn matches(&self, stem: &str) -> bool {
        if self.is_beginning {
            stem.starts_with(&self.text)
        } else {
            stem == self.text
        }
    }
}

impl Clause {
    /// A finished word.
    fn finished(word: &Word) -> Self {
        let stem = family::of_stem(&word.stem).unwrap_or(&word.stem);
        Self(vec![Alternative::stem(stem)])
    }

    /// A word that may go on: anything that begins like it or like its stem.
    fn unfinished(word: &Word) -> Self {
        let mut alternatives = vec![Alternative::beginning(&word.stem)];
        if !word.raw.starts_with(&word.stem) {
            alternatives.push(Alternative::beginning(&word.raw));
        }
        alternatives.extend(family::of_stem(&word.stem).map(Alternative::stem));
        Self(alternatives)
    }

    /// Any of some stems.
    fn any_of(stems: Vec<String>) -> Self {
        Self(stems.into_iter().map(Alternative::stem).collect())
    }

    fn expression(&self) -> String {
        let alternatives: Vec<String> = self.0.iter().map(Alternative::expression).collect();
        match alternatives.as_slice() {
            [only] => only.clone(),
            several => format!("({})", several.join(" OR ")),
        }
    }

    /// Whether a word of a text is one that the index finds for it.
    pub(crate) fn matches(&self, word: &Word) -> bool {
        let family = family::of_stem(&word.stem);
        let finds = |stem: &str| self.0.iter().any(|one| one.matches(stem));
        finds(&word.stem) || family.is_some_and(finds)
    }
}

/// Every word, the last one perhaps unfinished.
pub(crate) fn strict(words: &[Word]) -> Vec<Clause> {
    let last = words.len().saturating_sub(1);
    words
        .iter()
        .enumerate()
        .map(|(place, word)| {
            if place == last {
                Clause::unfinished(word)
            } else {
                Clause::finished(word)
            }
        })
        .collect()
}

/// As [`strict`], with words that the catalogue does not have taken for those it has that are nearest.
/// A word that is near none is left out.
pub(crate) fn meant(db: &Connection, words: &[Word]) -> Result<Vec<Clause>, StoreError> {
    let mut clauses = Vec::new();
    for (clause, word) in strict(words).into_iter().zip(words) {
        if is_known(db, &clause)? {
            clauses.push(clause);
        } else {
            let near = nearest(db, word)?;
            if !near.is_empty() {
                clauses.push(Clause::any_of(near));
            }
        }
    }
    Ok(clauses)
}

/// The expression that holds where at least `least` of the clauses hold.
pub(crate) fn at_least(clauses: &[Clause], least: usize) -> String {
    let parts: Vec<String> = clauses.iter().map(Clause::expression).collect();
    if least == parts.len() {
        return parts.join(" AND ");
    }
    if least <= 1 || parts.len() > MAX_LEFT_OUT {
        return parts.join(" OR ");
    }
    (0_u32..1 << parts.len())
        .filter(|chosen| chosen.count_ones() as usize == least)
        .map(|chosen| {
            let group: Vec<&str> = parts
                .iter()
                .enumerate()
                .filter(|(place, _)| chosen & (1 << place) != 0)
                .map(|(_, part)| part.as_str())
                .collect();
            format!("({})", group.join(" AND "))
        })
        .collect::<Vec<_>>()
        .join(" OR ")
}

/// The expression that holds where title and keywords have all of the clauses.
pub(crate) fn in_names(clauses: &[Clause]) -> String {
    format!(
        "{{title keywords}} : ({})",
        at_least(clauses, clauses.len())
    )
}

/// The expression that holds where the title, or the first keyword, begins with all words as they stand: that is what
/// people call a thing.
pub(crate) fn as_called(clauses: &[Clause]) -> String {
    let mut ways = vec![Vec::new()];
    for clause in clauses {
        ways = ways
            .iter()
            .flat_map(|way| clause.0.iter().map(|word| [&way[..], &[word]].concat()))
            .take(MAX_WAYS)
            .collect();
    }
    let beginnings: Vec<String> = ways
        .iter()
        .map(|way| format!("^ {}", phrase(way)))
        .collect();
    format!("{{title keywords}} : ({})", beginnings.join(" OR "))
}

/// Words one after the other; only the last may be a beginning.
fn phrase(words: &[&Alternative]) -> String {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let is_beginning = words.last().is_some_and(|last| last.is_beginning);
    Alternative {
        text: texts.join(" "),
        is_beginning,
    }
    .expression()
}

fn is_known(db: &Connection, clause: &Clause) -> Result<bool, StoreError> {
    let found = find(
        db,
        "SELECT 1 FROM search WHERE search MATCH ? LIMIT 1",
        [clause.expression()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Stems of the catalogue that `word` may have meant: the one it runs past while being typed, else those within two
/// slips of the finger, nearest first. The first letter is seldom wrong, so others are looked at last.
pub(crate) fn nearest(db: &Connection, word: &Word) -> Result<Vec<String>, StoreError> {
    if !stems::is_word(&word.stem) {
        return Ok(Vec::new());
    }
    if let Some(beginning) = beginning(db, &word.raw)? {
        return Ok(vec![beginning]);
    }
    let stem: Vec<char> = word.stem.chars().collect();
    let limit = match stem.len() {
        0..=2 => return Ok(Vec::new()),
        3..=5 => 1,
        _ => 2,
    };
    let first = stem[0].to_string();
    let beyond = char::from_u32(u32::from(stem[0]) + 1).map_or_else(String::new, String::from);
    let near = within(
        db,
        "SELECT stem FROM vocabulary WHERE stem >= ? AND stem < ?",
        [first.as_str(), beyond.as_str()],
        (&stem, limit),
    )?;
    if near.is_empty() {
        return within(db, "SELECT stem FROM vocabulary", [], (&stem, limit));
    }
    Ok(near)
}

/// The longest stem that an unfinished word runs past by at most three letters.
fn beginning(db: &Connection, raw: &str) -> Result<Option<String>, StoreError> {
    let ends: Vec<usize> = raw.char_indices().map(|(place, _)| place).collect();
    for end in ends.iter().skip(MIN_BEGINNING).rev().take(3) {
        let shorter = &raw[..*end];
        let known = find(
            db,
            "SELECT 1 FROM vocabulary WHERE stem = ?",
            [shorter],
            |_| Ok(()),
        )?;
        if known.is_some() {
            return Ok(Some(shorter.to_owned()));
        }
    }
    Ok(None)
}

/// The stems that are nearest to `stem` of those that a statement gives, and within `limit` slips of it.
fn within(
    db: &Connection,
    sql: &str,
    params: impl Params,
    (stem, limit): (&[char], usize),
) -> Result<Vec<String>, StoreError> {
    let (mut limit, mut near) = (limit, Vec::new());
    let mut letters: Vec<char> = Vec::new();
    let mut statement = db.prepare_cached(sql)?;
    let mut known = statement.query(params)?;
    while let Some(row) = known.next()? {
        let text = row.get_ref(0)?.as_str().map_err(|_| StoreError::Content)?;
        letters.clear();
        letters.extend(text.chars());
        match distance::within(stem, &letters, limit) {
            Some(slips) if slips < limit => {
                (limit, near) = (slips, vec![text.to_owned()]);
            }
            Some(_) if near.len() < MAX_MEANT => near.push(text.to_owned()),
            Some(_) | None => {}
        }
    }
    Ok(near)
}

#[cfg(test)]
mod tests {
    use super::{super::stems::of_query, *};

    #[test]
    fn only_the_last_word_is_a_prefix() {
        let clauses = strict(&of_query("Заменить паспорт"));
        assert_eq!(at_least(&clauses, 2), "\"замен\" AND \"паспорт\"*");
    }

    #[test]
    fn a_name_is_asked_for_from_its_beginning_in_each_way_to_read_it() {
        let clauses = strict(&of_query("Заменить паспорт"));
        assert_eq!(
            as_called(&clauses),
            "{title keywords} : (^ \"замен паспорт\"*)"
        );
        let many = Clause::any_of(["а", "б", "в", "г"].map(str::to_owned).to_vec());
        let clauses = [many.clone(), many.clone(), many];
        assert_eq!(as_called(&clauses).matches('^').count(), MAX_WAYS);
    }

    #[test]
    fn words_are_left_out_one_at_a_time() {
        let clauses = strict(&of_query("раз два тридцать"));
        let all = at_least(&clauses, 3);
        assert_eq!(all.matches(" AND ").count(), 2);
        let two = at_least(&clauses, 2);
        assert_eq!(two.matches(" OR ").count(), 2);
        assert_eq!(at_least(&clauses, 1).matches(" OR ").count(), 2);
    }
}
