use std::time::Duration;

use jiff::Timestamp;
use uc_core::ports::{Clock as _, KeyringItem};
use uc_ipc::{
    Commands as _, Connectivity, IpcError, OpenDashboard, OpenSession, OpenSettings, Phase,
    Session, SyncNow,
};
use uc_testkit::{PASSCODE, Person, TestApp};

const TOKEN: &str = "/oauth2/token";

async fn sync(app: &TestApp) -> Session {
    app.core().sync_now(SyncNow {}).await.expect("a session")
}

fn is_kept(session: &Session) -> bool {
    matches!(
        session.phase,
        Phase::Open {
            sign_in_needed: false,
            ..
        }
    )
}

/// The access token grows too old; somebody uses the client meanwhile.
async fn outlive_access_token(app: &TestApp) {
    for _ in 0..2 {
        app.clock.advance(Duration::from_secs(200));
        app.core()
            .open_settings(OpenSettings {})
            .await
            .expect("settings");
    }
}

fn slots(app: &TestApp) -> [bool; 2] {
    [KeyringItem::Session0, KeyringItem::Session1].map(|item| app.keyring.item(item).is_some())
}

#[tokio::test]
async fn rp_21_a_renewed_session_is_kept_whatever_cuts_it() {
    for writes in [None, Some(0), Some(1)] {
        let mut app = TestApp::start().await;
        app.enter().await;
        assert_eq!(slots(&app), [true, false]);
        let before = app.network.requests_to(TOKEN);
        app.keyring.set_writes_left(writes);
        outlive_access_token(&app).await;
        assert!(is_kept(&sync(&app).await), "{writes:?}");
        assert!(
            app.network.requests_to(TOKEN) > before,
            "{writes:?}: nothing was renewed"
        );
        app.keyring.set_writes_left(None);
        if writes.is_none() {
            assert_eq!(slots(&app), [false, true]);
        }
        for _ in 0..2 {
            app.restart().await;
            app.unlock(PASSCODE).await.expect("unlocked");
            let session = sync(&app).await;
            assert!(is_kept(&session), "{writes:?}");
            assert_eq!(
                session.freshness.history_at,
                Some(app.clock.now()),
                "{writes:?}"
            );
        }
    }
}

#[tokio::test]
async fn rp_21_a_renewal_whose_answer_was_lost_is_repeated() {
    let mut app = TestApp::start().await;
    app.enter().await;
    sync(&app).await;
    app.restart().await;
    let before = app.network.requests_to(TOKEN);
    app.network.swallow_answers_of(TOKEN, 2);
    app.unlock(PASSCODE).await.expect("unlocked");
    while app.network.requests_to(TOKEN) < before + 3 {
        sync(&app).await;
    }
    let session = sync(&app).await;
    assert!(is_kept(&session));
    assert_eq!(session.connectivity, Connectivity::Online);
}

#[tokio::test]
async fn rp_22_many_askers_renew_once() {
    let app = TestApp::start().await;
    app.enter().await;
    sync(&app).await;
    let before = app.network.requests_to(TOKEN);
    outlive_access_token(&app).await;
    let (a, b, c, d) = tokio::join!(sync(&app), sync(&app), sync(&app), sync(&app));
    assert!([a, b, c, d].iter().all(is_kept));
    assert_eq!(app.network.requests_to(TOKEN), before + 1);
}

fn ends_soon(session: &Session) -> Option<Timestamp> {
    let Phase::Open { ends_soon, .. } = session.phase else {
        panic!("not open");
    };
    ends_soon
}

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn auth_06_a_session_that_ends_soon_says_so_and_a_sign_in_renews_it() {
    let mut app = TestApp::start().await;
    let signed_in_at = app.clock.now();
    let session = app.enter().await;
    assert_eq!(ends_soon(&session), None);
    // Used every 25 days it lasts, until the end that no use puts off.
    for day in (25..=175).step_by(25) {
        app.stop_app().await;
        app.clock.advance(DAY * 25);
        app.launch().await;
        app.unlock(PASSCODE).await.expect("unlocked");
        let session = sync(&app).await;
        assert!(is_kept(&session), "day {day}");
        let end = (day == 175).then(|| signed_in_at + DAY * 180);
        assert_eq!(ends_soon(&session), end, "day {day}");
    }
    let session = app.sign_in().await.expect("signed in again");
    assert_eq!(ends_soon(&session), None);
}

#[tokio::test]
async fn auth_06_a_session_that_was_long_unused_is_renewed_by_use() {
    let mut app = TestApp::start().await;
    let signed_in_at = app.clock.now();
    app.enter().await;
    app.stop_app().await;
    app.stop_portal().await;
    app.clock.advance(DAY * 24);
    app.launch().await;
    let session = app.unlock(PASSCODE).await.expect("unlocked");
    assert_eq!(ends_soon(&session), Some(signed_in_at + DAY * 30));
    app.start_portal().await;
    assert_eq!(ends_soon(&sync(&app).await), None);
}

#[tokio::test]
async fn auth_06_a_session_that_the_portal_ended_loses_nothing_but_the_connection() {
    let mut app = TestApp::start().await;
    app.enter().await;
    sync(&app).await;
    app.stop_app().await;
    app.clock.advance(Duration::from_hours(24 * 40));
    app.launch().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    let session = sync(&app).await;
    assert!(
        matches!(
            session.phase,
            Phase::Open {
                sign_in_needed: true,
                ..
            }
        ),
        "{session:?}"
    );
    assert!(app.core().open_dashboard(OpenDashboard {}).await.is_ok());

    app.browser.set_person(Person::timur());
    assert_eq!(app.sign_in().await, Err(IpcError::Conflict));
    app.browser.set_person(Person::anna());
    assert!(is_kept(&app.sign_in().await.expect("signed in again")));
    assert!(is_kept(&sync(&app).await));
    app.restart().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    assert!(is_kept(&sync(&app).await));
    let session = app
        .core()
        .open_session(OpenSession {})
        .await
        .expect("a session");
    assert!(is_kept(&session));
}
