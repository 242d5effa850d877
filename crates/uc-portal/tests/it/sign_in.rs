use std::collections::BTreeMap;

use reqwest::StatusCode;

use crate::harness::{Fixture, PASSWORD, PHONE, location, page, refused};

#[tokio::test]
async fn auth_02_phone_email_and_snils_all_sign_in() {
    let fixture = Fixture::start().await;
    for login in [
        PHONE,
        "8 (900) 000-00-01",
        "Anna@Example.org",
        "112-233-445 95",
        "11223344595",
    ] {
        let mut browser = fixture.browser();
        let form = browser.authorize(&[]).await;
        let form = browser.page(&form).await;
        let response = browser.submit_login(&form, login, PASSWORD).await;
        assert!(location(&response).starts_with("/consent?"), "{login}");
    }
}

#[tokio::test]
async fn an_unknown_login_is_answered_like_a_wrong_password() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let form = browser.authorize(&[]).await;
    let form = browser.page(&form).await;
    let mut answers = Vec::new();
    for login in [PHONE, "+79999999999", "nobody"] {
        let response = browser.submit_login(&form, login, "неверный").await;
        let shown = page(response).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        answers.push(shown.constant().replace(login, ""));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert!(!browser.cookies.contains_key("__Host-session"));
}

#[tokio::test]
async fn op_67_forms_are_bound_to_the_browser_that_began() {
    let fixture = Fixture::start().await;
    let mut victim = fixture.browser();
    let form = victim.authorize(&[]).await;
    let form = victim.page(&form).await;
    let (flow, csrf) = (form.hidden("flow"), form.hidden("csrf"));
    let mut stranger = fixture.browser();
    stranger.authorize(&[]).await;
    let login = [("login", PHONE), ("password", PASSWORD)];
    for (known, csrf) in refused([
        (&stranger.cookies, csrf.as_str()),
        (&BTreeMap::new(), &csrf),
        (&victim.cookies, "forged"),
        (&victim.cookies, ""),
    ]) {
        let mut browser = fixture.browser();
        browser.cookies.clone_from(known);
        let fields = [("flow", flow.as_str()), ("csrf", csrf), login[0], login[1]];
        let response = browser.post("/login", &fields).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(!browser.cookies.contains_key("__Host-session"));
    }
    // The flow still waits for its own browser.
    let response = victim.submit_login(&form, PHONE, PASSWORD).await;
    assert!(location(&response).starts_with("/consent?"));
}

#[tokio::test]
async fn op_67_cookies_and_pages_keep_the_rules() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let consent = browser.reach_consent(&[]).await;
    assert_eq!(browser.set_cookies.len(), 3);
    for cookie in &browser.set_cookies {
        assert!(cookie.starts_with("__Host-"));
        for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{attribute}");
        }
        assert!(!cookie.contains("Domain"));
    }
    for rule in [
        "default-src 'none'",
        "style-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(consent.policy.contains(rule), "{rule}");
    }
    for forbidden in ["<script", "style=", "http://", "onclick"] {
        assert!(!consent.html.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn a_flow_ends_after_ten_minutes() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let form = browser.authorize(&[]).await;
    let form = browser.page(&form).await;
    fixture.advance(601);
    let response = browser.submit_login(&form, PHONE, PASSWORD).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_browser_session_ends_after_twelve_hours() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    fixture.advance(12 * 3600);
    assert!(browser.authorize(&[]).await.starts_with("/login?"));
}

#[tokio::test]
async fn markup_in_what_a_person_typed_is_shown_as_text() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let hint = "\"><script>alert(1)</script>";
    let form = browser.authorize(&[("login_hint", hint)]).await;
    assert!(!browser.page(&form).await.html.contains("<script"));
}

#[tokio::test]
async fn pages_speak_the_language_asked_for() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let form = browser.authorize(&[]).await;
    let russian = browser.page(&form).await.html;
    assert!(russian.contains("Не является официальным приложением «Госуслуги»"));
    assert!(russian.contains("<html lang=\"ru\">"));
    browser.language = "en-GB,ru;q=0.5";
    let english = browser.page(&form).await.html;
    assert!(english.contains("<html lang=\"en\">"));
    let form = browser.authorize(&[("ui_locales", "ru")]).await;
    assert!(
        browser
            .page(&form)
            .await
            .html
            .contains("<html lang=\"ru\">")
    );
}

#[tokio::test]
async fn another_person_may_sign_in_instead() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let consent = browser.reach_consent(&[]).await;
    let login = location(&browser.submit_consent(&consent, "switch").await);
    assert!(login.starts_with("/login?"));
    // Without the session nothing can be allowed.
    let response = browser.submit_consent(&consent, "allow").await;
    assert!(location(&response).starts_with("/login?"));
    let form = browser.page(&login).await;
    let response = browser
        .submit_login(&form, "timur@example.org", "берег-фонарь-77")
        .await;
    let consent = location(&response);
    assert!(browser.page(&consent).await.html.contains("Тимур Ахметов"));
}

#[tokio::test]
async fn op_50_sign_out_asks_unless_the_client_shows_its_id_token() {
    let fixture = Fixture::start().await;
    let (mut browser, tokens) = fixture.signed_in().await;
    let question = browser.page("/oauth2/logout").await;
    assert!(question.html.contains("name=\"csrf\""));
    assert!(browser.authorize(&[]).await.starts_with("/consent?"));
    let back = "http://127.0.0.1:50999/signed-out";
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("id_token_hint", &tokens.id)
        .append_pair("post_logout_redirect_uri", back)
        .append_pair("state", "s")
        .finish();
    let response = browser.get(&format!("/oauth2/logout?{query}")).await;
    assert_eq!(location(&response), format!("{back}?state=s"));
    assert!(browser.authorize(&[]).await.starts_with("/login?"));
}

#[tokio::test]
async fn op_50_sign_out_by_the_form_ends_the_session() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    let question = browser.page("/oauth2/logout").await;
    let csrf = question.hidden("csrf");
    let done = page(browser.post("/oauth2/logout", &[("csrf", &csrf)]).await).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(browser.authorize(&[]).await.starts_with("/login?"));
}

#[tokio::test]
async fn op_63_sign_out_redirects_to_registered_uris_only() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    for query in refused([
        "post_logout_redirect_uri=http://127.0.0.1:50999/signed-out",
        "client_id=edinyi-klient-desktop&post_logout_redirect_uri=https://evil.example/",
        "client_id=stranger&post_logout_redirect_uri=http://127.0.0.1:50999/signed-out",
        "client_id=edinyi-klient-desktop&post_logout_redirect_uri=//evil.example/signed-out",
    ]) {
        let response = browser.get(&format!("/oauth2/logout?{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn one_signs_in_for_a_page_of_the_portal_itself() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let closed = browser.page("/protection").await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(closed.html.contains("href=\"/sign-in?to=protection\""));
    let login = location(&browser.get("/sign-in?to=protection").await);
    let form = browser.page(&login).await;
    let response = browser.submit_login(&form, PHONE, PASSWORD).await;
    // No client asks for anything: nothing is there to be allowed.
    let on = location(&browser.get(&location(&response)).await);
    assert_eq!(on, "/protection");
    assert_eq!(browser.page(&on).await.status, StatusCode::OK);
    let known = browser.get("/sign-in?to=protection").await;
    assert_eq!(location(&known), "/protection");
}

#[tokio::test]
async fn op_63_a_sign_in_leads_to_the_portals_own_pages_only() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    for query in refused([
        "",
        "?to=",
        "?to=/protection",
        "?to=https://evil.example/",
        "?to=protection&to=protection",
    ]) {
        let response = browser.get(&format!("/sign-in{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}
