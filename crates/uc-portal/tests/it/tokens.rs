use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use reqwest::{StatusCode, header};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uc_portal::{PortalClock, oidc::DESKTOP_CLIENT};

use crate::harness::{Browser, Fixture, Tokens, oauth_error, problem, refused};

async fn is_alive(browser: &Browser, access: &str) -> bool {
    browser.api("/v1/profile", access).await.status() == StatusCode::OK
}

#[tokio::test]
async fn rp_01_code_flow_gives_tokens_that_verify() {
    let fixture = Fixture::start().await;
    let (mut browser, tokens) = fixture.signed_in().await;
    let jwks: JwkSet = browser.get("/oauth2/jwks").await.json().await.unwrap();
    let header = jsonwebtoken::decode_header(&tokens.id).unwrap();
    assert_eq!(header.alg, Algorithm::ES256);
    let key = DecodingKey::from_jwk(jwks.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[DESKTOP_CLIENT]);
    validation.set_issuer(&[fixture.running.issuer()]);
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(&tokens.id, &key, &validation)
        .unwrap()
        .claims;
    let now = fixture.clock.now().as_second();
    assert_eq!(claims["sub"], "demo-anna");
    assert_eq!(claims["azp"], DESKTOP_CLIENT);
    assert_eq!(claims["nonce"], "nonce-of-client");
    assert_eq!(claims["iat"], now);
    assert_eq!(claims["auth_time"], now);
    assert_eq!(claims["exp"], now + 300);
    let half = &Sha256::digest(tokens.access.as_bytes())[..16];
    assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(half));
}

#[tokio::test]
async fn userinfo_tells_what_the_scope_covers() {
    let fixture = Fixture::start().await;
    let (_browser, tokens) = fixture.signed_in().await;
    let mut browser = fixture.browser();
    let info: Value = browser
        .api("/oauth2/userinfo", &tokens.access)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(info["sub"], "demo-anna");
    assert_eq!(info["family_name"], "Соколова");
    assert_eq!(info["email"], "anna@example.org");
    assert_eq!(info["phone_number"], "+79000000001");
    let code = browser
        .obtain_code(&[("scope", "openid email unknown")])
        .await;
    let body: Value = browser.redeem(&code, &[]).await.json().await.unwrap();
    assert_eq!(body["scope"], "openid email");
    assert!(body.get("refresh_token").is_none());
    let access = body["access_token"].as_str().unwrap();
    let info: Value = browser
        .api("/oauth2/userinfo", access)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(info.as_object().unwrap().len(), 3);
    let profile = browser.api("/v1/profile", access).await;
    assert_eq!(profile.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn op_01_userinfo_takes_the_token_in_a_posted_form() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = fixture.signed_in().await;
    let url = || browser.url("/oauth2/userinfo");
    let form = [("access_token", tokens.access.as_str())];
    let posted = browser.http.post(url()).form(&form).send().await.unwrap();
    let info: Value = posted.json().await.unwrap();
    assert_eq!(info["sub"], "demo-anna");
    let header = browser.http.post(url()).bearer_auth(&tokens.access);
    assert_eq!(header.send().await.unwrap().status(), StatusCode::OK);
    let both = browser.http.post(url()).form(&form);
    let both = both.bearer_auth(&tokens.access).send().await.unwrap();
    assert_eq!(both.status(), StatusCode::BAD_REQUEST);
    for form in refused([&[][..], &[("access_token", "forged")]]) {
        let refused = browser.http.post(url()).form(form).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{form:?}");
    }
}

#[tokio::test]
async fn the_profile_belongs_to_the_token() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = fixture.signed_in().await;
    let response = browser.api("/v1/profile", &tokens.access).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let profile: uc_portal_api::PersonProfile = response.json().await.unwrap();
    assert_eq!(profile.id.as_str(), "demo-anna");
    assert_eq!(profile.snils.unwrap().as_str(), "112-233-445 95");
}

#[tokio::test]
async fn without_a_token_nothing_personal_is_told() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for path in ["/v1/profile", "/oauth2/userinfo"] {
        let response = browser.http.get(browser.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(
            response.headers()[header::WWW_AUTHENTICATE],
            "Bearer, DPoP algs=\"ES256 EdDSA\""
        );
        let response = browser.api(path, "forged").await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(problem(response).await, "unauthorized");
    }
}

#[tokio::test]
async fn op_44_a_code_needs_its_own_verifier_redirect_uri_and_client() {
    let fixture = Fixture::start().await;
    let other = "another-verifier-of-forty-three-characters-0";
    for (change, error) in refused([
        (("code_verifier", other), "invalid_grant"),
        (("code_verifier", "short"), "invalid_grant"),
        (("code_verifier", ""), "invalid_request"),
        (
            ("redirect_uri", "http://127.0.0.1:50998/callback"),
            "invalid_grant",
        ),
        (("redirect_uri", ""), "invalid_request"),
        (("client_id", "stranger"), "invalid_client"),
        (("client_id", ""), "invalid_client"),
        (("client_secret", "x"), "invalid_client"),
        (("grant_type", "password"), "unsupported_grant_type"),
        (("grant_type", ""), "invalid_request"),
    ]) {
        let mut browser = fixture.browser();
        let code = browser.obtain_code(&[]).await;
        let response = browser.redeem(&code, &[change]).await;
        assert_eq!(oauth_error(response).await, error, "{change:?}");
    }
}

#[tokio::test]
async fn op_45_a_code_ends_after_a_minute() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    fixture.advance(60);
    let response = browser.redeem(&code, &[]).await;
    assert_eq!(oauth_error(response).await, "invalid_grant");
}

#[tokio::test]
async fn op_46_a_replayed_code_revokes_what_came_of_it() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let code = browser.obtain_code(&[]).await;
    let tokens = Tokens::of(browser.redeem(&code, &[]).await).await;
    assert!(is_alive(&browser, &tokens.access).await);
    let replay = browser.redeem(&code, &[]).await;
    assert_eq!(oauth_error(replay).await, "invalid_grant");
    assert!(!is_alive(&browser, &tokens.access).await);
    let refresh = browser.refresh(&tokens.refresh).await;
    assert_eq!(oauth_error(refresh).await, "invalid_grant");
}

#[tokio::test]
async fn a_consent_sent_twice_gives_one_code() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let consent = browser.reach_consent(&[]).await;
    let first = browser.submit_consent(&consent, "allow").await;
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    let second = browser.submit_consent(&consent, "allow").await;
    assert_eq!(second.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn op_62_a_cut_refresh_may_be_tried_again() {
    let fixture = Fixture::start().await;
    let (browser, first) = fixture.signed_in().await;
    let lost = Tokens::of(browser.refresh(&first.refresh).await).await;
    let again = Tokens::of(browser.refresh(&first.refresh).await).await;
    assert_ne!(lost.refresh, again.refresh);
    let next = Tokens::of(browser.refresh(&again.refresh).await).await;
    assert!(is_alive(&browser, &next.access).await);
}

#[tokio::test]
async fn op_62_the_previous_token_ends_with_the_first_use_of_its_successor() {
    let fixture = Fixture::start().await;
    let (browser, first) = fixture.signed_in().await;
    let second = Tokens::of(browser.refresh(&first.refresh).await).await;
    let third = Tokens::of(browser.refresh(&second.refresh).await).await;
    assert!(is_alive(&browser, &third.access).await);
    let reuse = browser.refresh(&first.refresh).await;
    assert_eq!(oauth_error(reuse).await, "invalid_grant");
    assert!(!is_alive(&browser, &third.access).await);
    let family = browser.refresh(&third.refresh).await;
    assert_eq!(oauth_error(family).await, "invalid_grant");
}

#[tokio::test]
async fn op_62_a_successor_that_a_retry_replaced_is_a_copy_in_other_hands() {
    let fixture = Fixture::start().await;
    let (browser, first) = fixture.signed_in().await;
    let replaced = Tokens::of(browser.refresh(&first.refresh).await).await;
    let kept = Tokens::of(browser.refresh(&first.refresh).await).await;
    let reuse = browser.refresh(&replaced.refresh).await;
    assert_eq!(oauth_error(reuse).await, "invalid_grant");
    let family = browser.refresh(&kept.refresh).await;
    assert_eq!(oauth_error(family).await, "invalid_grant");
}

#[tokio::test]
async fn op_62_of_many_refreshes_at_once_one_successor_remains() {
    let fixture = Fixture::start().await;
    let (browser, first) = fixture.signed_in().await;
    let tries = (0..100).map(|_| browser.refresh(&first.refresh));
    let answers = futures_util::future::join_all(tries).await;
    assert!(
        answers
            .iter()
            .all(|answer| answer.status() == StatusCode::OK)
    );
    // None was used yet, so the token that they replace still serves.
    let last = Tokens::of(browser.refresh(&first.refresh).await).await;
    Tokens::of(browser.refresh(&last.refresh).await).await;
}

#[tokio::test]
async fn op_62_refresh_tokens_end_by_idleness_and_by_age() {
    let day = 24 * 3600;
    let fixture = Fixture::start().await;
    let (browser, mut tokens) = fixture.signed_in().await;
    for _ in 0..6 {
        fixture.advance(29 * day);
        tokens = Tokens::of(browser.refresh(&tokens.refresh).await).await;
    }
    fixture.advance(6 * day);
    let aged = browser.refresh(&tokens.refresh).await;
    assert_eq!(oauth_error(aged).await, "invalid_grant");
    let (browser, tokens) = fixture.signed_in().await;
    fixture.advance(30 * day);
    let idle = browser.refresh(&tokens.refresh).await;
    assert_eq!(oauth_error(idle).await, "invalid_grant");
}

#[tokio::test]
async fn an_access_token_ends_after_five_minutes() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = fixture.signed_in().await;
    fixture.advance(299);
    assert!(is_alive(&browser, &tokens.access).await);
    fixture.advance(1);
    assert!(!is_alive(&browser, &tokens.access).await);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_family_at_once() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = fixture.signed_in().await;
    for (token, client, status) in [
        ("unknown", DESKTOP_CLIENT, StatusCode::OK),
        (
            tokens.refresh.as_str(),
            "stranger",
            StatusCode::UNAUTHORIZED,
        ),
    ] {
        assert_eq!(revoke(&browser, token, client).await, status);
        assert!(is_alive(&browser, &tokens.access).await);
    }
    let status = revoke(&browser, &tokens.refresh, DESKTOP_CLIENT).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!is_alive(&browser, &tokens.access).await);
    let refresh = browser.refresh(&tokens.refresh).await;
    assert_eq!(oauth_error(refresh).await, "invalid_grant");
}

async fn revoke(browser: &Browser, token: &str, client: &str) -> StatusCode {
    let form = [("token", token), ("client_id", client)].map(|(a, b)| (a.into(), b.into()));
    browser.client_post("/oauth2/revoke", &form).await.status()
}

#[tokio::test]
async fn the_token_endpoint_takes_forms_only() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let url = browser.url("/oauth2/token");
    let request = browser
        .http
        .post(url)
        .json(&serde_json::json!({"grant_type": "refresh_token"}));
    assert_eq!(
        oauth_error(request.send().await.unwrap()).await,
        "invalid_request"
    );
}
