use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uc_model::{
    Answers, ApplicationId, ApplicationStatus, IdempotencyKey, MessageId, OutboxState, ServiceId,
};
use uc_store::{
    ApplicationGroup, CatalogueCursor, Draft, FeedCursor, Filter, ListedState, NewMessage,
    PortalCopy, Sealed, StoreError, Vault,
};
use uuid::Uuid;

use crate::{Profile, catalogue, damage::raw_connection, mark, vault_key};

pub(crate) const NAMES: (&str, &str) = ("Замена паспорта", "МВД России");

pub(crate) fn application(number: u128) -> ApplicationId {
    ApplicationId::new(Uuid::from_u128(number))
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_700_000_000 + seconds)
}

pub(crate) fn service() -> ServiceId {
    "passport-replacement".parse().unwrap()
}

pub(crate) fn draft(number: u128, seconds: i64) -> Draft {
    Draft {
        application: application(number),
        service: service(),
        form_version: 1,
        submission: 1,
        acting_for: None,
        answers: Answers::from_iter([("reason".to_owned(), json!("age"))]),
        from_profile: vec!["snils".to_owned()],
        step: 2,
        faults: None,
        conflicts: Answers::default(),
        saved_at: at(seconds),
    }
}

pub(crate) fn sealed(number: u128, seconds: i64) -> Sealed {
    Sealed {
        key: IdempotencyKey::new(Uuid::from_u128(number + 1_000_000)),
        application: application(number),
        service: service(),
        person: "person-1".parse().unwrap(),
        form_version: 1,
        submission: 1,
        acting_for: None,
        answers: draft(number, seconds).answers,
        fingerprint: [9; 32],
        sealed_at: at(seconds),
    }
}

fn copy(number: u128, revision: u64, status: ApplicationStatus) -> PortalCopy {
    PortalCopy {
        id: application(number),
        revision,
        service: service(),
        title: NAMES.0.to_owned(),
        agency: NAMES.1.to_owned(),
        number: format!("ЕК-2026-{number:06}"),
        status,
        changed_at: at(i64::try_from(revision).unwrap()),
        due_at: Some(at(900)),
        dialog: format!("{{\"revision\":{revision}}}"),
    }
}

fn state(vault: &Vault, number: u128) -> Option<ListedState> {
    vault
        .read_blocking(move |view| view.find_application(application(number)))
        .unwrap()
        .map(|found| found.state)
}

#[test]
fn app_05_the_listed_state_follows_draft_outbox_and_portal() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    vault
        .write_blocking(|tx| tx.update_draft(&draft(1, 1), NAMES))
        .unwrap();
    assert_eq!(state(&vault, 1), Some(ListedState::Draft));

    let row = vault
        .write_blocking(|tx| tx.insert_outbox_row(&sealed(1, 2), NAMES))
        .unwrap();
    assert_eq!(state(&vault, 1), Some(ListedState::Queued));
    let kept = vault
        .read_blocking(|view| view.find_draft(application(1)))
        .unwrap();
    assert_eq!(kept, None, "the draft became the submission");

    for (step, listed) in [
        (OutboxState::Sending, ListedState::Sending),
        (OutboxState::Unknown, ListedState::Unknown),
    ] {
        let seq = row.seq;
        vault
            .write_blocking(move |tx| tx.update_outbox_row(seq, step, 1, at(3)))
            .unwrap();
        assert_eq!(state(&vault, 1), Some(listed));
    }

    let seq = row.seq;
    vault
        .write_blocking(move |tx| {
            tx.update_portal_copy(&copy(1, 4, ApplicationStatus::Registered))?;
            tx.delete_outbox_row(seq)
        })
        .unwrap();
    assert_eq!(state(&vault, 1), Some(ListedState::Registered));
}

#[test]
fn a_discarded_draft_takes_its_application_along_unless_the_portal_has_it() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    vault
        .write_blocking(|tx| {
            tx.update_draft(&draft(1, 1), NAMES)?;
            tx.update_portal_copy(&copy(2, 4, ApplicationStatus::NeedsCorrection))?;
            tx.update_draft(&draft(2, 5), NAMES)?;
            tx.delete_draft(application(1))?;
            tx.delete_draft(application(2))
        })
        .unwrap();
    assert_eq!(state(&vault, 1), None);
    assert_eq!(state(&vault, 2), Some(ListedState::NeedsCorrection));
}

#[test]
fn app_08_an_older_copy_of_the_portal_changes_nothing() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let keep = |copy: PortalCopy| {
        vault
            .write_blocking(move |tx| tx.update_portal_copy(&copy))
            .unwrap()
    };
    assert!(keep(copy(1, 5, ApplicationStatus::Approved)));
    assert!(!keep(copy(1, 5, ApplicationStatus::Approved)));
    assert!(!keep(copy(1, 4, ApplicationStatus::InProgress)));
    assert_eq!(state(&vault, 1), Some(ListedState::Approved));
}

#[test]
fn a_given_back_draft_waits_for_the_person() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let mut returned = draft(1, 1);
    returned.faults = Some(json!([]));
    vault
        .write_blocking(move |tx| tx.update_draft(&returned, NAMES))
        .unwrap();
    let found = vault
        .read_blocking(|view| view.find_application(application(1)))
        .unwrap()
        .unwrap();
    assert_eq!(found.state, ListedState::Returned);
    assert_eq!(found.state.group(), ApplicationGroup::NeedsYou);
}

#[test]
fn app_06_ten_thousand_applications_are_paged_newest_first() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    vault
        .write_blocking(|tx| {
            (0..10_000_u64).try_for_each(|number| {
                let status = if number % 2 == 0 {
                    ApplicationStatus::InProgress
                } else {
                    ApplicationStatus::Approved
                };
                tx.update_portal_copy(&copy(u128::from(number) + 1, number / 3 + 1, status))
                    .map(drop)
            })
        })
        .unwrap();
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let filter = Filter {
            text: "ПАСПОРТ".to_owned(),
            group: Some(ApplicationGroup::Active),
        };
        let page = vault
            .read_blocking(move |view| view.list_applications(&filter, after.as_deref(), 99))
            .unwrap();
        assert_eq!(page.total, 5_000);
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5_000);
    assert!(seen.is_sorted_by(|one, next| (one.updated_at, one.id) > (next.updated_at, next.id)));
    let bad = vault.read_blocking(|view| view.list_applications(&Filter::default(), Some("x"), 9));
    assert!(matches!(bad, Err(StoreError::BadCursor)));
}

/// How many applications a search finds.
fn found(vault: &Vault, text: &str) -> u32 {
    let filter = Filter {
        text: text.to_owned(),
        group: None,
    };
    let page = vault.read_blocking(move |view| view.list_applications(&filter, None, 9));
    page.unwrap().total
}

fn found_messages(vault: &Vault, text: &str) -> u32 {
    let text = text.to_owned();
    let page = vault.read_blocking(move |view| view.list_messages(&text, None, 9));
    page.unwrap().total
}

#[test]
fn app_06_own_requests_and_messages_are_found_by_any_form_of_their_words() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    vault
        .write_blocking(|tx| {
            tx.update_portal_copy(&copy(1, 4, ApplicationStatus::InProgress))?;
            tx.insert_message(&NewMessage {
                id: MessageId::new(Uuid::from_u128(1)),
                application: application(1),
                sent_at: at(1),
                text: "Пришлите, пожалуйста, справку.".to_owned(),
                text_en: Some("Please send the certificate.".to_owned()),
            })
        })
        .unwrap();
    let check = |vault: &Vault| {
        for text in ["", "паспорта", "заменить паспорт мвд", "000001", "ек-2026"]
        {
            assert_eq!(found(vault, text), 1, "{text}");
        }
        for text in ["", "справка", "certificates", "паспорт справки"] {
            assert_eq!(found_messages(vault, text), 1, "{text}");
        }
        assert_eq!(found(vault, "справка"), 0);
        assert_eq!(found_messages(vault, "пособие"), 0);
    };
    check(&vault);
    let mark = vault.mark();
    drop(vault);
    // As a vault of an earlier version is after its migration.
    raw_connection(&profile.vault_path())
        .execute_batch("UPDATE message SET haystack = ''; UPDATE application SET haystack = '';")
        .unwrap();
    check(&Vault::open(&profile.vault_path(), &vault_key(), mark).unwrap());
}

#[test]
fn st_14_text_of_the_person_is_never_sql() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    vault
        .write_blocking(|tx| tx.update_draft(&draft(1, 1), NAMES))
        .unwrap();
    // What has no word in it narrows nothing.
    for text in ["'", "%", "_", "\\", "\0", "\""] {
        assert_eq!(found(&vault, text), 1, "{text:?}");
    }
    assert_eq!(found(&vault, "'; DROP TABLE draft; --"), 0);
    assert_eq!(state(&vault, 1), Some(ListedState::Draft));
}

#[test]
fn messages_are_new_once_and_read_once() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let message = |number: u128| NewMessage {
        id: MessageId::new(Uuid::from_u128(number)),
        application: application(1),
        sent_at: at(i64::try_from(number).unwrap()),
        text: format!("Сообщение {number}"),
        text_en: None,
    };
    let news = vault
        .write_blocking(move |tx| {
            tx.update_portal_copy(&copy(1, 4, ApplicationStatus::InProgress))?;
            (1..=3)
                .chain(1..=3)
                .map(|number| tx.insert_message(&message(number)))
                .collect::<Result<Vec<_>, _>>()
        })
        .unwrap();
    assert_eq!(news, [true, true, true, false, false, false]);
    vault
        .write_blocking(|tx| tx.mark_message_read(MessageId::new(Uuid::from_u128(2))))
        .unwrap();
    let page = vault
        .read_blocking(|view| view.list_messages("", None, 2))
        .unwrap();
    let shown: Vec<bool> = page.items.iter().map(|message| message.read).collect();
    assert_eq!((shown, page.total), (vec![false, true], 3));
    let rest = vault
        .read_blocking(move |view| view.list_messages("", page.next.as_deref(), 2))
        .unwrap();
    assert_eq!((rest.items.len(), rest.next), (1, None));
    vault
        .write_blocking(|tx| tx.mark_all_messages_read())
        .unwrap();
    assert_eq!(vault.read_blocking(|view| view.count_unread()).unwrap(), 0);
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let failed = vault.write_blocking(|tx| {
        tx.insert_outbox_row(&sealed(1, 1), NAMES)?;
        Err::<(), _>(StoreError::Absent)
    });
    assert!(matches!(failed, Err(StoreError::Absent)));
    assert_eq!(vault.read_blocking(|view| view.count_outbox()).unwrap(), 0);
    assert_eq!(vault.mark(), mark(0));
}

#[test]
fn one_application_has_one_submission_of_a_number() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    vault
        .write_blocking(|tx| tx.insert_outbox_row(&sealed(1, 1), NAMES))
        .unwrap();
    let mut again = sealed(1, 2);
    again.key = IdempotencyKey::new(Uuid::from_u128(5));
    let second = vault.write_blocking(move |tx| tx.insert_outbox_row(&again, NAMES));
    assert!(matches!(second, Err(StoreError::Sql(_))));
}

#[test]
fn what_is_kept_is_there_after_opening_again() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let cursor = FeedCursor {
        next: Some("f-9".to_owned()),
        synced_at: Some(at(9)),
    };
    let kept = cursor.clone();
    vault
        .write_blocking(move |tx| {
            tx.update_draft(&draft(1, 1), NAMES)?;
            tx.insert_outbox_row(&sealed(2, 1), NAMES)?;
            tx.update_profile("{\"a\":1}")?;
            tx.update_setting("auto_lock", "five_minutes")?;
            tx.count_use(&service(), at(1))?;
            tx.update_feed_cursor(&kept)
        })
        .unwrap();
    let expected = vault.mark();
    assert_eq!(expected, mark(1));
    drop(vault);

    let vault = Vault::open(&profile.vault_path(), &vault_key(), expected).unwrap();
    vault
        .read_blocking(move |view| {
            assert_eq!(view.find_draft(application(1))?, Some(draft(1, 1)));
            assert_eq!(view.find_draft_for(&service())?, Some(draft(1, 1)));
            assert_eq!(
                view.find_outbox_row(application(2))?.unwrap().sealed,
                sealed(2, 1)
            );
            assert_eq!(view.find_profile()?.as_deref(), Some("{\"a\":1}"));
            assert_eq!(
                view.find_setting("auto_lock")?.as_deref(),
                Some("five_minutes")
            );
            assert_eq!(view.list_used_services(5)?, [service()]);
            assert_eq!(view.load_feed_cursor()?, cursor);
            Ok(())
        })
        .unwrap();
}

#[test]
fn cat_04_the_catalogue_outlasts_the_process_and_a_new_life_replaces_it() {
    let profile = Profile::new();
    let store = profile.open_public();
    catalogue::fill(&store, catalogue::synthetic(20));
    let cursor = CatalogueCursor {
        next: Some("c-1".to_owned()),
        etag: Some("\"7\"".to_owned()),
        synced_at: Some(at(1)),
    };
    let kept = cursor.clone();
    store
        .write_blocking(move |tx| tx.update_catalogue_cursor(&kept))
        .unwrap();
    drop(store);

    let store = profile.open_public();
    assert!(!store.was_rebuilt());
    assert_eq!(
        store
            .read_blocking(|view| view.load_catalogue_cursor())
            .unwrap(),
        cursor
    );
    assert_eq!(
        store.read_blocking(|view| view.count_services()).unwrap(),
        20
    );
    store.write_blocking(|tx| tx.delete_catalogue()).unwrap();
    assert_eq!(
        store.read_blocking(|view| view.count_services()).unwrap(),
        0
    );
    catalogue::fill(&store, catalogue::synthetic(3));
    assert_eq!(
        store.read_blocking(|view| view.count_services()).unwrap(),
        3
    );
}
