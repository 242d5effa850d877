use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tempfile::TempDir;
use uc_model::{AccountLevel, Answers, IdempotencyKey};
use uc_portal_api::FeedChange;
use uuid::Uuid;

use super::*;
use crate::{
    agency::{Act, Next, Script},
    data_dir::{DATA_KEY_BYTES, DataKey},
    demo,
    store::{AgencyStep, AgencyStore, FeedStore, NewPerson, PersonStore},
};

const START: Timestamp = Timestamp::constant(1_770_000_000, 0);

async fn open() -> (SqliteStore, PersonId, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let key = DataKey::new([1; DATA_KEY_BYTES]);
    let store = SqliteStore::open(&dir.path().join("portal.db"), &key).unwrap();
    let profile = demo::persons().unwrap().remove(0).profile;
    let person = profile.id.clone();
    let new = NewPerson {
        profile,
        password_hash: String::new().into(),
        is_phone_confirmed: false,
    };
    store.insert_person(new, START).await.unwrap();
    (store, person, dir)
}

fn id(number: u8) -> Uuid {
    Uuid::from_bytes([number; 16])
}

fn script() -> Arc<Script> {
    let text = "service = \"a\"\n[[step]]\nafter_minutes = 1\naction = \"approve\"\nnote = \"n\"";
    Arc::new(toml::from_str(text).unwrap())
}

fn submission(person: &PersonId, number: u8, now: Timestamp) -> Submission {
    Submission {
        write: KeyedWrite {
            person: person.clone(),
            key: IdempotencyKey::new(id(number)),
            fingerprint: Fingerprint([number; 32]),
            application: ApplicationId::new(id(number)),
            now,
        },
        body: SubmittedApplication {
            service: "a".parse().unwrap(),
            form_version: 1,
            revision: 1,
            acting_for: None,
            answers: Answers::from_iter([("name".to_owned(), json!(number))]),
        },
        admission: Ok(Terms {
            files: Vec::new(),
            agency: "b".parse().unwrap(),
            title: String::new(),
            audience: vec![uc_model::Audience::Citizen],
            account_level: AccountLevel::Simplified,
            due_at: None,
            script: script(),
            registered: String::new(),
            in_progress: String::new(),
            number_prefix: "N".into(),
            year: 2026,
        }),
        agency_now: now,
    }
}

/// Ids of the feed's applications, pulled in pages of `limit`.
async fn pull(store: &SqliteStore, person: &PersonId, limit: usize) -> Vec<ApplicationId> {
    let (mut after, mut found) = (0, Vec::new());
    loop {
        let slice = store.list_feed(person.clone(), after, limit).await.unwrap();
        assert!(slice.changes.len() <= limit);
        found.extend(slice.changes.iter().filter_map(|change| match change {
            FeedChange::Application(dialog) => Some(dialog.id),
            FeedChange::Profile(_) | FeedChange::Roaming(_) => None,
        }));
        after = slice.last;
        if !slice.has_more {
            return found;
        }
    }
}

#[tokio::test]
async fn the_feed_is_the_same_however_it_is_cut() {
    let (store, person, _dir) = open().await;
    for number in 1..=5 {
        store
            .submit(submission(&person, number, START))
            .await
            .unwrap()
            .unwrap();
    }
    let whole = pull(&store, &person, 100).await;
    assert_eq!(whole.len(), 5);
    for limit in 1..=6 {
        assert_eq!(pull(&store, &person, limit).await, whole);
    }
}

fn approval(number: u8, seen: u64) -> AgencyStep {
    AgencyStep {
        application: ApplicationId::new(id(number)),
        seen,
        act: Some(Act {
            status: ApplicationStatus::Approved,
            kind: ActivityKind::DialogClosed,
            note: "n".into(),
            note_en: None,
            message: true,
            correction: None,
            progress: 100,
            summary: String::new(),
            next: Next::Done,
        }),
        message: uc_model::MessageId::new(id(number + 100)),
        next_due_at: None,
        now: START,
    }
}

#[tokio::test]
async fn app_08_an_agency_does_not_act_on_what_has_changed_or_twice() {
    let (store, person, _dir) = open().await;
    store
        .submit(submission(&person, 1, START))
        .await
        .unwrap()
        .unwrap();
    assert!(!store.apply_agency_step(approval(1, 2)).await.unwrap());
    let untouched = store
        .find_application(person.clone(), ApplicationId::new(id(1)))
        .await;
    assert_eq!(untouched.unwrap().unwrap().revision, 1);
    assert!(store.apply_agency_step(approval(1, 1)).await.unwrap());
    assert!(!store.apply_agency_step(approval(1, 1)).await.unwrap());
    let dialog = store
        .find_application(person, ApplicationId::new(id(1)))
        .await;
    let dialog = dialog.unwrap().unwrap();
    assert_eq!((dialog.revision, dialog.transmissions.len()), (2, 1));
    assert_eq!(store.find_next_due().await.unwrap(), None);
}

#[tokio::test]
async fn app_05_ob_12_replies_are_kept_for_more_than_ninety_days() {
    let (store, person, _dir) = open().await;
    let first = store
        .submit(submission(&person, 1, START))
        .await
        .unwrap()
        .unwrap();
    let after = |days: i64| START + SignedDuration::from_hours(24 * days);
    store
        .submit(submission(&person, 2, after(91)))
        .await
        .unwrap()
        .unwrap();
    let again = store
        .submit(submission(&person, 1, after(91)))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again, first);
    store
        .submit(submission(&person, 3, after(121)))
        .await
        .unwrap()
        .unwrap();
    // The key is forgotten, the resource is not.
    let again = store
        .submit(submission(&person, 1, after(121)))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again.status, OK);
    assert_eq!(pull(&store, &person, 100).await.len(), 3);
}

#[tokio::test]
async fn app_05_many_submissions_share_commits_and_none_shares_a_number() {
    let (store, person, _dir) = open().await;
    let sent = (1..=200).map(|number| store.submit(submission(&person, number, START)));
    let replies = futures_util::future::join_all(sent).await;
    let numbers: std::collections::BTreeSet<String> = replies
        .into_iter()
        .map(|reply| serde_json::from_str::<Dialog>(&reply.unwrap().unwrap().body).unwrap())
        .map(|dialog| dialog.external_reference)
        .collect();
    assert_eq!(numbers.len(), 200);
    assert_eq!(numbers.last().unwrap(), "N-2026-000200");
}
