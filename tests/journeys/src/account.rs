use serde_json::json;
use uc_ipc::{
    AccountSessions, Commands as _, EndAccountSession, EndOtherSessions, IpcError, Lock,
    OpenAccountSessions, OpenSignIns, SessionKind, SignInEvent,
};
use uc_testkit::TestApp;

async fn entered() -> TestApp {
    let app = TestApp::start().await;
    app.enter().await;
    app
}

async fn sessions(app: &TestApp) -> Result<AccountSessions, IpcError> {
    app.core()
        .open_account_sessions(OpenAccountSessions {})
        .await
}

fn kinds(sessions: &AccountSessions) -> Vec<(SessionKind, bool)> {
    let all = sessions.sessions.iter();
    all.map(|session| (session.kind.clone(), session.is_current))
        .collect()
}

#[tokio::test]
async fn auth_10_a_person_sees_where_they_are_signed_in_and_ends_it() {
    let app = entered().await;
    let found = sessions(&app).await.expect("sessions");
    let here = (SessionKind::App, true);
    let browser = (SessionKind::Browser, false);
    assert_eq!(kinds(&found), [here.clone(), browser]);
    let session = found.sessions[1].id;
    let end = EndAccountSession { session };
    let left = app.core().end_account_session(end).await.expect("ended");
    assert_eq!(kinds(&left), [here]);
    // The app's own session goes on.
    assert_eq!(sessions(&app).await.expect("sessions"), left);
}

#[tokio::test]
async fn auth_10_ending_all_others_leaves_this_one() {
    let app = entered().await;
    let left = app.core().end_other_sessions(EndOtherSessions {}).await;
    assert_eq!(kinds(&left.expect("ended")), [(SessionKind::App, true)]);
}

#[tokio::test]
async fn auth_10_the_history_of_the_account_is_told_newest_first() {
    let app = entered().await;
    let told = app.core().open_sign_ins(OpenSignIns {}).await;
    let entries = told.expect("a history").entries;
    let events: Vec<_> = entries.iter().map(|entry| entry.event).collect();
    assert_eq!(
        events,
        [
            SignInEvent::AccessAllowed,
            SignInEvent::SignedIn,
            SignInEvent::NewDevice
        ]
    );
    assert!(entries.iter().all(|entry| entry.succeeded));
}

#[tokio::test]
async fn auth_10_without_a_network_or_locked_nothing_is_told() {
    let app = entered().await;
    app.network.set_offline(true);
    assert_eq!(sessions(&app).await, Err(IpcError::Offline));
    app.network.set_offline(false);
    app.core().lock(Lock {}).await.expect("locked");
    assert_eq!(sessions(&app).await, Err(IpcError::Locked));
}

#[tokio::test]
async fn auth_06_what_an_older_session_may_not_do_is_offered_by_a_new_sign_in() {
    let app = entered().await;
    let refusal = json!({
        "type": "urn:edinyi-klient:problem:unauthorized",
        "title": "refused",
        "status": 403,
        "code": "unauthorized",
        "request_id": "1",
    });
    app.network.refuse_next("/v1/sessions", refusal);
    assert_eq!(sessions(&app).await, Err(IpcError::SignInRequired));
    assert!(app.needs_sign_in().await);
    app.sign_in().await.expect("signed in");
    assert!(!app.needs_sign_in().await);
    sessions(&app).await.expect("sessions");
}
