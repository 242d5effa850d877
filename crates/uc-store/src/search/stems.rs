//! From text to stems.

use frostem::{Algorithm, Stemmer};

/// Words that carry no meaning of their own in a query.
const STOP_WORDS: [&str; 48] = [
    "а", "без", "бы", "в", "во", "вы", "где", "для", "до", "же", "за", "и", "из", "или", "к",
    "как", "ко", "ли", "мне", "мой", "мы", "на", "над", "не", "но", "о", "об", "от", "по", "под",
    "при", "про", "с", "со", "то", "у", "что", "это", "я", "a", "an", "and", "for", "in", "of",
    "or", "the", "to",
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

/// The stems of a text in order, without stop words.
pub(crate) fn of_text(text: &str) -> Vec<String> {
    split(text)
        .filter(|word| !is_stop_word(word))
        .map(|word| stem(&word))
        .collect()
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
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(normalise)
        .filter(|word| !word.is_empty())
}

fn normalise(word: &str) -> String {
    word.chars()
        .take(MAX_LETTERS)
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn is_stop_word(word: &str) -> bool {
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
            let (one, other) = (of_text(one), of_text(other));
            assert!(
                one[0].starts_with(&other[0]) || other[0].starts_with(&one[0]),
                "{one:?} {other:?}"
            );
        }
    }

    #[test]
    fn stop_words_stay_when_nothing_else_is_asked() {
        assert_eq!(of_text("о судимости").len(), 1);
        assert_eq!(of_query("за").len(), 1);
        assert!(of_query("!!! «»").is_empty());
    }
}
