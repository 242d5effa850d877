//! From text to stems.

use std::ops::Range;

use frostem::{Algorithm, Stemmer};

use super::family;

/// Words that carry no meaning of their own in a query.
const STOP_WORDS: [&str; 49] = [
    "а", "без", "бы", "в", "во", "вы", "где", "для", "до", "же", "за", "и", "из", "или", "к",
    "как", "ко", "ли", "меня", "мне", "мой", "мы", "на", "над", "не", "но", "о", "об", "от", "по",
    "под", "при", "про", "с", "со", "то", "у", "что", "это", "я", "a", "an", "and", "for", "in",
    "of", "or", "the", "to",
];

/// Words of a query beyond these are not looked at.
pub(crate) const MAX_WORDS: usize = 12;
/// Letters of a word beyond these are not looked at.
const MAX_LETTERS: usize = 40;

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// As typed, in lower case, `ё` as `е`.
    pub raw: String,
    /// Its stem.
    pub stem: String,
}

/// The stems of a text in order, without stop words, each followed by its family's name.
pub(crate) fn of_text(text: &str) -> Vec<String> {
    let mut stems = Vec::new();
    for word in split(text).filter(|word| !is_stop_word(word)) {
        let stem = stem(&word);
        let family = family::of_stem(&stem).filter(|family| *family != stem);
        stems.push(stem);
        stems.extend(family.map(str::to_owned));
    }
    stems
}

/// The words of a query, without stop words unless there is nothing else.
pub(crate) fn of_query(text: &str) -> Vec<Word> {
    let words: Vec<String> = split(text).take(MAX_WORDS * 2).collect();
    let telling: Vec<String> = words
        .iter()
        .filter(|word| !is_stop_word(word))
        .cloned()
        .collect();
    let chosen = if telling.is_empty() { words } else { telling };
    chosen
        .into_iter()
        .take(MAX_WORDS)
        .map(|raw| Word {
            stem: stem(&raw),
            raw,
        })
        .collect()
}

fn split(text: &str) -> impl Iterator<Item = String> {
    pieces(text).map(normalise)
}

/// The words of a text as they are written.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_of_word(c))
        .filter(|word| !word.is_empty())
}

/// The words of a text with their places in it, in bytes.
pub(crate) fn placed(text: &str) -> impl Iterator<Item = (Range<usize>, Word)> {
    pieces(text).map(move |piece| {
        let begin = piece.as_ptr() as usize - text.as_ptr() as usize;
        let raw = normalise(piece);
        let word = Word {
            stem: stem(&raw),
            raw,
        };
        (begin..begin + piece.len(), word)
    })
}

/// Latin and Cyrillic letters and digits. SQLite's tokenizer takes all of these for parts of words too, so that a stem
/// is one token there.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{400}'..='\u{481}' | '\u{48a}'..='\u{4ff}')
}

fn normalise(word: &str) -> String {
    word.chars()
        .take(MAX_LETTERS)
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect()
}

/// Letters only: numbers are never mistyped words.
pub(crate) fn is_word(stem: &str) -> bool {
    stem.chars().all(char::is_alphabetic)
}

pub(crate) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

fn stem(word: &str) -> String {
    let is_cyrillic = |c: char| ('а'..='я').contains(&c);
    let algorithm = if word.chars().any(is_cyrillic) {
        Algorithm::Russian
    } else if word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Algorithm::English
    } else {
        return word.to_owned();
    };
    Stemmer::new(algorithm).stem(word).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for (one, other) in [
            ("паспорта", "паспорт"),
            ("Судимости", "судимость"),
            ("замена", "заменой"),
            ("ребёнка", "ребенок"),
            ("certificates", "certificate"),
        ] {
            let shared = of_text(one)
                .into_iter()
                .any(|stem| of_text(other).contains(&stem));
            assert!(shared, "{one} {other}");
        }
    }

    #[test]
    fn stop_words_stay_when_nothing_else_is_asked() {
        assert_eq!(of_text("о судимости").len(), 1);
        assert_eq!(of_query("за").len(), 1);
        assert!(of_query("!!! «»").is_empty());
    }
}
