//! Authorization requests sent ahead.

use reqwest::{Response, StatusCode, header};
use serde_json::Value;
use uc_portal::oidc::DESKTOP_CLIENT;

use crate::{
    harness::{
        Browser, Fixture, REDIRECT, Tokens, authorize_form, callback, location, oauth_error,
        refused,
    },
    restart::Program,
};

const PAR: &str = "/oauth2/par";

async fn push(browser: &Browser, changes: &[(&str, &str)]) -> Response {
    browser.client_post(PAR, &authorize_form(changes)).await
}

/// Sends a request ahead; the path that takes the browser to it.
async fn pushed(browser: &Browser, changes: &[(&str, &str)]) -> String {
    let response = push(browser, changes).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["expires_in"], 90);
    let uri = body["request_uri"].as_str().unwrap();
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    visit(uri, DESKTOP_CLIENT)
}

fn visit(request_uri: &str, client: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client)
        .append_pair("request_uri", request_uri)
        .finish();
    format!("/oauth2/authorize?{query}")
}

#[tokio::test]
async fn op_32_a_request_sent_ahead_leads_to_tokens() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let path = pushed(&browser, &[]).await;
    // What the browser adds to it is not heard.
    let path = format!("{path}&state=another&scope=openid");
    let login = location(&browser.get(&path).await);
    assert!(login.starts_with("/login?"), "{login}");
    let consent = browser.sign_in_at(&login).await;
    let answer = callback(&location(&browser.submit_consent(&consent, "allow").await));
    assert_eq!(answer["state"], "state-of-client");
    let tokens = Tokens::of(browser.redeem(&answer["code"], &[]).await).await;
    assert!(!tokens.refresh.is_empty());
}

#[tokio::test]
async fn op_33_a_request_uri_is_used_once() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let path = pushed(&browser, &[]).await;
    // A page that is loaded again uses nothing up: two tabs come to the question, and one of them to an answer.
    let logins = [
        location(&browser.get(&path).await),
        location(&browser.get(&path).await),
    ];
    let first = browser.sign_in_at(&logins[0]).await;
    let second = browser.sign_in_at(&logins[1]).await;
    let answer = callback(&location(&browser.submit_consent(&second, "allow").await));
    assert!(answer.contains_key("code"));
    let late = browser.submit_consent(&first, "allow").await;
    assert_eq!(late.status(), StatusCode::BAD_REQUEST);
    for _ in 0..2 {
        let again = browser.get(&path).await;
        assert_eq!(again.status(), StatusCode::BAD_REQUEST);
        assert!(!again.headers().contains_key(header::LOCATION));
    }
}

#[tokio::test]
async fn op_34_a_request_uri_ends_after_ninety_seconds() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let (soon, late) = (pushed(&browser, &[]).await, pushed(&browser, &[]).await);
    fixture.advance(89);
    assert!(location(&browser.get(&soon).await).starts_with("/login?"));
    fixture.advance(1);
    let response = browser.get(&late).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn op_35_a_request_uri_belongs_to_its_client() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let path = pushed(&browser, &[]).await;
    let uri = path.split_once("request_uri=").unwrap().1;
    for stranger in refused(["client_id=stranger", "client_id="]) {
        let path = format!("/oauth2/authorize?{stranger}&request_uri={uri}");
        let response = browser.get(&path).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{stranger}");
    }
    // The stranger did not use it up.
    assert!(location(&browser.get(&path).await).starts_with("/login?"));
}

#[tokio::test]
async fn op_36_what_is_sent_ahead_is_checked_like_any_request() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let long = "s".repeat(2049);
    for (change, error) in refused([
        (("redirect_uri", ""), "invalid_request"),
        (
            ("redirect_uri", "https://evil.example/callback"),
            "invalid_request",
        ),
        (
            ("redirect_uri", "http://localhost:1/callback"),
            "invalid_request",
        ),
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", "id_token"), "unsupported_response_type"),
        (
            ("response_type", "code id_token"),
            "unsupported_response_type",
        ),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", ""), "invalid_scope"),
        (("state", long.as_str()), "invalid_request"),
        (("max_age", "-1"), "invalid_request"),
        (("id_token_hint", "a.b.c"), "invalid_request"),
        (("request", "e30.e30."), "request_not_supported"),
        (
            ("request_uri", "urn:ietf:params:oauth:request_uri:x"),
            "request_uri_not_supported",
        ),
    ]) {
        let response = push(&browser, &[change]).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{change:?}");
        assert_eq!(oauth_error(response).await, error, "{change:?}");
    }
    for change in refused([
        ("client_id", "stranger"),
        ("client_id", ""),
        ("client_secret", "guessed"),
    ]) {
        let response = push(&browser, &[change]).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{change:?}");
        assert_eq!(oauth_error(response).await, "invalid_client");
    }
}

#[tokio::test]
async fn op_37_only_a_posted_form_is_taken() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let got = browser.get(PAR).await;
    assert_eq!(got.status(), StatusCode::METHOD_NOT_ALLOWED);
    let url = browser.url(PAR);
    let json = browser.http.post(url).json(&serde_json::json!({}));
    let refused = json.send().await.unwrap();
    assert_eq!(oauth_error(refused).await, "invalid_request");
}

#[tokio::test]
async fn op_38_a_request_sent_ahead_keeps_what_the_person_is_to_be_asked() {
    let fixture = Fixture::start().await;
    let (mut browser, tokens) = fixture.signed_in().await;
    fixture.advance(60);
    for (changes, path) in [
        (&[][..], "/consent?"),
        (&[("prompt", "login")], "/login?"),
        (&[("max_age", "30")], "/login?"),
        (&[("id_token_hint", tokens.id.as_str())], "/consent?"),
    ] {
        let ahead = pushed(&browser, changes).await;
        let next = location(&browser.get(&ahead).await);
        assert!(next.starts_with(path), "{changes:?}: {next}");
    }
    let silent = pushed(&browser, &[("prompt", "none")]).await;
    let answer = callback(&location(&browser.get(&silent).await));
    assert_eq!(answer["error"], "consent_required");
}

#[tokio::test]
async fn op_39_discovery_names_the_endpoint_and_demands_nothing_of_all() {
    let fixture = Fixture::start().await;
    let response = fixture
        .browser()
        .get("/.well-known/openid-configuration")
        .await;
    let metadata: Value = response.json().await.unwrap();
    assert_eq!(
        metadata["pushed_authorization_request_endpoint"],
        format!("{}{PAR}", fixture.running.issuer())
    );
    assert_eq!(metadata["require_pushed_authorization_requests"], false);
}

#[tokio::test]
async fn op_40_a_request_sent_ahead_survives_a_killed_portal() {
    let dir = tempfile::tempdir().unwrap();
    let first = Program::start(dir.path());
    let path = pushed(&first.browser, &[]).await;
    first.kill();
    let mut second = Program::start(dir.path());
    let login = location(&second.browser.get(&path).await);
    assert!(login.starts_with("/login?"), "{login}");
}

#[tokio::test]
async fn op_41_a_foreign_request_uri_is_not_fetched() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    for uri in refused([
        "https://127.0.0.1:1/request.jwt",
        "file:///etc/passwd",
        "urn:x",
    ]) {
        let path = format!("{}&redirect_uri={REDIRECT}", visit(uri, DESKTOP_CLIENT));
        let answer = callback(&location(&browser.get(&path).await));
        assert_eq!(answer["error"], "request_uri_not_supported", "{uri}");
    }
}
