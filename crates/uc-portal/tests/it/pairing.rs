//! Devices without a browser.

use reqwest::{Response, StatusCode, header};
use serde_json::Value;

use crate::{
    harness::{Browser, Fixture, Page, SCOPE, Tokens, changed, location, oauth_error, page},
    proof_key::Prover,
};

const BEGIN: &str = "/oauth2/device_authorization";
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const TERMINAL: &str = "terminal";
const CLIENTS: &str = r#"
    [[client]]
    id = "terminal"
    name = "Терминал приёмной"
    authentication = "none"
    device_grant = "allowed"

    [[client]]
    id = "other-terminal"
    name = "Другой терминал"
    authentication = "none"
    device_grant = "allowed"
"#;

/// What a device was told when it began to wait.
struct Waiting {
    device_code: String,
    user_code: String,
    complete: String,
}

async fn begin(browser: &Browser) -> Waiting {
    let form = changed(&[("client_id", TERMINAL), ("scope", SCOPE)], &[]);
    let response = browser.client_post(BEGIN, &form).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["expires_in"], 600);
    assert_eq!(body["interval"], 5);
    assert_eq!(body["verification_uri"], browser.url("/device").as_str());
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Waiting {
        device_code: text("device_code"),
        user_code: text("user_code"),
        complete: text("verification_uri_complete"),
    }
}

impl Waiting {
    async fn ask_as(&self, browser: &Browser, client: &str) -> Response {
        let form = [
            ("grant_type", GRANT_TYPE),
            ("client_id", client),
            ("device_code", &self.device_code),
        ];
        browser
            .client_post("/oauth2/token", &changed(&form, &[]))
            .await
    }

    async fn ask(&self, browser: &Browser) -> Response {
        self.ask_as(browser, TERMINAL).await
    }

    async fn error(&self, browser: &Browser) -> String {
        oauth_error(self.ask(browser).await).await
    }
}

async fn type_code(browser: &mut Browser, code: &str) -> Response {
    let form = browser.page("/device").await;
    let csrf = form.hidden("csrf");
    let form = [("csrf", csrf.as_str()), ("user_code", code)];
    browser.post("/device", &form).await
}

/// Types the code, signs in, and comes to the consent page.
async fn reach_consent(browser: &mut Browser, code: &str) -> Page {
    let login = location(&type_code(browser, code).await);
    assert!(login.starts_with("/login?"), "{login}");
    browser.sign_in_at(&login).await
}

#[tokio::test]
async fn op_55_a_device_gets_tokens_once_when_the_person_allowed_it() {
    let fixture = Fixture::start_with_clients(CLIENTS).await;
    let mut browser = fixture.browser();
    let waiting = begin(&browser).await;
    assert_eq!(waiting.error(&browser).await, "authorization_pending");
    let consent = reach_consent(&mut browser, &waiting.user_code.to_lowercase()).await;
    assert!(consent.html.contains("Терминал приёмной"));
    assert!(consent.html.contains("код которого вы ввели"));
    fixture.advance(5);
    assert_eq!(waiting.error(&browser).await, "authorization_pending");
    let done = page(browser.submit_consent(&consent, "allow").await).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.html.contains("Устройство подключено"));
    let fixture = fixture.restart().await;
    let foreign = waiting.ask_as(&browser, "other-terminal").await;
    assert_eq!(oauth_error(foreign).await, "invalid_grant");
    let tokens = Tokens::of(waiting.ask(&browser).await).await;
    let profile = browser.api("/v1/profile", &tokens.access).await;
    assert_eq!(profile.status(), StatusCode::OK);
    assert_eq!(waiting.error(&browser).await, "invalid_grant");
    // The code on the device is used up, too.
    let late = type_code(&mut fixture.browser(), &waiting.user_code).await;
    assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn op_55_a_device_that_asks_too_soon_must_wait_longer() {
    let fixture = Fixture::start_with_clients(CLIENTS).await;
    let browser = fixture.browser();
    let waiting = begin(&browser).await;
    for (seconds, error) in [
        (0, "authorization_pending"),
        (4, "slow_down"),
        (9, "slow_down"),
        (15, "authorization_pending"),
        (14, "slow_down"),
        (20, "authorization_pending"),
    ] {
        fixture.advance(seconds);
        assert_eq!(waiting.error(&browser).await, error, "after {seconds} s");
    }
}

#[tokio::test]
async fn op_55_a_refusal_and_the_end_of_waiting_reach_the_device() {
    let fixture = Fixture::start_with_clients(CLIENTS).await;
    let mut browser = fixture.browser();
    let refused = begin(&browser).await;
    let consent = reach_consent(&mut browser, &refused.user_code).await;
    let done = page(browser.submit_consent(&consent, "deny").await).await;
    assert!(done.html.contains("Доступ не дан"));
    assert_eq!(refused.error(&browser).await, "access_denied");
    assert_eq!(refused.error(&browser).await, "invalid_grant");
    let late = begin(&browser).await;
    let consent = location(&type_code(&mut browser, &late.user_code).await);
    let consent = browser.page(&consent).await;
    fixture.advance(599);
    assert_eq!(late.error(&browser).await, "authorization_pending");
    fixture.advance(1);
    assert_eq!(late.error(&browser).await, "expired_token");
    let typed = type_code(&mut browser, &late.user_code).await;
    assert_eq!(typed.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let allowed = browser.submit_consent(&consent, "allow").await;
    assert_eq!(allowed.status(), StatusCode::BAD_REQUEST);
    assert_eq!(late.error(&browser).await, "expired_token");
}

#[tokio::test]
async fn op_55_only_registered_clients_begin_and_only_they_ask() {
    let fixture = Fixture::start_with_clients(CLIENTS).await;
    let browser = fixture.browser();
    for (client, scope, error) in [
        ("edinyi-klient-desktop", SCOPE, "unauthorized_client"),
        ("stranger", SCOPE, "invalid_client"),
        (TERMINAL, "profile", "invalid_scope"),
        (TERMINAL, "", "invalid_scope"),
    ] {
        let form = changed(&[("client_id", client), ("scope", scope)], &[]);
        let refused = browser.client_post(BEGIN, &form).await;
        assert_eq!(oauth_error(refused).await, error, "{client} {scope}");
    }
    let waiting = begin(&browser).await;
    let foreign = waiting.ask_as(&browser, "edinyi-klient-desktop").await;
    assert_eq!(oauth_error(foreign).await, "invalid_grant");
    let guessed = Waiting {
        device_code: "guessed".into(),
        ..waiting
    };
    assert_eq!(guessed.error(&browser).await, "invalid_grant");
}

#[tokio::test]
async fn op_56_codes_of_devices_cannot_be_guessed() {
    let fixture = Fixture::start_with_clients(CLIENTS).await;
    let mut browser = fixture.browser();
    let waiting = begin(&browser).await;
    for _ in 0..30 {
        let wrong = type_code(&mut browser, "BBBB-BBBB").await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let wrong = type_code(&mut browser, "BBBB-BBBB").await;
    assert_eq!(wrong.status(), StatusCode::TOO_MANY_REQUESTS);
    // Even the right one is not compared, from whichever browser of that address.
    let right = type_code(&mut fixture.browser(), &waiting.user_code).await;
    let right = page(right).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(right.html.contains("Слишком много неверных кодов"));
    fixture.advance(60);
    let right = type_code(&mut browser, &waiting.user_code).await;
    assert!(location(&right).starts_with("/login?"));
}

#[tokio::test]
async fn op_56_the_page_of_codes_keeps_the_rules() {
    let fixture = Fixture::start_with_clients(CLIENTS).await;
    let mut browser = fixture.browser();
    let waiting = begin(&browser).await;
    let path = waiting
        .complete
        .strip_prefix(fixture.running.issuer())
        .unwrap();
    let shown = browser.page(path).await;
    // The address fills the code in, and the person still sends it.
    assert!(
        shown
            .html
            .contains(&format!("value=\"{}\"", waiting.user_code))
    );
    assert_eq!(waiting.error(&browser).await, "authorization_pending");
    assert!(shown.policy.contains("default-src 'none'"));
    assert!(!shown.html.contains("<script"));
    let markup = browser.page("/device?user_code=%22%3E%3Cb%3E").await;
    assert!(!markup.html.contains("<b>"));
    browser.language = "en";
    assert!(
        browser
            .page("/device")
            .await
            .html
            .contains("Connect a device")
    );
    let form = [
        ("csrf", "forged"),
        ("user_code", waiting.user_code.as_str()),
    ];
    for mut sender in [browser, fixture.browser()] {
        let refused = sender.post("/device", &form).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn op_55_a_device_may_bind_its_tokens_to_a_key() {
    let fixture = Fixture::start_with_clients(CLIENTS).await;
    let mut browser = fixture.browser();
    let waiting = begin(&browser).await;
    let consent = reach_consent(&mut browser, &waiting.user_code).await;
    browser.submit_consent(&consent, "allow").await;
    let prover = Prover::new(&fixture, &browser).await;
    let form = [
        ("grant_type", GRANT_TYPE),
        ("client_id", TERMINAL),
        ("device_code", &waiting.device_code),
    ];
    let body: Value = prover
        .post("/oauth2/token", &form)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(body["token_type"], "DPoP");
    let access = body["access_token"].as_str().unwrap();
    let profile = prover.get("/v1/profile", access).await;
    assert_eq!(profile.status(), StatusCode::OK);
}
