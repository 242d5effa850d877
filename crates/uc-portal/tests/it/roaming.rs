//! Drafts and settings that follow a person between devices.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uc_portal_api::{Feed, FeedChange, MAX_ROAMING_BYTES, Problem, ProblemCode, RoamingRecord};

use crate::{
    citizen::{Citizen, submission, uuid},
    harness::Fixture,
};

async fn write(citizen: &Citizen, id: &str, base: u64, fields: Value) -> Response {
    citizen
        .request(Method::PUT, &format!("/v1/roaming/{id}"))
        .json(&json!({ "base": base, "fields": fields }))
        .send()
        .await
        .unwrap()
}

async fn record(response: Response) -> RoamingRecord {
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

async fn code(response: Response) -> ProblemCode {
    response.json::<Problem>().await.unwrap().code
}

fn draft(number: u8) -> String {
    format!("draft-{}", uuid(number))
}

fn roaming(feed: &Feed) -> Vec<&RoamingRecord> {
    let changes = feed.changes.iter();
    changes
        .filter_map(|change| match change {
            FeedChange::Roaming(record) => Some(&**record),
            FeedChange::Application(_) | FeedChange::Profile(_) => None,
        })
        .collect()
}

#[tokio::test]
async fn ob_11_a_version_that_is_not_made_of_the_newest_is_refused() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let first = record(write(&citizen, &draft(1), 0, json!({ "a": "1" })).await).await;
    assert_eq!(first.revision, 1);
    let second = record(write(&citizen, &draft(1), 1, json!({ "a": "2" })).await).await;
    let repeat = record(write(&citizen, &draft(1), 1, json!({ "a": "2" })).await).await;
    assert_eq!(repeat, second, "its answer was lost");
    let blind = write(&citizen, &draft(1), 1, json!({ "a": "3" })).await;
    assert_eq!(code(blind).await, ProblemCode::RevisionConflict);
    let anew = write(&citizen, &draft(1), 0, json!({ "a": "3" })).await;
    assert_eq!(code(anew).await, ProblemCode::RevisionConflict);
    let newest: RoamingRecord = citizen
        .get(&format!("/v1/roaming/{}", draft(1)))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(newest, second);
}

#[tokio::test]
async fn app_04_the_feed_tells_other_devices_of_the_newest_version_and_of_its_end() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let cursor = citizen.feed(None).await.next;
    write(&citizen, "settings", 0, json!({ "theme": "dark" })).await;
    write(&citizen, &draft(1), 0, json!({ "a": "1" })).await;
    write(&citizen, &draft(1), 1, json!({ "a": "2" })).await;
    let feed = citizen.feed(Some(&cursor)).await;
    let told = roaming(&feed);
    assert_eq!(told.len(), 2, "one entry for each");
    assert_eq!(told[0].fields.as_ref().unwrap()["theme"], "dark");
    assert_eq!(told[1].fields.as_ref().unwrap()["a"], "2");

    write(&citizen, &draft(1), 2, Value::Null).await;
    let feed = citizen.feed(Some(&feed.next)).await;
    assert_eq!(roaming(&feed)[0].fields, None);
    assert_eq!(roaming(&feed)[0].revision, 3);
}

#[tokio::test]
async fn app_04_a_draft_that_was_submitted_follows_nobody_any_more() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    write(&citizen, &draft(1), 0, json!({ "a": "1" })).await;
    let sent = citizen.submit(uuid(1), uuid(9), &submission()).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let feed = citizen.feed(None).await;
    assert_eq!(roaming(&feed)[0].fields, None);
}

#[tokio::test]
async fn sv_01_records_of_another_person_are_not_there() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    write(&citizen, "settings", 0, json!({ "theme": "dark" })).await;
    let stranger = Citizen::second(fixture.browser()).await;
    let found = stranger.get("/v1/roaming/settings").await;
    assert_eq!(code(found).await, ProblemCode::NotFound);
    let own = record(write(&stranger, "settings", 0, json!({ "theme": "light" })).await).await;
    assert_eq!(own.revision, 1);
}

#[tokio::test]
async fn records_have_bounds_and_names() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let large = json!({ "a": "x".repeat(MAX_ROAMING_BYTES) });
    let refused = write(&citizen, &draft(1), 0, large).await;
    assert_eq!(code(refused).await, ProblemCode::TooLarge);
    for id in ["profile", "draft-1", "draft-"] {
        let refused = write(&citizen, id, 0, json!({})).await;
        assert_eq!(code(refused).await, ProblemCode::NotFound, "{id}");
    }
}
