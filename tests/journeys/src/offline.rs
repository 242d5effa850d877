use uc_core::ports::Clock as _;
use uc_ipc::{
    Commands as _, Connectivity, ListApplications, OpenCatalogue, SearchServices, SyncNow,
};
use uc_testkit::{PASSCODE, TestApp};

#[tokio::test]
async fn plat_08_catalogue_and_history_are_there_without_the_portal() {
    let mut app = TestApp::start().await;
    app.enter().await;
    app.core().sync_now(SyncNow {}).await.expect("in step");
    let synced_at = app.clock.now();
    let before = app
        .core()
        .open_catalogue(OpenCatalogue {})
        .await
        .expect("a catalogue");
    assert!(before.services >= 150, "{}", before.services);
    app.stop_portal().await;
    app.clock.advance(std::time::Duration::from_hours(3));
    app.restart().await;

    // The catalogue needs no passcode.
    let locked = app
        .core()
        .open_catalogue(OpenCatalogue {})
        .await
        .expect("a catalogue");
    assert_eq!(locked, before);
    app.unlock(PASSCODE).await.expect("unlocked");
    let session = app.core().sync_now(SyncNow {}).await.expect("a session");
    assert_eq!(session.connectivity, Connectivity::Offline);
    assert_eq!(session.freshness.catalogue_at, Some(synced_at));
    assert_eq!(session.freshness.history_at, Some(synced_at));
    let search = SearchServices {
        text: "паспорт".to_owned(),
        ..SearchServices::default()
    };
    let found = app.core().search_services(search).await.expect("a page");
    assert!(!found.services.is_empty());
    let list = app
        .core()
        .list_applications(ListApplications::default())
        .await;
    assert_eq!(list.expect("a page").total, 0);

    app.start_portal().await;
    let session = app.core().sync_now(SyncNow {}).await.expect("a session");
    assert_eq!(session.connectivity, Connectivity::Online);
    assert_eq!(session.freshness.catalogue_at, Some(app.clock.now()));
}
