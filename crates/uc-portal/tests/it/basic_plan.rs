//! What a request may hold, and what comes of it: the modules of the Basic OP plan that are about neither keys nor secrets.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::harness::{Browser, Fixture, PHONE, Tokens, callback, location, oauth_error};

/// Tokens for a code, with or without a refresh token.
async fn tokens(browser: &Browser, code: &str) -> Value {
    let response = browser.redeem(code, &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

async fn userinfo(browser: &Browser, tokens: &Value) -> Value {
    let access = tokens["access_token"].as_str().unwrap();
    let response = browser.api("/oauth2/userinfo", access).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

fn id_claims(tokens: &Value) -> Value {
    let token = tokens["id_token"].as_str().unwrap();
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn op_21_each_scope_gives_its_claims_and_no_others() {
    let profile = [
        "birthdate",
        "family_name",
        "given_name",
        "middle_name",
        "name",
    ];
    let email = ["email", "email_verified"];
    let phone = ["phone_number", "phone_number_verified"];
    let all = [&profile[..], &email, &phone].concat();
    let fixture = Fixture::start().await;
    for (scope, granted, claims) in [
        ("openid", "openid", &[][..]),
        ("openid profile", "openid profile", &profile),
        ("openid email", "openid email", &email),
        ("openid phone", "openid phone", &phone),
        // No address is kept, so none is told.
        ("openid address", "openid", &[]),
        (
            "openid profile email address phone",
            "openid profile email phone",
            &all,
        ),
        ("email openid", "openid email", &email),
    ] {
        let mut browser = fixture.browser();
        let code = browser.obtain_code(&[("scope", scope)]).await;
        let tokens = tokens(&browser, &code).await;
        assert_eq!(tokens["scope"], granted, "{scope}");
        let info = userinfo(&browser, &tokens).await;
        let told = info.as_object().unwrap().keys();
        let told: Vec<&str> = told
            .map(String::as_str)
            .filter(|name| *name != "sub")
            .collect();
        let mut claims = claims.to_vec();
        claims.sort_unstable();
        assert_eq!(told, claims, "{scope}");
    }
}

#[tokio::test]
async fn op_22_what_a_request_may_hold_beside_the_rest_changes_nothing() {
    let essential = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let fixture = Fixture::start().await;
    for (name, value) in [
        ("display", "page"),
        ("display", "popup"),
        ("display", "touch"),
        ("surprise", "foobar"),
        ("login_hint", PHONE),
        ("ui_locales", "fr se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("claims", essential),
        ("max_age", "10000"),
        ("nonce", ""),
    ] {
        let mut browser = fixture.browser();
        let code = browser.obtain_code(&[(name, value)]).await;
        let tokens = tokens(&browser, &code).await;
        let claims = id_claims(&tokens);
        assert_eq!(claims["sub"], "demo-anna", "{name}");
        let asked = if name == "nonce" {
            Value::Null
        } else {
            "nonce-of-client".into()
        };
        assert_eq!(claims["nonce"], asked, "{name}");
        assert!(claims["auth_time"].is_i64(), "{name}");
        assert_eq!(
            userinfo(&browser, &tokens).await["given_name"],
            "Анна",
            "{name}"
        );
    }
}

#[tokio::test]
async fn op_22_a_login_that_is_hinted_stands_in_the_form() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let login = browser
        .authorize(&[("login_hint", "anna@example.org")])
        .await;
    let page = browser.page(&login).await;
    assert!(page.html.contains("value=\"anna@example.org\""));
}

#[tokio::test]
async fn op_23_a_code_used_again_half_a_minute_later_ends_what_came_of_it() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let tokens = Tokens::of(browser.redeem(&code, &[]).await).await;
    fixture.advance(30);
    let replay = browser.redeem(&code, &[]).await;
    assert_eq!(oauth_error(replay).await, "invalid_grant");
    let dead = browser.api("/oauth2/userinfo", &tokens.access).await;
    assert_eq!(dead.status(), StatusCode::UNAUTHORIZED);
}

/// What a client finds at its redirect URI.
async fn answer(browser: &mut Browser, changes: &[(&str, &str)], action: &str) -> Response {
    let consent = browser.reach_consent(changes).await;
    browser.submit_consent(&consent, action).await
}

#[tokio::test]
async fn op_24_state_comes_back_as_it_was_whatever_its_length() {
    let fixture = Fixture::start().await;
    for length in [0, 1, 64, 128, 384, 2048] {
        let state = "s".repeat(length);
        let mut browser = fixture.browser();
        for action in ["allow", "deny"] {
            let changes = [("state", state.as_str())];
            let answer = callback(&location(&answer(&mut browser, &changes, action).await));
            let expected = (length > 0).then_some(&state);
            assert_eq!(answer.get("state"), expected, "{length} {action}");
            browser = fixture.browser();
        }
    }
}

#[tokio::test]
async fn op_24_a_nonce_comes_back_as_it_was_whatever_its_length() {
    let fixture = Fixture::start().await;
    for length in [1, 64, 384, 2048] {
        let nonce = "n".repeat(length);
        let mut browser = fixture.browser();
        let code = browser.obtain_code(&[("nonce", &nonce)]).await;
        let claims = id_claims(&tokens(&browser, &code).await);
        assert_eq!(claims["nonce"], nonce, "{length}");
    }
}
