use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uc_model::{ApplicationId, OutboxState};
use uuid::Uuid;

use crate::{
    feed::{Change, news},
    outbox::{self, Haste, LONGEST_PAUSE, Outcome, Pending},
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
}

fn pending(seq: i64, service: &str, state: OutboxState, next_at: i64) -> Pending {
    Pending {
        seq,
        service: service.parse().unwrap(),
        state,
        attempts: 0,
        next_at: at(next_at),
    }
}

#[test]
fn ob_14_submissions_for_one_service_keep_their_order() {
    let rows = [
        pending(3, "b", OutboxState::Sealed, 0),
        pending(2, "a", OutboxState::Sealed, 0),
        pending(1, "a", OutboxState::Unknown, 50),
    ];
    let plan = outbox::next(&rows, Haste::Patient, at(10));
    assert_eq!((plan.send, plan.wake_at), (vec![3], Some(at(50))));
    let plan = outbox::next(&rows, Haste::Eager, at(10));
    assert_eq!((plan.send, plan.wake_at), (vec![1, 3], None));
}

#[test]
fn nothing_is_sent_that_is_not_owed() {
    for state in [
        OutboxState::Draft,
        OutboxState::Registered,
        OutboxState::NeedsYou,
        OutboxState::Cancelled,
    ] {
        let plan = outbox::next(&[pending(1, "a", state, 0)], Haste::Eager, at(10));
        assert_eq!(plan, outbox::Plan::default());
    }
}

#[test]
fn ob_09_pauses_grow_and_are_bounded_whatever_the_portal_asks() {
    let mut row = pending(1, "a", OutboxState::Staged, 0);
    let mut last = SignedDuration::ZERO;
    for _ in 0..40 {
        let after = outbox::apply(&row, Outcome::AnswerLost, at(0));
        let pause = after.next_at.duration_since(at(0));
        assert!(pause >= last && pause <= LONGEST_PAUSE);
        (row.attempts, last) = (after.attempts, pause);
    }
    assert_eq!(last, LONGEST_PAUSE);
    for (asked, expected) in [
        (SignedDuration::from_secs(30), SignedDuration::from_secs(30)),
        (SignedDuration::from_secs(1_000_000_000_000), LONGEST_PAUSE),
        (SignedDuration::from_secs(-5), SignedDuration::from_secs(1)),
    ] {
        let outcome = Outcome::NotTaken {
            retry_after: Some(asked),
        };
        let after = outbox::apply(&row, outcome, at(0));
        assert_eq!(after.next_at.duration_since(at(0)), expected);
    }
}

#[test]
fn app_05_an_unreached_portal_does_not_answer_for_a_lost_reply() {
    let not_taken = Outcome::NotTaken { retry_after: None };
    for (before, expected) in [
        (OutboxState::Sealed, OutboxState::Staged),
        (OutboxState::Staged, OutboxState::Staged),
        (OutboxState::Unknown, OutboxState::Unknown),
        (OutboxState::Sending, OutboxState::Unknown),
    ] {
        let row = pending(1, "a", before, 0);
        assert_eq!(outbox::apply(&row, not_taken, at(0)).state, expected);
    }
}

/// What can happen to one attempt.
#[derive(Debug, Clone, Copy)]
enum Fate {
    RequestLost,
    AnswerLost,
    Answered,
    CrashBeforeSend,
    CrashAfterSend,
    CrashBeforeWrite,
}

/// The device's disk and the portal's, and nothing else: what survives a crash.
struct World {
    disk: BTreeMap<i64, Pending>,
    /// Submissions by the portal's account, with how often each was created.
    portal: HashMap<i64, u32>,
    order: Vec<i64>,
}

impl World {
    fn attempt(&mut self, seq: i64, fate: Fate, now: Timestamp) {
        let before = self.disk[&seq].clone();
        self.write(seq, outbox::begin(&before, now));
        if matches!(fate, Fate::CrashBeforeSend) {
            return self.restart();
        }
        if !matches!(fate, Fate::RequestLost) {
            // The key of a submission is created once, however often it comes.
            self.portal.entry(seq).or_insert_with(|| {
                self.order.push(seq);
                1
            });
        }
        let outcome = match fate {
            Fate::RequestLost => Outcome::NotTaken { retry_after: None },
            Fate::AnswerLost => Outcome::AnswerLost,
            Fate::Answered | Fate::CrashBeforeWrite => Outcome::Registered,
            Fate::CrashAfterSend | Fate::CrashBeforeSend => return self.restart(),
        };
        if matches!(fate, Fate::CrashBeforeWrite) {
            return self.restart();
        }
        self.write(seq, outbox::apply(&before, outcome, now));
    }

    fn write(&mut self, seq: i64, progress: outbox::Progress) {
        let row = self.disk.get_mut(&seq).unwrap();
        (row.state, row.attempts, row.next_at) =
            (progress.state, progress.attempts, progress.next_at);
    }

    fn restart(&mut self) {
        for row in self.disk.values_mut() {
            row.state = outbox::recover(row.state);
        }
    }
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::RequestLost),
        Just(Fate::AnswerLost),
        Just(Fate::Answered),
        Just(Fate::CrashBeforeSend),
        Just(Fate::CrashAfterSend),
        Just(Fate::CrashBeforeWrite),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ob_05_crashes_and_lost_messages_lose_and_double_nothing(
        services in prop::collection::vec(0_u8..3, 1..6),
        fates in prop::collection::vec(fates(), 0..60),
    ) {
        let mut world = World {
            disk: (1..).zip(&services)
                .map(|(seq, service)| (seq, pending(seq, &format!("s{service}"), OutboxState::Sealed, 0)))
                .collect(),
            portal: HashMap::new(),
            order: Vec::new(),
        };
        let mut now = 0;
        for fate in fates.into_iter().chain(std::iter::repeat_n(Fate::Answered, services.len())) {
            now += 7_200;
            let rows: Vec<Pending> = world.disk.values().cloned().collect();
            if let Some(seq) = outbox::next(&rows, Haste::Patient, at(now)).send.first() {
                world.attempt(*seq, fate, at(now));
            }
        }
        for row in world.disk.values() {
            prop_assert_eq!(row.state, OutboxState::Registered);
            prop_assert_eq!(world.portal.get(&row.seq), Some(&1));
        }
        for service in 0..3_usize {
            let sent: Vec<i64> = world.order.iter().copied()
                .filter(|seq| usize::from(services[usize::try_from(*seq).unwrap() - 1]) == service)
                .collect();
            prop_assert!(sent.is_sorted(), "{:?}", sent);
        }
    }

    #[test]
    fn feed_pages_replayed_or_cut_differently_give_the_same_state(
        history in prop::collection::vec((0_u128..6, 1_u64..20), 0..40),
        pages in prop::collection::vec((0_usize..40, 1_usize..9), 0..30),
    ) {
        let change = |place: usize| {
            let (id, revision) = history[place];
            Change { id: ApplicationId::new(Uuid::from_u128(id)), revision, value: revision }
        };
        let mut state: HashMap<ApplicationId, u64> = HashMap::new();
        let mut write = |from: usize, length: usize| {
            let page = (from..history.len().min(from + length)).map(change).collect();
            for news in news(|id| state.get(&id).copied(), page) {
                state.insert(news.id, news.value);
            }
            state.clone()
        };
        for (from, length) in pages {
            write(from.min(history.len()), length);
        }
        let reached = write(0, history.len());
        let mut expected: HashMap<ApplicationId, u64> = HashMap::new();
        for place in 0..history.len() {
            let change = change(place);
            let known = expected.entry(change.id).or_default();
            *known = change.revision.max(*known);
        }
        prop_assert_eq!(&reached, &expected);
        prop_assert_eq!(write(0, history.len()), reached);
    }
}
