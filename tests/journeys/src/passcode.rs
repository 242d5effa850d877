use std::time::Duration;

use jiff::SignedDuration;
use uc_core::ports::{Clock as _, KeyringItem};
use uc_ipc::{
    AtStake, ChangePasscode, Commands as _, IpcError, KeepAwake, Lock, OpenDashboard, OpenSession,
    PasscodeEntry, Phase, Session, SetPasscode, SyncNow, WeakPasscode,
};
use uc_testkit::{PASSCODE, TestApp};

const WRONG: &str = "730284";

async fn locked() -> TestApp {
    let app = TestApp::start().await;
    app.enter().await;
    app.core().lock(Lock {}).await.expect("locked");
    app
}

async fn phase(app: &TestApp) -> Phase {
    app.core()
        .open_session(OpenSession {})
        .await
        .expect("a session")
        .phase
}

/// Tries left after a wrong passcode.
async fn wrong(app: &TestApp) -> u8 {
    wrong_with(app, WRONG).await
}

async fn wrong_with(app: &TestApp, passcode: &str) -> u8 {
    match app.unlock(passcode).await {
        Err(IpcError::WrongPasscode { attempts_left, .. }) => attempts_left,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn plat_05_weak_passcodes_are_refused_and_the_sign_in_is_kept() {
    let app = TestApp::start().await;
    app.sign_in().await.expect("signed in");
    let passcode = PasscodeEntry::new("111111".to_owned());
    assert_eq!(
        app.core().set_passcode(SetPasscode { passcode }).await,
        Err(IpcError::WeakPasscode {
            fault: WeakPasscode::OneDigit
        })
    );
    assert!(app.set_passcode(PASSCODE).await.is_ok());
}

#[tokio::test]
async fn plat_05_a_locked_client_answers_nothing_personal_until_unlocked() {
    let mut app = locked().await;
    assert_eq!(
        app.core().open_dashboard(OpenDashboard {}).await,
        Err(IpcError::Locked)
    );
    app.restart().await;
    assert_eq!(
        phase(&app).await,
        Phase::Locked {
            attempts_left: 10,
            wait_until: None,
            sensor: None,
            at_stake: Some(AtStake::default()),
            news: 0,
        }
    );
    let session = app.unlock(PASSCODE).await.expect("unlocked");
    assert!(matches!(session.phase, Phase::Open { .. }));
    assert!(!session.vault_was_damaged);
}

/// How often the client looks whether it is in use.
const ROUND: Duration = Duration::from_secs(5);

/// Time passes, and the client looks whether it is in use.
async fn pass(app: &TestApp, secs: u64) {
    app.clock
        .advance_a_round(Duration::from_secs(secs), ROUND)
        .await;
}

async fn is_open(app: &TestApp) -> bool {
    matches!(phase(app).await, Phase::Open { .. })
}

#[tokio::test]
async fn plat_05_it_locks_itself_after_five_minutes_without_use() {
    let app = TestApp::start().await;
    app.enter().await;
    // The wall clock has no say, and asking where the person stands is no use.
    app.clock
        .set_wall(app.clock.now() + SignedDuration::from_hours(2));
    pass(&app, 299).await;
    assert!(is_open(&app).await);
    pass(&app, 5).await;
    assert!(!is_open(&app).await);
    assert_eq!(
        app.core().keep_awake(KeepAwake {}).await,
        Err(IpcError::Locked)
    );
}

/// Whether it says that it is about to lock itself.
async fn warns(app: &TestApp) -> bool {
    matches!(
        phase(app).await,
        Phase::Open {
            locks_at: Some(_),
            ..
        }
    )
}

#[tokio::test]
async fn lk_04_it_warns_a_minute_before_it_locks_itself_and_use_keeps_it_open() {
    let app = TestApp::start().await;
    app.enter().await;
    pass(&app, 235).await;
    assert!(!warns(&app).await);
    pass(&app, 10).await;
    assert!(warns(&app).await);
    assert_eq!(app.core().keep_awake(KeepAwake {}).await, Ok(()));
    assert!(!warns(&app).await);
    pass(&app, 245).await;
    assert!(warns(&app).await);
    pass(&app, 60).await;
    assert!(!is_open(&app).await);
}

#[tokio::test]
async fn plat_05_who_reads_or_types_keeps_it_open() {
    let app = TestApp::start().await;
    app.enter().await;
    for _ in 0..12 {
        pass(&app, 60).await;
        assert!(is_open(&app).await);
        assert_eq!(app.core().keep_awake(KeepAwake {}).await, Ok(()));
    }
    pass(&app, 299).await;
    assert!(is_open(&app).await);
    pass(&app, 5).await;
    assert!(!is_open(&app).await);
}

#[tokio::test]
async fn lk_04_the_vault_is_closed_before_the_machine_sleeps() {
    let app = TestApp::start().await;
    app.enter().await;
    app.departures.sleep().await;
    assert!(!is_open(&app).await);
    // A machine that sleeps again finds it closed.
    app.departures.sleep().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    app.departures.sleep().await;
    assert!(!is_open(&app).await);
}

#[tokio::test]
async fn lk_03_wrong_passcodes_cost_time_and_the_tenth_the_keys() {
    let mut app = locked().await;
    for left in (6..10).rev() {
        assert_eq!(wrong(&app).await, left);
    }
    // A minute, whatever the wall clock says, and also after a restart of the app.
    for hours in [-48, 48] {
        app.clock
            .set_wall(app.clock.now() + SignedDuration::from_hours(hours));
        let refused = app.unlock(PASSCODE).await;
        assert!(
            matches!(refused, Err(IpcError::TooManyAttempts { .. })),
            "{refused:?}"
        );
    }
    app.clock.advance(Duration::from_secs(59));
    app.restart().await;
    assert!(matches!(
        app.unlock(PASSCODE).await,
        Err(IpcError::TooManyAttempts { .. })
    ));
    // A restart of the machine makes the waiting begin anew at most.
    app.clock.restart_machine(Duration::from_secs(10));
    assert!(matches!(
        app.unlock(PASSCODE).await,
        Err(IpcError::TooManyAttempts { .. })
    ));
    app.clock.advance(Duration::from_secs(50));
    for left in (2..6).rev() {
        assert_eq!(wrong(&app).await, left);
    }
    app.clock.advance(Duration::from_secs(299));
    assert!(matches!(
        app.unlock(WRONG).await,
        Err(IpcError::TooManyAttempts { .. })
    ));
    app.clock.advance(Duration::from_secs(1));
    assert_eq!(wrong(&app).await, 1);
    assert_eq!(app.unlock(WRONG).await, Err(IpcError::AttemptsUsedUp));
    assert_eq!(phase(&app).await, Phase::SignedOut);
    assert_eq!(app.keyring.item(KeyringItem::Session0), None);
    assert!(!app.profile().join("bundle").exists() && !app.profile().join("vault.db").exists());
    app.enter().await;
}

#[tokio::test]
async fn lk_03_restoring_one_copy_of_the_counter_does_not_help() {
    let mut app = locked().await;
    let file = app.profile().join("attempts");
    let fresh = std::fs::read(&file).expect("a counter");
    let kept = app.keyring.item(KeyringItem::Attempts);
    for left in (7..10).rev() {
        assert_eq!(wrong(&app).await, left);
    }
    std::fs::write(&file, &fresh).expect("restored");
    app.restart().await;
    assert_eq!(
        phase(&app).await,
        Phase::Locked {
            attempts_left: 7,
            wait_until: None,
            sensor: None,
            at_stake: Some(AtStake::default()),
            news: 0,
        }
    );
    app.keyring.plant(KeyringItem::Attempts, kept);
    assert_eq!(wrong(&app).await, 6);
    // The right passcode clears both.
    app.clock.advance(Duration::from_mins(1));
    app.unlock(PASSCODE).await.expect("unlocked");
    assert_eq!(std::fs::read(&file).expect("a counter"), fresh);
}

async fn change(app: &TestApp, current: &str, new: &str) -> Result<Session, IpcError> {
    let request = ChangePasscode {
        current: PasscodeEntry::new(current.to_owned()),
        new: PasscodeEntry::new(new.to_owned()),
    };
    app.core().change_passcode(request).await
}

#[tokio::test]
async fn lk_08_the_new_passcode_opens_and_the_session_goes_on() {
    const NEW: &str = "582917";
    let mut app = TestApp::start().await;
    app.enter().await;
    change(&app, PASSCODE, NEW).await.expect("changed");
    app.restart().await;
    assert_eq!(wrong_with(&app, PASSCODE).await, 9);
    app.unlock(NEW).await.expect("unlocked");
    let session = app.core().sync_now(SyncNow {}).await.expect("a session");
    assert!(matches!(
        session.phase,
        Phase::Open {
            sign_in_needed: false,
            ..
        }
    ));
}

#[tokio::test]
async fn lk_03_wrong_current_passcodes_are_counted_as_at_unlocking() {
    let app = TestApp::start().await;
    app.enter().await;
    let weak = change(&app, PASSCODE, "111111").await;
    assert!(matches!(weak, Err(IpcError::WeakPasscode { .. })));
    for left in (6..10).rev() {
        let refused = change(&app, WRONG, "582917").await;
        assert!(
            matches!(refused, Err(IpcError::WrongPasscode { attempts_left, .. }) if attempts_left == left),
            "{refused:?}"
        );
    }
    let refused = change(&app, PASSCODE, "582917").await;
    assert!(matches!(refused, Err(IpcError::TooManyAttempts { .. })));
    app.clock.advance(Duration::from_mins(1));
    change(&app, PASSCODE, "582917").await.expect("changed");
}

#[tokio::test]
async fn kr_03_a_lost_device_key_ends_the_vault_and_says_so() {
    let mut app = locked().await;
    app.stop_app().await;
    app.keyring.plant(KeyringItem::Device, None);
    app.launch().await;
    let session = app
        .core()
        .open_session(OpenSession {})
        .await
        .expect("a session");
    assert_eq!(session.phase, Phase::SignedOut);
    assert!(session.vault_was_damaged);
    app.enter().await;
}

#[tokio::test]
async fn kr_03_a_damaged_key_bundle_is_said_and_costs_no_try() {
    let mut app = locked().await;
    app.stop_app().await;
    let path = app.profile().join("bundle");
    let good = std::fs::read(&path).expect("a bundle");
    let mut bad = good.clone();
    *bad.last_mut().expect("a byte") ^= 1;
    std::fs::write(&path, bad).expect("damaged");
    app.launch().await;
    for _ in 0..12 {
        let refused = app.unlock(PASSCODE).await;
        assert!(
            matches!(refused, Err(IpcError::VaultDamaged)),
            "{refused:?}"
        );
    }
    app.stop_app().await;
    std::fs::write(&path, good).expect("restored");
    app.launch().await;
    app.unlock(PASSCODE).await.expect("unlocked");
}

#[tokio::test]
async fn st_06_a_vault_that_is_gone_or_emptied_is_rebuilt_and_said() {
    let mut app = locked().await;
    app.stop_app().await;
    std::fs::write(app.profile().join("vault.db"), b"").expect("emptied");
    app.launch().await;
    let session = app.unlock(PASSCODE).await.expect("unlocked");
    assert!(session.vault_was_damaged);

    let aside = app.profile().join("quarantine");
    let kept = || std::fs::read_dir(&aside).expect("a folder").count();
    assert!(kept() > 0);
    let day = Duration::from_hours(24);
    app.clock.advance_a_round(day * 30, day).await;
    assert!(kept() > 0);
    app.clock.advance_a_round(day, day).await;
    assert_eq!(kept(), 0);
}

/// A start after an end in the middle of the first passcode leads to a sign-in, tells of no loss, and goes on to a vault.
async fn begins_anew(app: &mut TestApp) {
    app.launch().await;
    let session = app
        .core()
        .open_session(OpenSession {})
        .await
        .expect("a session");
    assert_eq!(session.phase, Phase::SignedOut);
    app.enter().await;
    app.core().lock(Lock {}).await.expect("locked");
    let session = app.unlock(PASSCODE).await.expect("unlocked");
    assert!(!session.vault_was_damaged);
}

#[tokio::test]
async fn kr_05_no_bundle_is_kept_before_its_vault_is_whole() {
    let mut app = TestApp::start().await;
    app.sign_in().await.expect("signed in");
    let vault = app.profile().join("vault.db");
    // A folder in the vault's place ends its making.
    std::fs::create_dir(&vault).expect("a folder");
    assert!(app.set_passcode(PASSCODE).await.is_err());
    assert!(!app.profile().join("bundle").exists());

    app.stop_app().await;
    std::fs::remove_dir(&vault).expect("removed");
    begins_anew(&mut app).await;
}

#[tokio::test]
async fn kr_05_a_vault_whose_bundle_was_never_written_is_made_anew() {
    let mut app = locked().await;
    app.stop_app().await;
    std::fs::remove_file(app.profile().join("bundle")).expect("removed");
    assert!(app.profile().join("vault.db").exists());
    begins_anew(&mut app).await;
}
