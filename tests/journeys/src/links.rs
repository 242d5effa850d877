use uc_ipc::{
    ApplicationFilter, Commands as _, IpcError, ListApplications, Lock, OpenApplication,
    OpenSession, Phase, Session,
};
use uc_testkit::{PASSCODE, TestApp};

const FORGED: &str = "0198c0de-0000-7000-8000-000000000001";

async fn session(app: &TestApp) -> Session {
    app.core()
        .open_session(OpenSession {})
        .await
        .expect("a session")
}

fn follow(app: &TestApp) {
    app.core().open_link(&format!("edinyi://request/{FORGED}"));
}

#[tokio::test]
async fn dl_01_a_link_before_sign_in_is_forgotten() {
    let app = TestApp::start().await;
    follow(&app);
    assert_eq!(session(&app).await.requested, None);
    assert_eq!(app.enter().await.requested, None);
}

#[tokio::test]
async fn dl_01_a_forged_link_finds_nothing_and_changes_nothing() {
    let app = TestApp::start().await;
    app.enter().await;
    follow(&app);
    let application = session(&app).await.requested.expect("asked for");
    let opened = app.core().open_application(OpenApplication { application });
    assert_eq!(opened.await.map(drop), Err(IpcError::NotFound));
    let every = ListApplications {
        filter: ApplicationFilter::default(),
        after: None,
    };
    let list = app.core().list_applications(every).await;
    assert!(list.expect("a list").applications.is_empty());
}

#[tokio::test]
async fn dl_03_a_link_waits_behind_the_lock_and_opens_nothing() {
    let app = TestApp::start().await;
    app.enter().await;
    app.core().lock(Lock {}).await.expect("locked");
    follow(&app);
    let asked = session(&app).await;
    assert_eq!(asked.requested, FORGED.parse().ok());
    assert!(matches!(asked.phase, Phase::Locked { .. }), "{asked:?}");
    let application = FORGED.parse().expect("an id");
    let opened = app.core().open_application(OpenApplication { application });
    assert_eq!(opened.await.map(drop), Err(IpcError::Locked));
    let unlocked = app.unlock(PASSCODE).await.expect("unlocked");
    assert_eq!(unlocked.requested, FORGED.parse().ok());
}
