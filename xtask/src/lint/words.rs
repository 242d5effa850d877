//! What stands in files: English code, reasons for what is left to do, no places of one machine.

use super::Fault;
use super::tree::{TextFile, Tree};

/// Code whose data is Russian: pages of the portal, letters of the alphabet for search, check rules, sample data.
const RUSSIAN_PLACES: &[&str] = &[
    "crates/uc-portal/src/pages",
    "crates/uc-portal/src/oidc/pages",
    "crates/uc-portal/src/demo",
    "crates/uc-portal/src/seed",
    "crates/uc-store/src/search",
    "frontend/src/backend/fake",
    "crates/uc-model/src/",
    "crates/uc-forms/src/",
    "xtask/src/lint/",
];

/// Folders that exist on one machine only.
const MACHINE_PLACES: &[&str] = &["/work/", "/root/", "/home/", "/Users/", "C:\\Users"];

/// Everything that reads wrong.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    tree.files
        .iter()
        .flat_map(|file| {
            let rules = [
                russian_in_code(file),
                unfinished(file),
                machine_places(file),
            ];
            rules.into_iter().flatten()
        })
        .collect()
}

/// A single letter in quotes is data of an algorithm; a word is for people.
fn russian_in_code(file: &TextFile) -> Vec<Fault> {
    let exempt = !file.is_rust()
        || file.is_test()
        || RUSSIAN_PLACES
            .iter()
            .any(|place| file.path.starts_with(place));
    if exempt {
        return Vec::new();
    }
    let lines = file.rust.code.lines().enumerate();
    lines
        .filter(|(_, line)| has_russian_word(line))
        .map(|(at, _)| {
            Fault::new(
                file.place(at + 1),
                "words for people stand in locale files or pages",
            )
        })
        .collect()
}

fn has_russian_word(line: &str) -> bool {
    // The product's own name is the same in every language.
    let line = line.replace("Единый клиент", "");
    let letters: Vec<bool> = line
        .chars()
        .map(|c| matches!(c, 'А'..='я' | 'ё' | 'Ё'))
        .collect();
    letters
        .windows(3)
        .any(|three| three.iter().all(|letter| *letter))
}

fn unfinished(file: &TextFile) -> Vec<Fault> {
    if !file.is_rust() || file.path.starts_with("xtask/src/lint/") {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| line.contains("FIXME") || lacks_reason(line))
        .map(|(at, _)| {
            Fault::new(
                file.place(at + 1),
                "a TODO names its reason: `TODO: until …`",
            )
        })
        .collect()
}

fn lacks_reason(line: &str) -> bool {
    const SHORTEST_REASON: usize = 12;
    let Some((_, rest)) = line.split_once("TODO") else {
        return false;
    };
    rest.strip_prefix(':')
        .is_none_or(|reason| reason.trim().len() < SHORTEST_REASON)
}

fn machine_places(file: &TextFile) -> Vec<Fault> {
    if file.path.starts_with("xtask/src/lint/") {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| MACHINE_PLACES.iter().any(|place| names_place(line, place)))
        .map(|(at, _)| Fault::new(file.place(at + 1), "a place that only one machine has"))
        .collect()
}

/// `/home/` inside a longer path or address is something else.
fn names_place(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-/~}*".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_line(path: &str, line: &str, expected: usize) {
        let files = vec![TextFile::new(path, line)];
        let faults = check(&Tree {
            packages: Vec::new(),
            files,
        });
        assert_eq!(faults.len(), expected, "{line}: {faults:?}");
    }

    #[test]
    fn russian_words_in_code_are_found() {
        check_line("crates/uc-core/src/lib.rs", "let a = \"Войти\";", 1);
        check_line("crates/uc-core/src/lib.rs", "let a = 'ё'; // по-русски", 0);
        check_line("crates/uc-core/src/tests.rs", "let a = \"Войти\";", 0);
        check_line("src-tauri/src/lib.rs", "let title = \"Единый клиент\";", 0);
    }

    #[test]
    fn todo_without_a_reason_is_found() {
        check_line("src-tauri/src/lib.rs", "// TODO", 1);
        check_line("src-tauri/src/lib.rs", "// TODO: later", 1);
        check_line(
            "src-tauri/src/lib.rs",
            "// TODO: until the portal sends the agency's zone",
            0,
        );
    }

    #[test]
    fn places_of_one_machine_are_found() {
        check_line("README.md", "see /home/anna/src", 1);
        check_line("README.md", "https://example.org/home/page", 0);
    }
}
