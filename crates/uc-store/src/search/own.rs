//! Search in what is the person's own: few rows, so they are looked through.

use super::{family, stems};
use crate::StoreError;

/// What the words of a search are looked for in: stems and words as they stand, each after a space.
pub(crate) fn haystack(texts: &[&str]) -> String {
    let mut words = String::from(" ");
    for (_, word) in texts.iter().flat_map(|text| stems::placed(text)) {
        for form in [
            Some(word.raw.as_str()),
            Some(word.stem.as_str()),
            family::of_stem(&word.stem),
        ] {
            words.extend(form.into_iter().flat_map(|form| [form, " "]));
        }
    }
    words
}

/// The words of a search as JSON: of each what must stand in the haystack at the beginning of a word, its stem or its
/// family's name.
pub(crate) fn needles(text: &str) -> Result<String, StoreError> {
    let needles: Vec<[String; 2]> = stems::of_query(text)
        .iter()
        .map(|word| {
            [
                &word.stem,
                family::of_stem(&word.stem).unwrap_or(&word.stem),
            ]
        })
        .map(|either| either.map(|stem| format!(" {stem}")))
        .collect();
    Ok(serde_json::to_string(&needles)?)
}

/// Holds where a haystack has neither of what `word.value` of the [`needles`] says.
macro_rules! lacks {
    ($haystack:literal) => {
        concat!(
            "(instr(",
            $haystack,
            ", word.value ->> 0) = 0 AND instr(",
            $haystack,
            ", word.value ->> 1) = 0)"
        )
    };
}
pub(crate) use lacks;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, texts: &[&str], expected: bool) {
        let haystack = haystack(texts);
        let needles: Vec<[String; 2]> = serde_json::from_str(&needles(query).unwrap()).unwrap();
        let has = |either: &[String; 2]| either.iter().any(|needle| haystack.contains(needle));
        let found = needles.iter().all(has);
        assert_eq!(found, expected, "{query}: {needles:?} in {haystack:?}");
    }

    #[test]
    fn words_are_found_in_any_form_and_unfinished() {
        let texts = ["Замена паспорта гражданина РФ", "МВД", "2026-000123"];
        for query in [
            "",
            "паспорт",
            "заменить паспорт",
            "мвд",
            "пасп",
            "000123",
            "2026-0001",
            "ПАСПОРТА мвд",
        ] {
            check(query, &texts, true);
        }
        for query in ["справка", "паспорт справка", "аспорт", "99"] {
            check(query, &texts, false);
        }
    }

    #[test]
    fn an_unfinished_word_may_belong_to_another_family() {
        check("зам", &["Регистрация замужества"], true);
        check("зам", &["Обмен паспорта"], true);
    }

    #[test]
    fn what_is_typed_is_only_letters_and_digits() {
        for hostile in ["\"", "\\\" ]", "']; DROP TABLE message", "\u{0}"] {
            let needles: Vec<[String; 2]> =
                serde_json::from_str(&needles(hostile).unwrap()).unwrap();
            let words = needles.iter().flatten().map(|needle| needle.trim_start());
            assert!(words.flat_map(str::chars).all(char::is_alphanumeric));
        }
    }
}
