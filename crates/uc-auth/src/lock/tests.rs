use std::time::Duration;

use rand::{SeedableRng as _, rngs::StdRng};
use sha2::Digest as _;
use uc_model::SecretString;

use super::*;

fn rng() -> StdRng {
    StdRng::seed_from_u64(7)
}

fn cheap() -> KdfParams {
    KdfParams::new(8, 1).expect("cheap costs")
}

fn device(seed: u64) -> DeviceKey {
    DeviceKey::generate(&mut StdRng::seed_from_u64(seed))
}

fn kek(passcode: &str) -> KeyEncryptionKey {
    let device = device(1);
    let passcode = SecretString::new(passcode.to_owned());
    KeyEncryptionKey::stretch(&device, &passcode, &[1; SALT_BYTES], cheap(), "citizen")
}

fn bundle() -> KeyBundle {
    let mut bundle = KeyBundle::generate("person-1".to_owned(), "Анна", &mut rng());
    bundle.outbox_mark = 42;
    bundle.slot = Slot::Second;
    bundle
}

fn sealed() -> Vec<u8> {
    let header = BundleHeader {
        params: cheap(),
        salt: [1; SALT_BYTES],
    };
    seal_bundle(&bundle(), header, &kek("480517"), &mut rng())
}

fn session() -> SessionSecrets {
    SessionSecrets {
        refresh_token: "refresh-1".to_owned().into(),
        proof_key: Some([9; 32].into()),
        ends_at: Some("2026-12-23T09:00:00Z".parse().expect("an instant")),
    }
}

#[test]
fn a_bundle_comes_back_as_it_was() {
    let file = sealed();
    let header = BundleHeader::parse(&file).expect("a header");
    assert_eq!((header.params, header.salt), (cheap(), [1; SALT_BYTES]));
    let opened = open_bundle(&file, &kek("480517")).expect("opened");
    let original = bundle();
    assert_eq!(opened.vault_key.expose(), original.vault_key.expose());
    assert_eq!(opened.vault_salt, original.vault_salt);
    assert_eq!(opened.generation, original.generation);
    assert_eq!((opened.outbox_mark, opened.slot), (42, Slot::Second));
    assert_eq!(
        (opened.subject.as_str(), opened.first_name.as_str()),
        ("person-1", "Анна")
    );
}

#[test]
fn every_damaged_byte_of_a_bundle_is_noticed() {
    let (file, kek) = (sealed(), kek("480517"));
    for at in 0..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        assert!(open_bundle(&damaged, &kek).is_err(), "byte {at}");
        assert!(open_bundle(&file[..at], &kek).is_err(), "cut at {at}");
    }
}

#[test]
fn kr_07_neither_keyring_nor_passcode_alone_opens_a_bundle() {
    let file = sealed();
    assert!(open_bundle(&file, &kek("480518")).is_err());
    let passcode = SecretString::new("480517".to_owned());
    for (device, profile) in [(device(2), "citizen"), (device(1), "other")] {
        let other =
            KeyEncryptionKey::stretch(&device, &passcode, &[1; SALT_BYTES], cheap(), profile);
        assert!(open_bundle(&file, &other).is_err());
    }
}

#[test]
fn kr_03_damage_of_bundle_and_device_key_is_told_from_another_key() {
    let file = sealed();
    let item = device(1).to_item();
    assert!(BundleHeader::parse(&file).is_ok());
    assert!(DeviceKey::parse(item.expose()).is_ok());
    for place in 0..file.len() {
        let mut bad = file.clone();
        bad[place] ^= 1;
        assert!(BundleHeader::parse(&bad).is_err(), "byte {place}");
        assert!(
            BundleHeader::parse(&file[..place]).is_err(),
            "cut to {place}"
        );
    }
    for place in 0..item.expose().len() {
        let mut bad = item.expose().clone();
        bad[place] ^= 1;
        assert!(DeviceKey::parse(&bad).is_err(), "byte {place}");
    }
}

#[test]
fn a_header_cannot_ask_for_unbounded_work() {
    for (memory, passes) in [
        (7, 1),
        (8, 0),
        (8, 17),
        (2 * 1024 * 1024, 1),
        (u32::MAX, u32::MAX),
    ] {
        assert_eq!(KdfParams::new(memory, passes), None);
    }
    let mut file = sealed();
    file[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    let end = file.len() - 32;
    let digest = sha2::Sha256::digest(&file[..end]);
    file[end..].copy_from_slice(&digest);
    assert!(BundleHeader::parse(&file).is_err());
}

#[test]
fn long_names_are_shortened_at_a_character() {
    let bundle = KeyBundle::generate("person-1".to_owned(), &"Я".repeat(200), &mut rng());
    assert_eq!(bundle.first_name, "Я".repeat(127));
}

#[test]
fn a_session_opens_only_in_its_own_slot() {
    let key = kek("480517");
    let item = seal_session(&session(), Slot::First, &key, &mut rng()).expect("fits");
    let opened = open_session(&item, Slot::First, &key).expect("opened");
    assert_eq!(opened.refresh_token.expose(), "refresh-1");
    assert_eq!(opened.proof_key.expect("a key").expose(), &[9; 32]);
    assert_eq!(opened.ends_at, session().ends_at);
    assert!(open_session(&item, Slot::Second, &key).is_err());
    assert!(open_session(&item, Slot::First, &kek("480518")).is_err());
}

#[test]
fn kr_03_a_session_that_no_keyring_takes_is_refused_before() {
    let long = SessionSecrets {
        refresh_token: "a".repeat(1_000).into(),
        proof_key: None,
        ends_at: None,
    };
    assert!(seal_session(&long, Slot::First, &kek("480517"), &mut rng()).is_err());
}

#[test]
fn kr_07_what_counts_news_opens_with_its_own_device_alone() {
    let (device, other) = (device(1), device(2));
    for after in [None, Some("epoch.7".to_owned())] {
        let secrets = NotifySecrets::generate(after.clone(), &mut rng());
        let item = seal_notify(&secrets, &device, &mut rng()).expect("it fits");
        let opened = open_notify(&item, &device).expect("it opens");
        assert_eq!(opened.token.expose(), secrets.token.expose());
        assert_eq!((opened.after, opened.token.expose().len()), (after, 43));
        assert!(open_notify(&item, &other).is_err());
        assert!(open_notify(&item[..item.len() - 1], &device).is_err());
    }
    let long = NotifySecrets::generate(Some("x".repeat(1024)), &mut rng());
    assert!(seal_notify(&long, &device, &mut rng()).is_err());
}

#[test]
fn lk_06_a_wrap_opens_with_the_same_signature_alone() {
    let (key, other) = (kek("471902"), kek("471903"));
    let challenge = Challenge::generate(&mut rng());
    let item = seal_for_sensor(&key, challenge, b"signature", &mut rng());
    assert_eq!(Challenge::of_item(&item), Some(challenge));
    let opened = open_for_sensor(&item, b"signature").expect("it opens");
    assert_eq!(opened.expose(), key.expose());
    assert!(open_for_sensor(&item, b"another").is_err());
    assert!(open_for_sensor(&item, b"").is_err());
    assert!(wraps(&item, &key) && !wraps(&item, &other));
    for place in [0, 31, 48, item.len() - 1] {
        let mut damaged = item.clone();
        damaged[place] ^= 1;
        assert!(open_for_sensor(&damaged, b"signature").is_err(), "{place}");
    }
    for length in [0, 31, 47, 50] {
        assert!(open_for_sensor(&item[..length], b"signature").is_err());
        assert!(!wraps(&item[..length.min(40)], &key));
    }
}

#[test]
fn lk_03_pauses_follow_the_uptime() {
    let secs = Duration::from_secs;
    let check = |wrong: u8, at: u64, uptime: u64, expected: Verdict| {
        let attempts = Attempts {
            wrong,
            at_uptime_ms: at * 1_000,
        };
        assert_eq!(
            attempts.verdict(secs(uptime)),
            expected,
            "{wrong} at {at}, now {uptime}"
        );
    };
    check(3, 100, 100, Verdict::Allowed);
    check(4, 100, 100, Verdict::Wait(secs(60)));
    check(4, 100, 159, Verdict::Wait(secs(1)));
    check(4, 100, 160, Verdict::Allowed);
    check(5, 100, 100, Verdict::Allowed);
    check(8, 100, 399, Verdict::Wait(secs(1)));
    check(8, 100, 400, Verdict::Allowed);
    check(9, 100, 100, Verdict::Allowed);
    check(10, 0, 1_000_000, Verdict::UsedUp);
    check(u8::MAX, 0, 0, Verdict::UsedUp);
    // Started anew since: only the time since then has surely passed.
    check(4, 1_000, 59, Verdict::Wait(secs(1)));
    check(4, 1_000, 60, Verdict::Allowed);
}

#[test]
fn lk_03_records_come_back_and_nonsense_is_none() {
    let attempts = Attempts::default().counted(Duration::from_millis(1_234));
    assert_eq!((attempts.wrong, attempts.left()), (1, 9));
    assert_eq!(Attempts::from_bytes(&attempts.to_bytes()), Some(attempts));
    assert_eq!(Attempts::from_bytes(b""), None);
    assert_eq!(Attempts::from_bytes(b"ten bytes!"), None);
    let record = attempts.to_bytes();
    for place in 0..record.len() {
        let mut bad = record;
        bad[place] ^= 8;
        assert_eq!(Attempts::from_bytes(&bad), None, "byte {place}");
    }
}

#[test]
fn pr_04_secrets_are_not_printed() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        bundle(),
        session(),
        kek("480517"),
        DeviceKey::generate(&mut rng())
    );
    for secret in ["refresh-1", "person-1", "Анна", "[9", "[7", "480517"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
