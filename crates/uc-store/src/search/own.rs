//! Search in what is the person's own: few rows, so they are looked through.

use super::{family, stems};

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

/// The words of a search as a JSON list; each must stand in the haystack, at the beginning of a word there.
pub(crate) fn needles(text: &str) -> String {
    let needles = stems::of_query(text).into_iter().map(|word| {
        let stem = family::of_stem(&word.stem).unwrap_or(&word.stem);
        format!("\" {stem}\"")
    });
    format!("[{}]", needles.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, texts: &[&str], expected: bool) {
        let haystack = haystack(texts);
        let needles: Vec<String> = serde_json::from_str(&needles(query)).unwrap();
        let found = needles.iter().all(|needle| haystack.contains(needle));
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
    fn what_is_typed_never_leaves_its_quotes() {
        for hostile in ["\"", "\\\" ]", "']; DROP TABLE message", "\u{0}"] {
            let needles: Vec<String> = serde_json::from_str(&needles(hostile)).unwrap();
            assert!(needles.iter().all(|needle| needle.starts_with(' ')));
        }
    }
}
