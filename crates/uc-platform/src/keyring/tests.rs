use super::*;

fn keyring() -> OsKeyring {
    OsKeyring::new(Path::new("profile"))
}

#[test]
fn profiles_have_names_of_their_own() {
    assert_ne!(profile_name(Path::new("/a")), profile_name(Path::new("/b")));
    assert_eq!(profile_name(Path::new("/a")).len(), 16);
}

#[tokio::test(start_paused = true)]
async fn kr_02_a_keyring_that_never_answers_is_left_after_half_a_minute() {
    let keyring = keyring();
    let (release, held) = mpsc::channel::<()>();
    let stuck = keyring.run(move || {
        let _ = held.recv();
        Ok(())
    });
    assert_eq!(stuck.await, Err(KeyringError::TimedOut));
    // Nobody waits another half minute behind it.
    let started = tokio::time::Instant::now();
    assert_eq!(keyring.run(|| Ok(())).await, Err(KeyringError::TimedOut));
    assert!(started.elapsed() < Duration::from_secs(1));
    drop(release);
}

#[tokio::test]
async fn answers_come_back_from_the_thread() {
    assert_eq!(keyring().run(|| Ok(7)).await, Ok(7));
    assert_eq!(
        keyring().run(|| Err::<(), _>(KeyringError::Locked)).await,
        Err(KeyringError::Locked)
    );
}
