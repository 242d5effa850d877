use jiff::Timestamp;
use uc_model::PersonId;

use super::*;
use crate::{
    data_dir::DATA_KEY_BYTES,
    journal::{AuthEvent, Scene},
};

fn entry(second: i64) -> NewEntry {
    NewEntry {
        event: AuthEvent::SignedIn,
        person: Some(PersonId::try_from("demo-anna".to_owned()).unwrap()),
        scene: Scene {
            at: Timestamp::from_second(second).unwrap(),
            address: Some(CoarseAddress::of("192.0.2.7".parse().unwrap())),
            device: Some(DeviceId(uuid::Uuid::from_u128(7))),
        },
    }
}

async fn written(entries: i64) -> (SqliteStore, tempfile::TempDir) {
    let root = tempfile::tempdir().unwrap();
    let key = DataKey::new([1; DATA_KEY_BYTES]);
    let store = SqliteStore::open(&root.path().join("portal.db"), &key).unwrap();
    for second in 1..=entries {
        store.append_journal(entry(second)).await.unwrap();
    }
    (store, root)
}

async fn verdict(store: &SqliteStore) -> Result<ChainHead, ChainBreak> {
    let verdict = store.read(|db| Ok(verify(db, None))).await.unwrap();
    verdict.map_err(|error| match error {
        VerifyError::Broken(broken) => broken,
        VerifyError::Open(_) | VerifyError::Read(_) => panic!("{error}"),
    })
}

#[tokio::test]
async fn auth_08_entries_come_back_as_they_were_written() {
    let (store, _root) = written(3).await;
    assert_eq!(verdict(&store).await.unwrap().seq, 3);
    let entries = store.list_journal(None, 2).await.unwrap();
    assert_eq!(
        entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
        [3, 2]
    );
    let (read, wrote) = (&entries[0], entry(3));
    assert_eq!(
        (read.at, read.address, read.device),
        (wrote.scene.at, wrote.scene.address, wrote.scene.device)
    );
    assert_eq!((&read.person, &read.event), (&wrote.person, &wrote.event));
    let stranger = PersonId::try_from("demo-timur".to_owned()).unwrap();
    assert!(
        store
            .list_journal(Some(stranger), 9)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn sv_09_the_database_refuses_to_alter_or_shorten_the_journal() {
    let (store, _root) = written(2).await;
    for statement in [
        "UPDATE journal SET at = 0",
        "DELETE FROM journal WHERE seq = 2",
    ] {
        let done = store.write(|tx| Ok(tx.execute(statement, [])?)).await;
        assert!(done.is_err(), "{statement}");
    }
    assert_eq!(verdict(&store).await.unwrap().seq, 2);
}

#[tokio::test]
async fn sv_09_what_was_changed_behind_the_triggers_is_found() {
    for (damage, broken) in [
        (
            "UPDATE journal SET person = 'demo-timur' WHERE seq = 2",
            ChainBreak::Altered(2),
        ),
        ("DELETE FROM journal WHERE seq = 2", ChainBreak::Missing(2)),
        ("DELETE FROM journal WHERE seq = 4", ChainBreak::Missing(4)),
        (
            "UPDATE journal SET seq = 9 WHERE seq = 1; UPDATE journal SET seq = 1 WHERE seq = 2;
             UPDATE journal SET seq = 2 WHERE seq = 9",
            ChainBreak::Altered(1),
        ),
        ("UPDATE journal_head SET seq = 3", ChainBreak::Surplus(4)),
    ] {
        let (store, _root) = written(4).await;
        store
            .write(move |tx| {
                tx.execute_batch(
                    "DROP TRIGGER journal_is_not_altered; DROP TRIGGER journal_is_not_shortened;",
                )?;
                Ok(tx.execute_batch(damage)?)
            })
            .await
            .unwrap();
        assert_eq!(verdict(&store).await, Err(broken), "{damage}");
    }
}
