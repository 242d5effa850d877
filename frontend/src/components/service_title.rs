//! A service's name, with what a search found of it marked.

use std::ops::Range;

use uc_ipc::ServiceRow;
use yew::prelude::*;

use crate::i18n::I18n;

/// The name in the person's language.
pub(crate) fn service_title(i18n: &I18n, row: &ServiceRow) -> Html {
    let title = i18n.pick(&row.title, &row.title_en);
    let marks = if title == row.title {
        &row.marks.title
    } else {
        &row.marks.title_en
    };
    let pieces = pieces(title, marks).into_iter();
    pieces
        .map(|(text, is_marked)| {
            if is_marked {
                html! { <mark>{ text }</mark> }
            } else {
                html! { { text } }
            }
        })
        .collect()
}

/// The text in pieces, marked or not. Marks that do not fit the text are left out.
fn pieces<'a>(text: &'a str, marks: &[Range<usize>]) -> Vec<(&'a str, bool)> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for mark in marks {
        if let (Some(plain), Some(marked)) = (text.get(end..mark.start), text.get(mark.clone())) {
            pieces.extend([(plain, false), (marked, true)]);
            end = mark.end;
        }
    }
    pieces.push((&text[end..], false));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cut_the_text() {
        assert_eq!(
            pieces("Замена паспорта", &[0..12, 13..29]),
            [("Замена", true), (" ", false), ("паспорта", true)]
        );
        assert_eq!(pieces("Замена", &[]), [("Замена", false)]);
    }

    #[test]
    fn marks_that_do_not_fit_are_left_out() {
        for strange in [1..2, 3..4, 0..40] {
            assert_eq!(pieces("Замена", &[strange]), [("Замена", false)]);
        }
    }
}
