use reqwest::{StatusCode, header};
use serde_json::Value;

use crate::harness::{Fixture, REDIRECT, authorize_path, callback, location, page, refused};

#[tokio::test]
async fn op_63_an_unknown_client_or_redirect_uri_gets_no_redirect() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    for change in refused([
        ("client_id", "stranger"),
        ("client_id", ""),
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.example/callback"),
        ("redirect_uri", "http://localhost:50999/callback"),
        ("redirect_uri", "http://127.0.0.1:50999/callback?next=evil"),
        (
            "redirect_uri",
            "http://127.0.0.1:50999@evil.example/callback",
        ),
    ]) {
        let response = browser.get(&authorize_path(&[change])).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{change:?}");
        assert!(!response.headers().contains_key(header::LOCATION));
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let fixture = Fixture::start().await;
    let path = format!("{}&state=other", authorize_path(&[]));
    let response = fixture.browser().get(&path).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn op_47_errors_go_back_to_the_client_with_state_and_issuer() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    for (change, error) in refused([
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_mode", "fragment"), "invalid_request"),
        (("scope", "profile"), "invalid_scope"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("request", "e30.e30."), "request_not_supported"),
        (("request_uri", "urn:x"), "request_uri_not_supported"),
        (("prompt", "none"), "login_required"),
        (("prompt", "none login"), "invalid_request"),
    ]) {
        let answer = callback(&browser.authorize(&[change]).await);
        assert_eq!(answer["error"], error, "{change:?}");
        assert_eq!(answer["state"], "state-of-client");
        assert_eq!(answer["iss"], fixture.running.issuer());
        assert!(!answer.contains_key("code"));
    }
}

#[tokio::test]
async fn lb_07_consent_is_asked_for_again_and_never_skipped() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    let silent = callback(&browser.authorize(&[("prompt", "none")]).await);
    assert_eq!(silent["error"], "consent_required");
    let next = browser.authorize(&[]).await;
    assert!(next.starts_with("/consent?"), "{next}");
}

#[tokio::test]
async fn op_48_the_password_is_asked_for_again_when_the_client_wants_it() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    fixture.advance(60);
    for (change, path) in [
        (("prompt", "login"), "/login?"),
        (("prompt", "select_account"), "/login?"),
        (("max_age", "30"), "/login?"),
        (("max_age", "0"), "/login?"),
        (("max_age", "10000"), "/consent?"),
    ] {
        let next = browser.authorize(&[change]).await;
        assert!(next.starts_with(path), "{change:?}: {next}");
    }
    // A flow that asks for the password is not served by the session that there is.
    let login = browser.authorize(&[("prompt", "login")]).await;
    let consent = login.replace("/login", "/consent");
    assert_eq!(location(&browser.get(&consent).await), login);
}

#[tokio::test]
async fn op_52_a_request_for_one_person_is_not_served_by_another() {
    let fixture = Fixture::start().await;
    let (mut browser, tokens) = fixture.signed_in().await;
    let hint = [("id_token_hint", tokens.id.as_str())];
    // The ID token may have ended.
    fixture.advance(3600);
    let next = browser.authorize(&hint).await;
    assert!(next.starts_with("/consent?"), "{next}");
    let silent = [hint[0], ("prompt", "none")];
    let known = callback(&browser.authorize(&silent).await);
    assert_eq!(known["error"], "consent_required");
    let mut strange = fixture.browser();
    let unknown = callback(&strange.authorize(&silent).await);
    assert_eq!(unknown["error"], "login_required");
    let login = strange.authorize(&hint).await;
    let page = strange.page(&login).await;
    let other = strange
        .submit_login(&page, "timur@example.org", "берег-фонарь-77")
        .await;
    let refused = strange.get(&location(&other)).await;
    assert_eq!(callback(&location(&refused))["error"], "login_required");
    let forged = [("id_token_hint", "e30.e30.e30")];
    let refused = callback(&strange.authorize(&forged).await);
    assert_eq!(refused["error"], "invalid_request");
}

#[tokio::test]
async fn an_authorization_request_may_be_posted() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let path = authorize_path(&[]);
    let query = path.split_once('?').unwrap().1;
    let form: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let next = location(&browser.post("/oauth2/authorize", &form).await);
    assert!(next.starts_with("/login?"), "{next}");
}

#[tokio::test]
async fn op_49_discovery_says_what_holds() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let response = browser.get("/.well-known/openid-configuration").await;
    let metadata: Value = response.json().await.unwrap();
    let issuer = fixture.running.issuer();
    assert_eq!(metadata["issuer"], issuer);
    assert_eq!(
        metadata["authorization_endpoint"],
        format!("{issuer}/oauth2/authorize")
    );
    assert_eq!(
        metadata["code_challenge_methods_supported"],
        serde_json::json!(["S256"])
    );
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
    let jwks: Value = browser.get("/oauth2/jwks").await.json().await.unwrap();
    let key = &jwks["keys"][0];
    assert_eq!((&key["kty"], &key["alg"]), (&"EC".into(), &"ES256".into()));
    assert!(key.get("d").is_none());
}

#[tokio::test]
async fn a_refusal_by_the_person_reaches_the_client() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let consent = browser.reach_consent(&[]).await;
    let answer = callback(&location(&browser.submit_consent(&consent, "deny").await));
    assert_eq!(answer["error"], "access_denied");
    let late = browser.submit_consent(&consent, "allow").await;
    assert_eq!(page(late).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_consent_form_may_lead_to_the_client_alone() {
    let fixture = Fixture::start().await;
    let consent = fixture.browser().reach_consent(&[]).await;
    let origin = REDIRECT.strip_suffix("/callback").unwrap();
    assert!(
        consent
            .policy
            .contains(&format!("form-action 'self' {origin};"))
    );
    assert!(consent.html.contains("Анна Соколова"));
}
