use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    middleware,
    routing::get,
};
use tower::ServiceExt;

use super::*;
use crate::{Config, ManualClock, RunningPortal, Times};

async fn portal() -> (RunningPortal, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(jiff::Timestamp::UNIX_EPOCH));
    let config = Config::demo(dir.path().to_owned(), Times::Given(clock));
    (crate::spawn(config).await.unwrap(), dir)
}

fn request(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_draining_portal_is_not_ready() {
    let (running, _dir) = portal().await;
    let router = router(Arc::clone(running.portal()));
    let ready = router.clone().oneshot(request("/readyz")).await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK);
    running.drain();
    let ready = router.oneshot(request("/readyz")).await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.headers().contains_key(header::RETRY_AFTER));
}

async fn fails() -> StatusCode {
    panic!("secret of the handler")
}

#[tokio::test]
async fn sv_10_a_panic_is_a_problem_with_an_id() {
    let (running, _dir) = portal().await;
    let portal = Arc::clone(running.portal());
    let router: Router = Router::new()
        .route("/", get(fails))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(portal, finish::finish));
    let response = router.oneshot(request("/")).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = axum::body::to_bytes(response.into_body(), 4096)
        .await
        .unwrap();
    let problem: uc_portal_api::Problem = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem.code, ProblemCode::Internal);
    assert!(!String::from_utf8_lossy(&body).contains("secret"));
}

#[tokio::test]
async fn the_description_says_that_a_first_submission_is_answered_with_201() {
    let (running, _dir) = portal().await;
    let router = router(Arc::clone(running.portal()));
    let response = router.oneshot(request("/api/openapi.json")).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let path = &document["paths"][<uc_portal_api::SubmitApplication as Endpoint>::PATH];
    let answers = &path["put"]["responses"];
    assert_eq!(answers["201"]["content"], answers["200"]["content"]);
    assert!(path["get"]["responses"].get("201").is_none());
}

#[tokio::test]
async fn au_01_what_was_begun_is_done_when_nobody_waits_any_more() {
    let (go, done) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let handler = {
        let (go, done) = (Arc::clone(&go), Arc::clone(&done));
        async move || {
            go.acquire().await.unwrap().forget();
            done.add_permits(1);
            "done"
        }
    };
    let turns = Arc::new(Semaphore::new(1));
    let router = Router::new()
        .route("/", get(handler))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&turns),
            see_through::see_through,
        ));
    let mut left = Box::pin(router.clone().oneshot(request("/")));
    assert!(futures_util::poll!(&mut left).is_pending());
    // The one turn is taken: who leaves now has begun nothing.
    let mut waiting = Box::pin(router.oneshot(request("/")));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    drop((left, waiting));
    go.add_permits(1);
    done.acquire().await.unwrap().forget();
    turns.acquire().await.unwrap().forget();
    assert_eq!(done.available_permits(), 0);
}
