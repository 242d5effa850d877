//! Which words of a service's names a query found.

use std::ops::Range;

use uc_model::Marks;

use super::{plan::Clause, stems};
use crate::ServiceSummary;

/// Marks the words that `clauses` found.
pub(crate) fn set(service: &mut ServiceSummary, clauses: &[Clause]) {
    service.marks = Marks {
        title: of_text(&service.title, clauses),
        title_en: of_text(&service.title_en, clauses),
    };
}

fn of_text(text: &str, clauses: &[Clause]) -> Vec<Range<usize>> {
    stems::placed(text)
        .filter(|(_, word)| !stems::is_stop_word(&word.raw))
        .filter(|(_, word)| clauses.iter().any(|clause| clause.matches(word)))
        .map(|(place, _)| place)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{super::plan, *};

    #[track_caller]
    fn check(query: &str, title: &str, expected: &[&str]) {
        let clauses = plan::strict(&stems::of_query(query));
        let marked: Vec<&str> = of_text(title, &clauses)
            .into_iter()
            .map(|place| &title[place])
            .collect();
        assert_eq!(marked, expected, "{query}");
    }

    #[test]
    fn words_are_marked_in_any_form_and_whole() {
        check(
            "заменить паспорт",
            "Замена паспорта «по возрасту»",
            &["Замена", "паспорта"],
        );
        check("пасп", "Замена паспорта", &["паспорта"]);
        check("детям", "Пособие на ребёнка", &["ребёнка"]);
        check("на", "Пособие на ребёнка", &[]);
        check("passport", "Replacement of a passport", &["passport"]);
        check("справка", "", &[]);
    }
}
