use std::time::Duration;

use uc_core::ports::{KeyringError, KeyringItem};
use uc_ipc::{
    CancelSignIn, Commands as _, Connectivity, IpcError, KeyringStatus, OpenSession, Phase, SignIn,
    SignInFault,
};
use uc_testkit::{MemoryKeyring, Person, TestApp};

fn failed(fault: SignInFault) -> IpcError {
    IpcError::SignInFailed { fault }
}

async fn phase(app: &TestApp) -> Phase {
    app.core()
        .open_session(OpenSession {})
        .await
        .expect("a session")
        .phase
}

#[tokio::test]
async fn auth_02_a_citizen_signs_in_through_the_browser_and_sets_a_passcode() {
    let app = TestApp::start().await;
    assert_eq!(phase(&app).await, Phase::SignedOut);
    let session = app.sign_in().await.expect("signed in");
    assert_eq!(session.phase, Phase::NeedsPasscode);
    assert_eq!(session.connectivity, Connectivity::Online);
    assert_eq!(
        app.keyring.item(KeyringItem::Session0),
        None,
        "nothing is stored without a passcode"
    );
    let session = app
        .set_passcode(uc_testkit::PASSCODE)
        .await
        .expect("a passcode");
    let greeted = Phase::Open {
        first_name: "Анна".to_owned(),
        sign_in_needed: false,
        ends_soon: None,
        locks_at: None,
    };
    assert_eq!(session.phase, greeted);
    assert_eq!(session.keyring, KeyringStatus::Available);
}

#[tokio::test]
async fn auth_02_a_sign_in_without_a_passcode_is_forgotten_with_the_window() {
    let mut app = TestApp::start().await;
    app.sign_in().await.expect("signed in");
    app.restart().await;
    assert_eq!(phase(&app).await, Phase::SignedOut);
}

#[tokio::test]
async fn auth_02_declining_stores_nothing_and_the_next_try_works() {
    let app = TestApp::start().await;
    app.browser.set_person(Person::anna().declining());
    assert_eq!(app.sign_in().await, Err(failed(SignInFault::Declined)));
    assert_eq!(phase(&app).await, Phase::SignedOut);
    app.browser.set_person(Person::anna());
    assert_eq!(
        app.sign_in().await.expect("signed in").phase,
        Phase::NeedsPasscode
    );
}

#[tokio::test]
async fn auth_02_offline_is_said_and_not_waited_for() {
    let app = TestApp::start().await;
    app.network.set_offline(true);
    assert_eq!(app.sign_in().await, Err(failed(SignInFault::Offline)));
    app.network.set_offline(false);
    assert!(app.sign_in().await.is_ok());
}

#[tokio::test]
async fn auth_02_waiting_for_the_browser_ends_by_hand_or_after_five_minutes() {
    let app = TestApp::start().await;
    app.browser.set_person(Person::Leaves);
    let cancel = async {
        while app.browser.opened().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(phase(&app).await, Phase::SigningIn);
        app.core()
            .cancel_sign_in(CancelSignIn {})
            .await
            .expect("cancelled")
    };
    let (ended, _) = tokio::join!(app.core().sign_in(SignIn {}), cancel);
    assert_eq!(ended, Err(failed(SignInFault::Cancelled)));

    let pass = async {
        while app.browser.opened().len() < 2 {
            tokio::task::yield_now().await;
        }
        app.clock.advance(Duration::from_secs(299));
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert_eq!(phase(&app).await, Phase::SigningIn);
        app.clock.advance(Duration::from_secs(2));
    };
    let (ended, ()) = tokio::join!(app.core().sign_in(SignIn {}), pass);
    assert_eq!(ended, Err(failed(SignInFault::TimedOut)));
    assert_eq!(phase(&app).await, Phase::SignedOut);
}

#[tokio::test]
async fn kr_01_without_a_keyring_a_session_lasts_until_the_window_closes() {
    let keyring = MemoryKeyring::default();
    keyring.set_fault(Some(KeyringError::Missing));
    let mut app = TestApp::start_with(keyring).await;
    let session = app.enter().await;
    assert_eq!(session.keyring, KeyringStatus::SessionOnly);
    assert!(matches!(session.phase, Phase::Open { .. }));
    app.core().lock(uc_ipc::Lock {}).await.expect("locked");
    assert!(app.unlock(uc_testkit::PASSCODE).await.is_ok());
    app.restart().await;
    assert_eq!(phase(&app).await, Phase::SignedOut);
    let left: Vec<_> = std::fs::read_dir(app.profile())
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name())
        .filter(|name| name.to_string_lossy().contains("bundle"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
