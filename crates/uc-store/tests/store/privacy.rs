//! What the files tell to someone without the key.

use std::fs;

use serde_json::json;
use uc_model::Answers;

use crate::{
    Profile,
    contract::{draft, sealed},
};

/// Where one of the markers stands in one of the folder's files.
fn found(profile: &Profile, markers: &[String]) -> Option<String> {
    let folder = profile.vault_path();
    fs::read_dir(folder.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find_map(|path| {
            let bytes = fs::read(&path).unwrap();
            markers
                .iter()
                .find(|marker| {
                    bytes
                        .windows(marker.len())
                        .any(|window| window == marker.as_bytes())
                })
                .map(|marker| format!("{marker} in {}", path.display()))
        })
}

#[test]
fn st_10_no_value_stands_in_the_files_in_plain_text() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let markers: Vec<String> = (0..200)
        .map(|number| format!("Маркер-{number:03}-{}", number * 7919))
        .collect();
    let kept = markers.clone();
    vault
        .write_blocking(move |tx| {
            for (number, marker) in (1..).zip(&kept) {
                let names = (marker.as_str(), marker.as_str());
                let answers = Answers::from_iter([(marker.clone(), json!(marker))]);
                if number % 2 == 0 {
                    let mut sealed = sealed(number, 1);
                    sealed.answers = answers;
                    tx.insert_outbox_row(&sealed, names)?;
                } else {
                    let mut draft = draft(number, 1);
                    draft.answers = answers;
                    tx.update_draft(&draft, names)?;
                }
            }
            tx.update_setting("log", &kept.join(" "))
        })
        .unwrap();
    let text = markers.join("\n");
    vault
        .write_blocking(move |tx| tx.update_profile(&text))
        .unwrap();

    let planted = profile.vault_path().with_file_name("planted");
    fs::write(&planted, format!("x{}x", markers[123])).unwrap();
    assert!(
        found(&profile, &markers).is_some(),
        "the search finds a planted marker"
    );
    fs::remove_file(planted).unwrap();

    let log = profile.vault_path().with_file_name("vault.db-wal");
    assert!(
        fs::metadata(log).unwrap().len() > 0,
        "the log is searched too"
    );
    assert_eq!(found(&profile, &markers), None);
    drop(vault);
    assert_eq!(found(&profile, &markers), None);
}
