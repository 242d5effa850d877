//! The device's key: acts are signed by it, and only an open client on this device has it.

use uc_core::ports::KeyringItem;
use uc_ipc::{ChangePasscode, Commands as _, EndOtherSessions, IpcError, PasscodeEntry, SyncNow};
use uc_testkit::{PASSCODE, TestApp};

const CERTIFY: &str = "/v1/device-certificate";
const OTHER_PASSCODE: &str = "471902";

async fn certified() -> TestApp {
    let app = TestApp::start().await;
    app.enter().await;
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert!(app.network.requests_to(CERTIFY) > 0);
    app
}

/// Something that only the person may do.
async fn act(app: &TestApp) -> Result<(), IpcError> {
    let ended = app.core().end_other_sessions(EndOtherSessions {}).await;
    ended.map(drop)
}

#[tokio::test]
async fn auth_09_acts_are_signed_after_every_start_and_with_another_passcode() {
    let mut app = certified().await;
    assert_eq!(act(&app).await, Ok(()));
    app.restart().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    assert_eq!(act(&app).await, Ok(()));
    let change = ChangePasscode {
        current: PasscodeEntry::new(PASSCODE.to_owned()),
        new: PasscodeEntry::new(OTHER_PASSCODE.to_owned()),
    };
    app.core().change_passcode(change).await.expect("changed");
    app.restart().await;
    app.unlock(OTHER_PASSCODE).await.expect("unlocked");
    assert_eq!(act(&app).await, Ok(()));
    assert!(!app.needs_sign_in().await);
}

#[tokio::test]
async fn auth_09_without_the_devices_key_a_session_does_nothing_until_a_new_sign_in() {
    let mut app = certified().await;
    app.stop_app().await;
    // A copy of folder and session on another device lacks it.
    app.keyring.plant(KeyringItem::DeviceKey, None);
    app.launch().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    assert_eq!(act(&app).await, Err(IpcError::SignInRequired));
    assert!(app.needs_sign_in().await);
    app.sign_in().await.expect("signed in");
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(act(&app).await, Ok(()));
    assert!(!app.needs_sign_in().await);
}

#[tokio::test]
async fn auth_09_a_certificate_whose_answer_was_lost_is_asked_for_again() {
    let mut app = TestApp::start().await;
    app.enter().await;
    app.restart().await;
    app.network.swallow_answers_of(CERTIFY, 1);
    app.unlock(PASSCODE).await.expect("unlocked");
    for _ in 0..2 {
        app.core().sync_now(SyncNow {}).await.expect("in step");
    }
    assert_eq!(act(&app).await, Ok(()));
    assert!(!app.needs_sign_in().await);
}
