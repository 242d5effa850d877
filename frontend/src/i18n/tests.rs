//! The locale files and the code agree.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use jiff::civil::{date, datetime};

use super::*;

/// Names and texts of a locale file; a name that stands twice fails.
fn messages(text: &str) -> BTreeMap<String, String> {
    let mut messages: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, value)) = line
            .split_once(" =")
            .filter(|_| !line.starts_with([' ', '}']))
        {
            last = name.to_owned();
            let before = messages.insert(last.clone(), value.to_owned());
            assert_eq!(before, None, "{name} stands twice");
        } else if let Some(value) = messages.get_mut(&last) {
            value.push('\n');
            value.push_str(line);
        }
    }
    messages
}

/// Names given to `key!` and `t!` anywhere in the source.
fn used_keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut keys,
    );
    keys
}

fn collect(folder: &Path, keys: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, keys);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            for call in source.split("key!(").skip(1) {
                keys.extend(literal(call));
            }
            for call in source.split("t!(").skip(1) {
                keys.extend(call.split_once(',').and_then(|(_, rest)| literal(rest)));
            }
        }
    }
}

/// The string literal that a text begins with, if it looks like a name.
fn literal(text: &str) -> Option<String> {
    let (name, _) = text.trim_start().strip_prefix('"')?.split_once('"')?;
    let looks = name.contains('-') && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    looks.then(|| name.to_owned())
}

/// Arguments that a message names.
fn arguments(text: &str) -> BTreeSet<&str> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn pers_05_both_languages_have_the_same_messages() {
    let (ru, en) = (messages(RU), messages(EN));
    let names = |messages: &BTreeMap<String, String>| messages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ru), names(&en));
    for (name, text) in &ru {
        assert_eq!(arguments(text), arguments(&en[name]), "{name}");
    }
}

#[test]
fn every_message_in_use_exists_and_every_message_is_in_use() {
    let used = used_keys();
    assert!(used.len() > 100, "the scan finds names");
    let known: BTreeSet<String> = messages(RU).into_keys().collect();
    let missing: Vec<_> = used.difference(&known).collect();
    let unused: Vec<_> = known.difference(&used).collect();
    assert_eq!((missing, unused), (vec![], vec![]));
}

#[test]
fn the_locale_files_parse() {
    for text in [RU, EN] {
        let faults = FluentResource::try_new(text.to_owned()).err();
        assert!(faults.is_none(), "{:?}", faults.map(|(_, faults)| faults));
    }
}

#[test]
fn counted_messages_have_every_plural_form() {
    for (name, text) in messages(RU) {
        if text.contains("{ $n ->") {
            for form in ["[one]", "[few]", "*[many]"] {
                assert!(text.contains(form), "{name} lacks {form}");
            }
        }
    }
}

#[test]
fn russian_counts_agree_with_their_nouns() {
    let i18n = I18n::new(Language::Ru);
    for (days, text) in [
        (1_i64, "остался 1 день"),
        (2, "осталось 2 дня"),
        (5, "осталось 5 дней"),
        (11, "осталось 11 дней"),
        (21, "остался 21 день"),
        (104, "осталось 104 дня"),
    ] {
        assert_eq!(t!(i18n, "deadline-days", n = days), text);
    }
}

#[test]
fn days_read_as_people_write_them() {
    let (ru, en) = (I18n::new(Language::Ru), I18n::new(Language::En));
    assert_eq!(ru.date(date(2026, 3, 12)), "12 марта 2026 г.");
    assert_eq!(en.date(date(2026, 3, 12)), "12 March 2026");
    let now = datetime(2026, 3, 12, 15, 0, 0, 0);
    let moment = |at| ru.moment_in(at, now);
    assert_eq!(moment(datetime(2026, 3, 12, 9, 5, 0, 0)), "сегодня в 09:05");
    assert_eq!(moment(datetime(2026, 3, 11, 23, 59, 0, 0)), "вчера в 23:59");
    assert_eq!(moment(datetime(2026, 1, 1, 0, 0, 0, 0)), "1 января в 00:00");
    assert_eq!(
        moment(datetime(2025, 12, 31, 8, 0, 0, 0)),
        "31 декабря 2025 г. в 08:00"
    );
}

#[test]
fn deadlines_count_whole_days() {
    let ru = I18n::new(Language::Ru);
    let today = date(2026, 3, 12);
    assert_eq!(
        ru.countdown_in(date(2026, 3, 12), today),
        "сегодня последний день"
    );
    assert_eq!(ru.countdown_in(date(2026, 3, 14), today), "осталось 2 дня");
    assert_eq!(
        ru.countdown_in(date(2026, 3, 11), today),
        "срок истёк 1 день назад"
    );
}

#[test]
fn big_numbers_are_grouped() {
    let i18n = I18n::new(Language::Ru);
    assert_eq!(i18n.number(10_000_u32), "10\u{202f}000");
    assert_eq!(i18n.number(999_u32), "999");
}
