//! Every locale says the same: one set of messages, attributes and variables.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::tree::Tree;

const FOLDER: &str = "frontend/locales/";

/// The variables of each message, by `message` or `message.attribute`.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Messages that one locale has and another has not, or has with other variables.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut locales: BTreeMap<String, Messages> = BTreeMap::new();
    let mut faults = Vec::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(FOLDER) && file.has_ending("ftl"))
    {
        let messages = locales.entry(locale_of(&file.path)).or_default();
        for (name, variables) in read(&file.text) {
            if messages.insert(name.clone(), variables).is_some() {
                faults.push(Fault::new(&file.path, format!("`{name}` is there twice")));
            }
        }
    }
    if locales.len() < 2 {
        faults.push(Fault::new(FOLDER, "there are at least two locales"));
    }
    faults.extend(differences(&locales));
    faults
}

/// `locales/ru.ftl` and `locales/ru/forms.ftl` are both Russian.
fn locale_of(path: &str) -> String {
    let rest = path.trim_start_matches(FOLDER);
    rest.split(['/', '.']).next().unwrap_or_default().to_owned()
}

fn differences(locales: &BTreeMap<String, Messages>) -> Vec<Fault> {
    let all: BTreeSet<&String> = locales.values().flat_map(Messages::keys).collect();
    let mut faults = Vec::new();
    for name in all {
        let everywhere: BTreeSet<_> = locales
            .values()
            .filter_map(|messages| messages.get(name))
            .collect();
        for (locale, messages) in locales {
            if !messages.contains_key(name) {
                faults.push(Fault::new(
                    format!("{FOLDER}{locale}"),
                    format!("`{name}` is missing"),
                ));
            }
        }
        if everywhere.len() > 1 {
            faults.push(Fault::new(
                FOLDER,
                format!("`{name}` has other variables in another locale"),
            ));
        }
    }
    faults
}

/// The entries in their order, so that one that stands twice is seen twice.
fn read(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut entries: Vec<(String, BTreeSet<String>)> = Vec::new();
    let mut message = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = entry(line) {
            message = name;
            entries.push((name.to_owned(), BTreeSet::new()));
        } else if let Some(attribute) = line.trim_start().strip_prefix('.').and_then(entry) {
            entries.push((format!("{message}.{attribute}"), BTreeSet::new()));
        }
        if let Some((_, found)) = entries.last_mut() {
            found.extend(variables(line));
        }
    }
    entries
}

/// The name before ` =`, when the line begins with one.
fn entry(line: &str) -> Option<&str> {
    let (name, _) = line.split_once('=')?;
    let name = name.trim_end();
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!name.is_empty() && !name.starts_with(char::is_whitespace) && name.chars().all(valid))
        .then_some(name)
}

fn variables(line: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let after = line.split('$').skip(1);
    after
        .map(|rest| rest.chars().take_while(|c| is_name(*c)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::tree::TextFile;

    #[track_caller]
    fn check_texts(ru: &str, en: &str, expected: &[&str]) {
        let files = vec![
            TextFile::new("frontend/locales/ru.ftl", ru),
            TextFile::new("frontend/locales/en/main.ftl", en),
        ];
        let faults = check(&Tree {
            packages: Vec::new(),
            files,
        });
        let rules: Vec<_> = faults.iter().map(|fault| fault.rule.as_str()).collect();
        assert_eq!(rules, expected);
    }

    #[test]
    fn same_messages_pass() {
        let ru = "# note = x\ncount = { $n ->\n    [one] { $n } раз\n   *[many] { $n } раз\n }\n    .hint = a\n";
        check_texts(ru, "count = { $n } times\n    .hint = b\n", &[]);
    }

    #[test]
    fn missing_messages_attributes_and_variables_are_found() {
        check_texts("a = 1\nb = 2\n", "a = 1\n", &["`b` is missing"]);
        check_texts(
            "a = 1\n    .hint = x\n",
            "a = 1\n",
            &["`a.hint` is missing"],
        );
        check_texts(
            "a = { $n }\n",
            "a = { $m }\n",
            &["`a` has other variables in another locale"],
        );
        check_texts("a = 1\na = 2\n", "a = 1\n", &["`a` is there twice"]);
    }
}
