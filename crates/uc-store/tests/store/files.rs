//! Files that go with applications.

use serde_json::json;
use uc_model::ContentHash;
use uc_store::{Draft, Vault};

use crate::{
    Profile,
    contract::{NAMES, application, draft, sealed},
    vault_key,
};

/// A file with a name of one hexadecimal digit.
fn photo(name: &str) -> ContentHash {
    name.repeat(64).parse().unwrap()
}

/// A draft whose answers name a file.
fn illustrated(number: u128, file: ContentHash) -> Draft {
    let mut draft = draft(number, 1);
    let answer = json!({ "file": file, "name": "яма.jpg", "size": 1 });
    draft.answers.insert("photo".to_owned(), answer);
    draft
}

fn attach(vault: &Vault, number: u128, file: ContentHash, bytes: Vec<u8>) {
    vault
        .write_blocking(move |tx| {
            tx.attach(application(number), "photo", file, &bytes)?;
            tx.update_draft(&illustrated(number, file), NAMES)
        })
        .unwrap();
}

fn size(vault: &Vault, file: ContentHash) -> Option<u64> {
    vault
        .read_blocking(move |view| view.find_file(file))
        .unwrap()
}

/// The whole file from `start` on, in the pieces that the store gives.
fn read(vault: &Vault, file: ContentHash, mut start: u64) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(part) = vault
        .read_blocking(move |view| view.read_file(file, start))
        .unwrap()
    {
        assert!((1..=1024 * 1024).contains(&part.len()));
        start += part.len() as u64;
        whole.extend(part);
    }
    whole
}

#[test]
fn ob_15_a_file_is_kept_whole_and_read_from_any_place() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let bytes: Vec<u8> = (0..=250).cycle().take(2_500_000).collect();
    let file = photo("a");
    attach(&vault, 1, file, bytes.clone());
    assert_eq!(size(&vault, file), Some(bytes.len() as u64));
    for start in [
        0,
        1,
        1024 * 1024 - 1,
        1024 * 1024,
        2_000_000,
        bytes.len() - 1,
        bytes.len(),
    ] {
        assert_eq!(read(&vault, file, start as u64), bytes[start..], "{start}");
    }
    assert!(read(&vault, photo("b"), 0).is_empty());
}

#[test]
fn ob_15_a_file_is_kept_once_and_as_long_as_something_names_it() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let (first, second) = (photo("a"), photo("b"));
    attach(&vault, 1, first, vec![1; 10]);
    attach(&vault, 2, first, vec![1; 10]);
    vault
        .write_blocking(|tx| tx.delete_draft(application(1)))
        .unwrap();
    assert_eq!(size(&vault, first), Some(10));
    attach(&vault, 2, second, vec![2; 20]);
    assert_eq!(
        (size(&vault, first), size(&vault, second)),
        (None, Some(20))
    );

    let mut sealed = sealed(2, 1);
    sealed.answers = illustrated(2, second).answers;
    let row = vault
        .write_blocking(move |tx| tx.insert_outbox_row(&sealed, NAMES))
        .unwrap();
    assert_eq!(size(&vault, second), Some(20));
    vault
        .write_blocking(move |tx| tx.delete_outbox_row(row.seq))
        .unwrap();
    assert_eq!(size(&vault, second), None);
}

#[test]
fn ob_15_a_file_whose_question_is_not_answered_is_not_sent_along() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    attach(&vault, 2, photo("a"), vec![1; 10]);
    vault
        .write_blocking(|tx| tx.insert_outbox_row(&sealed(2, 1), NAMES))
        .unwrap();
    assert_eq!(size(&vault, photo("a")), None);
}

#[test]
fn ob_15_what_was_attached_to_a_draft_that_was_never_kept_goes_at_the_next_opening() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    attach(&vault, 1, photo("a"), vec![1; 10]);
    vault
        .write_blocking(|tx| tx.attach(application(9), "photo", photo("b"), &[2; 20]))
        .unwrap();
    let expected = vault.mark();
    drop(vault);
    let vault = Vault::open(&profile.vault_path(), &vault_key(), expected).unwrap();
    assert_eq!(
        (size(&vault, photo("a")), size(&vault, photo("b"))),
        (Some(10), None)
    );
}
