use std::time::Duration;

use uc_core::ports::Scarcity;
use uc_ipc::{Commands as _, OpenSession, PauseSync, SyncNow, Upkeep};
use uc_testkit::TestApp;

/// What happens by itself on the device happens sooner.
const SOON: Duration = Duration::from_millis(300);

/// The app in step; nobody is signed in, so that time locks nothing.
async fn in_step() -> TestApp {
    let app = TestApp::start().await;
    app.core().sync_now(SyncNow {}).await.expect("in step");
    tokio::time::sleep(SOON).await;
    app
}

fn asked(app: &TestApp) -> usize {
    app.network.requests_to("/v1/catalogue")
}

async fn upkeep(app: &TestApp) -> Upkeep {
    let session = app.core().open_session(OpenSession {}).await;
    session.expect("a session").upkeep
}

/// Ends when the catalogue was asked for once more than that.
async fn until_asked(app: &TestApp, before: usize) {
    let more = async {
        while asked(app) == before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let more = tokio::time::timeout(Duration::from_secs(20), more).await;
    more.expect("the catalogue is asked for");
}

async fn pause(app: &TestApp, paused: bool) -> Upkeep {
    let session = app.core().pause_sync(PauseSync { paused }).await;
    session.expect("a session").upkeep
}

#[tokio::test]
async fn while_paused_the_portal_is_asked_only_when_the_person_says_so() {
    let mut app = in_step().await;
    assert!(pause(&app, true).await.paused);
    tokio::time::sleep(SOON).await;
    let before = asked(&app);
    app.clock.advance(Duration::from_hours(30));
    tokio::time::sleep(SOON).await;
    assert_eq!(asked(&app), before);
    app.core().sync_now(SyncNow {}).await.expect("a session");
    assert_eq!(asked(&app), before + 1);

    app.restart().await;
    assert!(upkeep(&app).await.paused);
    let before = asked(&app);
    assert!(!pause(&app, false).await.paused);
    until_asked(&app, before).await;
}

#[tokio::test]
async fn a_network_that_costs_by_volume_carries_the_catalogue_once_a_day() {
    let app = in_step().await;
    let before = asked(&app);
    app.supplies.set(Scarcity {
        metered: true,
        ..Scarcity::default()
    });
    app.clock.advance(Duration::from_mins(16));
    while !upkeep(&app).await.metered {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(SOON).await;
    assert_eq!(asked(&app), before);
    app.clock.advance(Duration::from_hours(25));
    until_asked(&app, before).await;
}
