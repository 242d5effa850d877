use std::collections::HashSet;

use uuid::Uuid;

use super::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn standing(number: u128, status: ApplicationStatus, messages: usize) -> Standing {
    Standing {
        application: ApplicationId::new(Uuid::from_u128(number)),
        status,
        messages,
        changed_at: Timestamp::UNIX_EPOCH,
    }
}

fn phrases(before: &[Standing], after: &[Standing]) -> Vec<Phrase> {
    plan(before, after, Preferences::All, Timestamp::UNIX_EPOCH + DAY)
        .into_iter()
        .map(|notification| notification.phrase)
        .collect()
}

use ApplicationStatus::{Approved, InProgress, NeedsCorrection, Registered};

#[test]
fn note_04_a_change_of_status_is_told_once() {
    let (before, after) = (
        [standing(1, Registered, 0)],
        [standing(1, NeedsCorrection, 1)],
    );
    assert_eq!(phrases(&before, &after), [Phrase::NeedsCorrection]);
    assert_eq!(phrases(&after, &after), []);
}

#[test]
fn note_04_a_message_without_a_change_is_told() {
    let (before, after) = ([standing(1, InProgress, 0)], [standing(1, InProgress, 2)]);
    assert_eq!(phrases(&before, &after), [Phrase::Message]);
}

#[test]
fn what_was_not_known_before_is_not_told() {
    assert_eq!(phrases(&[], &[standing(1, Approved, 3)]), []);
}

#[test]
fn old_news_and_unwanted_news_are_not_told() {
    let (before, after) = ([standing(1, Registered, 0)], [standing(1, Approved, 0)]);
    let at = |days: i32| Timestamp::UNIX_EPOCH + DAY * days;
    assert_eq!(plan(&before, &after, Preferences::All, at(8)), []);
    assert_eq!(plan(&before, &after, Preferences::Nothing, at(1)), []);
    assert_eq!(plan(&before, &after, Preferences::All, at(1)).len(), 1);
}

#[test]
fn much_news_becomes_one_notification() {
    let before: Vec<_> = (0..5)
        .map(|number| standing(number, Registered, 0))
        .collect();
    let after: Vec<_> = (0..5)
        .map(|number| standing(number, InProgress, 0))
        .collect();
    assert_eq!(phrases(&before, &after), [Phrase::Several]);
    assert_eq!(phrases(&before[..3], &after[..3]).len(), 3);
}

#[test]
fn nt_01_there_are_at_most_twelve_phrases_and_each_is_worded() {
    for tongue in [Tongue::Ru, Tongue::En] {
        let words: HashSet<&str> = Phrase::ALL
            .into_iter()
            .map(|phrase| phrase.words(tongue))
            .collect();
        assert!(words.len() <= 12 && !words.contains(""));
        assert!(!tongue.title().is_empty());
        assert!(
            words
                .iter()
                .all(|words| !words.contains(|c: char| c.is_ascii_digit() || c == '{'))
        );
    }
}
