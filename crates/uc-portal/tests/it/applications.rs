use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uc_model::{ApplicationStatus, IdempotencyKey};
use uc_portal_api::{ActivityKind, Dialog, DialogStatus, FeedChange, GuiAction, Problem};

use crate::{
    citizen::{Citizen, correction, submission, uuid},
    harness::{Fixture, problem},
};

async fn start() -> (Fixture, Citizen) {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    (fixture, citizen)
}

#[tokio::test]
async fn app_05_a_submission_is_registered_with_a_number_and_a_deadline() {
    let (_fixture, citizen) = start().await;
    let dialog = citizen.submit_new(1).await;
    assert_eq!(dialog.external_reference, "ЕК-2026-000001");
    assert_eq!(dialog.status, DialogStatus::Awaiting);
    assert_eq!(dialog.extended_status, ApplicationStatus::Registered);
    assert_eq!(dialog.gui_actions, [GuiAction::Cancel]);
    assert_eq!((dialog.revision, dialog.submission), (1, 1));
    // Five working days after Monday the second of March, the ninth being a day off.
    assert_eq!(dialog.due_at.unwrap().to_string(), "2026-03-10T20:59:59Z");
    let kinds: Vec<_> = dialog
        .activities
        .iter()
        .map(|activity| activity.kind)
        .collect();
    assert_eq!(
        kinds,
        [ActivityKind::DialogCreated, ActivityKind::FormSubmitted]
    );
    assert_eq!(citizen.application(uuid(1)).await, dialog);
    assert_eq!(
        citizen.submit_new(2).await.external_reference,
        "ЕК-2026-000002"
    );
}

#[tokio::test]
async fn app_05_ob_03_a_key_answers_once_and_for_one_body() {
    let (fixture, citizen) = start().await;
    let first = citizen
        .submit(uuid(1), uuid(9), &submission())
        .await
        .text()
        .await
        .unwrap();
    let again = citizen.submit(uuid(1), uuid(9), &submission()).await;
    assert_eq!(again.status(), StatusCode::CREATED);
    assert_eq!(again.text().await.unwrap(), first);
    let mut other = submission();
    other["answers"]["birth_place"] = json!("г. Орёл");
    let mismatch = citizen.submit(uuid(1), uuid(9), &other).await;
    assert_eq!(mismatch.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem(mismatch).await, "idempotency_mismatch");
    assert_eq!(
        problem(citizen.submit(uuid(2), uuid(9), &submission()).await).await,
        "idempotency_mismatch"
    );
    let path = format!("/v1/applications/{}", uuid(3));
    let keyless = citizen
        .request(Method::PUT, &path)
        .json(&submission())
        .send()
        .await
        .unwrap();
    assert_eq!(keyless.status(), StatusCode::BAD_REQUEST);
    assert_eq!(problem(keyless).await, "idempotency_key_missing");
    // The reply is the same after a restart and a change of the application.
    let fixture = fixture.restart().await;
    assert_eq!(
        citizen.cancel(uuid(1), uuid(8)).await.status(),
        StatusCode::OK
    );
    let again = citizen.submit(uuid(1), uuid(9), &submission()).await;
    assert_eq!(again.text().await.unwrap(), first);
    drop(fixture);
}

#[tokio::test]
async fn app_05_ob_02_fifty_at_once_make_one() {
    let (_fixture, citizen) = start().await;
    let body = submission();
    let sent = (0..50).map(|_| citizen.submit(uuid(1), uuid(9), &body));
    let mut replies = Vec::new();
    for response in join_all(sent).await {
        if response.status() == StatusCode::CREATED {
            replies.push(response.text().await.unwrap());
        } else {
            assert_eq!(problem(response).await, "in_progress");
        }
    }
    assert!(!replies.is_empty());
    assert!(replies.iter().all(|reply| *reply == replies[0]));
    let feed = citizen.feed(None).await;
    let applications = feed
        .changes
        .iter()
        .filter(|change| matches!(change, FeedChange::Application(_)));
    assert_eq!(applications.count(), 1);
    assert_eq!(
        citizen.submit_new(2).await.external_reference,
        "ЕК-2026-000002"
    );
}

#[tokio::test]
async fn app_05_a_key_being_worked_on_is_told_to_come_again() {
    let (fixture, citizen) = start().await;
    let profile: Value = citizen.get("/v1/profile").await.json().await.unwrap();
    let person = profile["id"].as_str().unwrap().parse().unwrap();
    let keys = &fixture.running.portal().desk.in_flight;
    let taken = keys.take(person, IdempotencyKey::new(uuid(9))).unwrap();
    let early = citizen.submit(uuid(1), uuid(9), &submission()).await;
    assert_eq!(early.status(), StatusCode::CONFLICT);
    assert_eq!(problem(early).await, "in_progress");
    drop(taken);
    let late = citizen.submit(uuid(1), uuid(9), &submission()).await;
    assert_eq!(late.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn app_05_ob_12_without_its_key_the_resource_still_is_one() {
    let (_fixture, citizen) = start().await;
    let first = citizen.submit_new(1).await;
    let again = citizen.submit(uuid(1), uuid(77), &submission()).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert_eq!(again.json::<Dialog>().await.unwrap(), first);
}

#[tokio::test]
async fn app_05_ob_10_what_does_not_fit_is_refused_and_not_kept() {
    let (_fixture, citizen) = start().await;
    let changed = |change: fn(&mut Value)| {
        let mut body = submission();
        change(&mut body);
        body
    };
    for (body, status, code) in [
        (
            changed(|body| body["formVersion"] = json!(9)),
            409,
            "stale_form",
        ),
        (
            changed(|body| body["service"] = json!("passport-first")),
            409,
            "not_offered",
        ),
        (
            changed(|body| body["service"] = json!("unheard-of")),
            409,
            "not_offered",
        ),
        (
            changed(|body| body["revision"] = json!(2)),
            409,
            "revision_conflict",
        ),
        (
            changed(|body| body["person"] = json!("else")),
            400,
            "bad_request",
        ),
        (
            changed(|body| body["service"] = json!("../etc")),
            400,
            "bad_request",
        ),
        (json!([]), 400, "bad_request"),
    ] {
        let response = citizen.submit(uuid(1), uuid(9), &body).await;
        assert_eq!(response.status().as_u16(), status, "{code}");
        assert_eq!(problem(response).await, code);
    }
    let random = "4f0e9d6e-7c4a-4b5c-9f57-5b1d0c8f6a11".parse().unwrap();
    let response = citizen.submit(random, uuid(9), &submission()).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let gone = citizen.get(&format!("/v1/applications/{}", uuid(1))).await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        citizen.submit_new(1).await.external_reference,
        "ЕК-2026-000001"
    );
}

#[tokio::test]
async fn app_01_faults_are_named_by_field_and_rule() {
    let (_fixture, citizen) = start().await;
    let mut body = submission();
    body["answers"]["snils"] = json!("112-233-445 96");
    body["answers"]["consent"] = json!(false);
    body["answers"]["shoe_size"] = json!(42);
    body["answers"]
        .as_object_mut()
        .unwrap()
        .remove("age_reached");
    let response = citizen.submit(uuid(1), uuid(9), &body).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem: Problem = response.json().await.unwrap();
    let fields: Vec<_> = problem
        .fields
        .iter()
        .map(|field| (field.field.as_str(), field.rule.as_str()))
        .collect();
    assert_eq!(
        fields,
        [
            ("age_reached", "required"),
            ("consent", "const"),
            ("shoe_size", "additionalProperties"),
            ("snils", "format"),
        ]
    );
}

#[tokio::test]
async fn sv_01_another_persons_application_is_not_there() {
    let (fixture, owner) = start().await;
    let stranger = Citizen::second(fixture.browser()).await;
    let dialog = owner.submit_new(1).await;
    let cursor = owner.feed(None).await.next;
    for response in [
        stranger.get(&format!("/v1/applications/{}", uuid(1))).await,
        stranger.submit(uuid(1), uuid(9), &submission()).await,
        stranger.submit(uuid(1), uuid(9), &correction()).await,
        stranger.cancel(uuid(1), uuid(9)).await,
    ] {
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(problem(response).await, "not_found");
    }
    let feed = stranger.feed(None).await;
    assert!(
        feed.changes
            .iter()
            .all(|change| !matches!(change, FeedChange::Application(_)))
    );
    let borrowed = stranger.get(&format!("/v1/feed?after={cursor}")).await;
    assert_eq!(borrowed.status(), StatusCode::GONE);
    assert_eq!(owner.application(uuid(1)).await, dialog);
    // A key belongs to its person: the same one serves the other as well.
    assert_eq!(
        stranger
            .submit(uuid(2), uuid(129), &submission())
            .await
            .status(),
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn sv_01_without_a_token_nothing_is_told() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let id = uuid(1);
    for (method, path) in [
        (Method::GET, format!("/v1/applications/{id}")),
        (Method::PUT, format!("/v1/applications/{id}")),
        (Method::POST, format!("/v1/applications/{id}/cancel")),
        (Method::GET, "/v1/feed".into()),
        (Method::GET, "/v1/events".into()),
    ] {
        let request = browser.http.request(method, browser.url(&path));
        let response = request.json(&submission()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn app_08_a_withdrawn_application_stays_withdrawn() {
    let (fixture, mut citizen) = start().await;
    citizen.submit_new(1).await;
    let cancelled = citizen.cancel(uuid(1), uuid(9)).await;
    assert_eq!(cancelled.status(), StatusCode::OK);
    let dialog: Dialog = cancelled.json().await.unwrap();
    assert_eq!(dialog.extended_status, ApplicationStatus::Cancelled);
    assert_eq!(
        (dialog.status, dialog.progress),
        (DialogStatus::Completed, 100)
    );
    assert_eq!(dialog.gui_actions, []);
    let repeated: Dialog = citizen.cancel(uuid(1), uuid(9)).await.json().await.unwrap();
    assert_eq!(repeated, dialog);
    assert_eq!(
        problem(citizen.cancel(uuid(1), uuid(10)).await).await,
        "already_decided"
    );
    // Nobody works on it any more.
    let due = fixture
        .running
        .portal()
        .store
        .find_next_due()
        .await
        .unwrap();
    assert_eq!(due, None);
    fixture.advance(24 * 60 * 60);
    citizen.renew().await;
    assert_eq!(citizen.application(uuid(1)).await, dialog);
}

#[tokio::test]
async fn sv_11_a_wrong_content_type_is_not_read() {
    let (_fixture, citizen) = start().await;
    let put = || {
        citizen
            .request(Method::PUT, &format!("/v1/applications/{}", uuid(1)))
            .header("idempotency-key", uuid(9).to_string())
    };
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let request = put().header("content-type", kind);
        let response = request.body(submission().to_string()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{kind}");
        assert_eq!(problem(response).await, "bad_request");
    }
    let huge = put()
        .header("content-type", "application/json")
        .body(" ".repeat(1024 * 1024 + 1))
        .send()
        .await
        .unwrap();
    assert_eq!(huge.status(), StatusCode::PAYLOAD_TOO_LARGE);
}
