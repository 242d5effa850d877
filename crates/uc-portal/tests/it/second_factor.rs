//! The second factor: added, asked, removed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use jiff::Timestamp;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use uc_portal::{
    PortalClock,
    accounts::{Factor, Step, TotpSecret},
    journal::AuthEvent,
};

use crate::{
    harness::{Browser, Fixture, PASSWORD, PHONE, Page, Tokens, callback, location, page},
    journal::journal,
};

/// A person's authenticator app.
pub(crate) struct App(TotpSecret);

impl App {
    /// Reads the secret as a person does.
    fn reading(page: &Page) -> Self {
        let (_, rest) = page.html.split_once("<code>").unwrap();
        let text = rest.split_once("</code>").unwrap().0;
        Self(TotpSecret::read(text).unwrap())
    }

    pub(crate) fn code(&self, fixture: &Fixture) -> String {
        self.code_at(fixture.clock.now())
    }

    fn code_at(&self, now: Timestamp) -> String {
        self.0.code(Step::at(now)).digits()
    }

    pub(crate) fn wrong_code(&self, fixture: &Fixture) -> String {
        let near: Vec<String> = (-2..=2)
            .map(|step| {
                let Step(now) = Step::at(fixture.clock.now());
                self.0.code(Step(now + step)).digits()
            })
            .collect();
        (0..10)
            .map(|number| format!("{number:06}"))
            .find(|code| !near.contains(code))
            .unwrap()
    }
}

async fn change(browser: &mut Browser, fields: [(&str, &str); 3]) -> Response {
    let csrf = browser.page("/protection/app").await.hidden("csrf");
    let [action, code, password] = fields;
    let form = [("csrf", csrf.as_str()), action, code, password];
    browser.post("/protection/app", &form).await
}

/// A person with an authenticator app, added in a browser.
pub(crate) async fn protected(fixture: &Fixture) -> (Browser, App) {
    let (mut browser, _tokens) = fixture.signed_in().await;
    let app = add_app(fixture, &mut browser, PASSWORD).await;
    (browser, app)
}

/// Adds an authenticator app in the browser of a person who has this password.
pub(crate) async fn add_app(fixture: &Fixture, browser: &mut Browser, password: &str) -> App {
    let shown = browser.page("/protection/app").await;
    let app = App::reading(&shown);
    let code = app.code(fixture);
    let fields = [("action", "add"), ("code", &code), ("password", password)];
    let added = change(browser, fields).await;
    assert_eq!(location(&added), "/protection");
    // The code that confirmed is used up.
    fixture.advance(30);
    app
}

/// The password given: the page that asks for a code.
async fn reach_code(browser: &mut Browser) -> Page {
    let login = browser.authorize(&[]).await;
    let form = browser.page(&login).await;
    let step = location(&browser.submit_login(&form, PHONE, PASSWORD).await);
    assert!(step.starts_with("/login/code?"), "{step}");
    browser.page(&step).await
}

pub(crate) async fn tokens_after(browser: &mut Browser, admitted: Response) -> Tokens {
    let consent = location(&admitted);
    assert!(consent.starts_with("/consent?"), "{consent}");
    let consent = browser.page(&consent).await;
    let allowed = location(&browser.submit_consent(&consent, "allow").await);
    let code = callback(&allowed)["code"].clone();
    Tokens::of(browser.redeem(&code, &[]).await).await
}

pub(crate) fn claims(tokens: &Tokens) -> Value {
    claims_of(&tokens.id)
}

/// What a JWT claims, whoever signed it.
pub(crate) fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn auth_03_a_code_of_the_app_is_asked_after_the_password() {
    let fixture = Fixture::start().await;
    let (_browser, app) = protected(&fixture).await;
    let mut other = fixture.browser();
    let asked = reach_code(&mut other).await;
    assert!(!other.cookies.contains_key("__Host-session"));
    fixture.advance(7);
    let admitted = other.submit_code(&asked, &app.code(&fixture)).await;
    let tokens = tokens_after(&mut other, admitted).await;
    let claims = claims(&tokens);
    assert_eq!(claims["amr"], json!(["pwd", "otp", "mfa"]));
    assert_eq!(claims["acr"], "urn:edinyi-klient:acr:two-factors");
    assert_eq!(claims["auth_time"], fixture.clock.now().as_second());
    // A session that was opened so tells so to the next client, and so does a refresh.
    let refreshed = Tokens::of(other.refresh(&tokens.refresh).await).await;
    assert_eq!(self::claims(&refreshed)["amr"], claims["amr"]);
    let consent = other.authorize(&[]).await;
    let consent = other.page(&consent).await;
    let allowed = location(&other.submit_consent(&consent, "allow").await);
    let again = other.redeem(&callback(&allowed)["code"], &[]).await;
    assert_eq!(self::claims(&Tokens::of(again).await)["acr"], claims["acr"]);
}

#[tokio::test]
async fn auth_03_without_a_second_factor_the_password_is_enough() {
    let fixture = Fixture::start().await;
    let (_browser, tokens) = fixture.signed_in().await;
    let claims = claims(&tokens);
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert_eq!(claims["acr"], "urn:edinyi-klient:acr:password");
}

#[tokio::test]
async fn auth_03_the_code_is_asked_in_a_known_browser_too() {
    let fixture = Fixture::start().await;
    let (mut browser, app) = protected(&fixture).await;
    let login = browser.authorize(&[("prompt", "login")]).await;
    let form = browser.page(&login).await;
    let step = location(&browser.submit_login(&form, PHONE, PASSWORD).await);
    let asked = browser.page(&step).await;
    let admitted = browser.submit_code(&asked, &app.code(&fixture)).await;
    assert!(location(&admitted).starts_with("/consent?"));
}

#[tokio::test]
async fn au_03_a_code_serves_once() {
    let fixture = Fixture::start().await;
    let (_browser, app) = protected(&fixture).await;
    let (mut first, mut second) = (fixture.browser(), fixture.browser());
    let (one, two) = (reach_code(&mut first).await, reach_code(&mut second).await);
    let earlier = app.code_at(fixture.clock.now());
    fixture.advance(30);
    let code = app.code(&fixture);
    let admitted = first.submit_code(&one, &code).await;
    assert!(location(&admitted).starts_with("/consent?"));
    for used in [code, earlier] {
        let refused = page(second.submit_code(&two, &used).await).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    fixture.advance(30);
    let admitted = second.submit_code(&two, &app.code(&fixture)).await;
    assert!(location(&admitted).starts_with("/consent?"));
}

#[tokio::test]
async fn au_03_five_wrong_codes_ask_for_the_password_again() {
    let fixture = Fixture::start().await;
    let (_browser, app) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let asked = reach_code(&mut browser).await;
    let wrong = app.wrong_code(&fixture);
    for _ in 0..4 {
        let refused = page(browser.submit_code(&asked, &wrong).await).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.html.contains("action=\"/login/code\""));
    }
    let fifth = page(browser.submit_code(&asked, &wrong).await).await;
    assert_eq!(fifth.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(fifth.html.contains("action=\"/login\""));
    let right = browser.submit_code(&asked, &app.code(&fixture)).await;
    assert!(location(&right).starts_with("/login?"));
    // A new password brings a new try, after the pause that the wrong codes brought.
    let asked = reach_code(&mut browser).await;
    let early = page(browser.submit_code(&asked, &app.code(&fixture)).await).await;
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
    fixture.advance(10);
    let admitted = browser.submit_code(&asked, &app.code(&fixture)).await;
    assert!(location(&admitted).starts_with("/consent?"));
}

#[tokio::test]
async fn au_03_tries_at_the_same_time_are_five() {
    let fixture = Fixture::start().await;
    let (_browser, app) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let asked = reach_code(&mut browser).await;
    let wrong = app.wrong_code(&fixture);
    let (flow, csrf) = (asked.hidden("flow"), asked.hidden("csrf"));
    let cookies: Vec<String> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let tries = (0..64).map(|_| {
        let form = [("flow", &flow), ("csrf", &csrf), ("code", &wrong)];
        let request = browser.http.post(browser.url("/login/code")).form(&form);
        request.header("cookie", cookies.join("; ")).send()
    });
    let answers = join_all(tries).await;
    assert_eq!(answers.len(), 64);
    let compared = journal(&fixture)
        .await
        .into_iter()
        .filter(|entry| entry.event == AuthEvent::FactorRefused)
        .count();
    assert_eq!(compared, 5);
}

#[tokio::test]
async fn au_03_a_password_of_one_flow_is_none_in_another() {
    let fixture = Fixture::start().await;
    let (_browser, app) = protected(&fixture).await;
    let mut victim = fixture.browser();
    let asked = reach_code(&mut victim).await;
    let mut stranger = fixture.browser();
    let login = stranger.authorize(&[]).await;
    let own = stranger.page(&login).await;
    // Their own flow has no password; the other flow is of another browser.
    let code = app.code(&fixture);
    let refused = stranger.submit_code(&own, &code).await;
    assert!(location(&refused).starts_with("/login?"));
    let refused = stranger.submit_code(&asked, &code).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let admitted = victim.submit_code(&asked, &code).await;
    assert!(location(&admitted).starts_with("/consent?"));
}

#[tokio::test]
async fn au_03_the_password_waits_five_minutes_for_the_code() {
    let fixture = Fixture::start().await;
    let (_browser, app) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let asked = reach_code(&mut browser).await;
    fixture.advance(301);
    let late = browser.submit_code(&asked, &app.code(&fixture)).await;
    assert!(location(&late).starts_with("/login?"));
}

#[tokio::test]
async fn auth_03_adding_the_app_needs_its_code_and_the_password() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    let shown = browser.page("/protection/app").await;
    let app = App::reading(&shown);
    let (right, wrong) = (app.code(&fixture), app.wrong_code(&fixture));
    for (code, password) in [(&wrong, PASSWORD), (&right, "неверный"), (&right, "")] {
        let fields = [("action", "add"), ("code", code), ("password", password)];
        let refused = page(change(&mut browser, fields).await).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        // The app that the person has just set up stays right.
        assert_eq!(App::reading(&refused).0.expose(), app.0.expose());
    }
    let form = [
        ("action", "add"),
        ("code", &right),
        ("password", PASSWORD),
        ("csrf", "forged"),
    ];
    let forged = browser.post("/protection/app", &form).await;
    assert_eq!(forged.status(), StatusCode::BAD_REQUEST);
    let mut other = fixture.browser();
    assert!(other.reach_consent(&[]).await.html.contains("/consent"));
    let mut stranger = fixture.browser();
    for path in ["/protection", "/protection/app"] {
        let closed = page(stranger.get(path).await).await;
        assert_eq!(closed.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn auth_03_removing_the_app_needs_the_password_and_a_code() {
    let fixture = Fixture::start().await;
    let (mut browser, app) = protected(&fixture).await;
    let (right, wrong) = (app.code(&fixture), app.wrong_code(&fixture));
    for (code, password) in [(&wrong, PASSWORD), (&right, "неверный")] {
        let fields = [("action", "remove"), ("code", code), ("password", password)];
        let refused = change(&mut browser, fields).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let fields = [
        ("action", "remove"),
        ("code", &right),
        ("password", PASSWORD),
    ];
    let removed = change(&mut browser, fields).await;
    assert_eq!(location(&removed), "/protection");
    fixture.browser().reach_consent(&[]).await;
    let factor = Factor::Totp;
    let events: Vec<AuthEvent> = journal(&fixture)
        .await
        .into_iter()
        .map(|entry| entry.event)
        .collect();
    for told in [
        AuthEvent::FactorAdded { factor },
        AuthEvent::FactorRefused,
        AuthEvent::FactorRemoved { factor },
    ] {
        assert!(events.contains(&told), "{told:?}");
    }
}

async fn make_codes(browser: &mut Browser, code: &str, password: &str) -> Page {
    let csrf = browser.page("/protection/codes").await.hidden("csrf");
    let form = [
        ("csrf", csrf.as_str()),
        ("code", code),
        ("password", password),
    ];
    page(browser.post("/protection/codes", &form).await).await
}

fn codes_of(page: &Page) -> Vec<String> {
    let items = page.html.split("<li><code>").skip(1);
    items
        .map(|item| item.split_once("</code>").unwrap().0.to_owned())
        .collect()
}

#[tokio::test]
async fn auth_03_each_of_ten_recovery_codes_stands_in_for_the_app_once() {
    let fixture = Fixture::start().await;
    let (mut owner, app) = protected(&fixture).await;
    let refused = make_codes(&mut owner, &app.code(&fixture), "неверный").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = make_codes(&mut owner, &app.wrong_code(&fixture), PASSWORD).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let codes = codes_of(&make_codes(&mut owner, &app.code(&fixture), PASSWORD).await);
    assert_eq!(codes.len(), 10);
    assert!(owner.page("/protection").await.html.contains("кодов: 10<"));
    let mut browser = fixture.browser();
    let asked = reach_code(&mut browser).await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    let admitted = browser.submit_code(&asked, &typed).await;
    let tokens = tokens_after(&mut browser, admitted).await;
    assert_eq!(claims(&tokens)["amr"], json!(["pwd", "mfa"]));
    assert!(owner.page("/protection").await.html.contains("кодов: 9<"));
    let mut other = fixture.browser();
    let asked = reach_code(&mut other).await;
    let again = other.submit_code(&asked, &codes[3]).await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let next = other.submit_code(&asked, &codes[4]).await;
    assert!(location(&next).starts_with("/consent?"));
}

#[tokio::test]
async fn auth_03_new_recovery_codes_end_the_old_and_removing_the_app_ends_all() {
    let fixture = Fixture::start().await;
    let (mut owner, app) = protected(&fixture).await;
    let old = codes_of(&make_codes(&mut owner, &app.code(&fixture), PASSWORD).await);
    // A recovery code serves where the app is lost.
    let new = codes_of(&make_codes(&mut owner, &old[0], PASSWORD).await);
    let mut browser = fixture.browser();
    let asked = reach_code(&mut browser).await;
    let refused = browser.submit_code(&asked, &old[1]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [
        ("action", "remove"),
        ("code", &*new[0]),
        ("password", PASSWORD),
    ];
    assert_eq!(location(&change(&mut owner, fields).await), "/protection");
    let person = "demo-anna".parse().unwrap();
    let left = fixture.running.portal().store.find_factors(person).await;
    assert_eq!(left.unwrap().recovery_codes, 0);
    // Without a second factor there is nothing to stand in for.
    assert_eq!(
        location(&owner.get("/protection/codes").await),
        "/protection"
    );
}

#[tokio::test]
async fn auth_03_the_journal_tells_the_factor_before_the_sign_in() {
    let fixture = Fixture::start().await;
    let (_browser, app) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let asked = reach_code(&mut browser).await;
    browser.submit_code(&asked, &app.code(&fixture)).await;
    let newest: Vec<AuthEvent> = journal(&fixture)
        .await
        .into_iter()
        .take(2)
        .map(|entry| entry.event)
        .collect();
    let factor = Factor::Totp;
    assert_eq!(
        newest,
        [AuthEvent::SignedIn, AuthEvent::FactorShown { factor }]
    );
}

#[tokio::test]
async fn auth_03_pages_of_the_second_factor_keep_the_rules() {
    let fixture = Fixture::start().await;
    let (mut owner, _app) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let mut unprotected = fixture.browser();
    let form = unprotected.authorize(&[]).await;
    let form = unprotected.page(&form).await;
    let timur = ("timur@example.org", "берег-фонарь-77");
    unprotected.submit_login(&form, timur.0, timur.1).await;
    for (lang, sign) in [
        ("ru", "Второй шаг входа"),
        ("en", "Second step of the sign-in"),
    ] {
        for browser in [&mut owner, &mut browser, &mut unprotected] {
            browser.language = lang;
        }
        let asked = reach_code(&mut browser).await;
        assert!(asked.html.contains(sign), "{sign}");
        for shown in [
            asked,
            owner.page("/protection").await,
            owner.page("/protection/app").await,
            owner.page("/protection/codes").await,
            unprotected.page("/protection/app").await,
        ] {
            assert_eq!(shown.status, StatusCode::OK);
            assert!(shown.html.contains(&format!("<html lang=\"{lang}\">")));
            for rule in ["default-src 'none'", "style-src 'self'"] {
                assert!(shown.policy.contains(rule), "{rule}");
            }
            for forbidden in ["<script", "style=", "http://", "https://", "<img"] {
                assert!(!shown.html.contains(forbidden), "{forbidden}");
            }
            for input in shown.html.split("<input ").skip(1) {
                let hidden = input.starts_with("type=\"hidden\"");
                let id = input
                    .split("id=\"")
                    .nth(1)
                    .and_then(|rest| rest.split('"').next());
                let labelled = id.is_some_and(|id| shown.html.contains(&format!("for=\"{id}\"")));
                assert!(hidden || labelled, "{input}");
            }
        }
    }
}
