//! Keys of authenticators as a second factor.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use uc_portal::Config;

use crate::{
    authenticator::Authenticator,
    harness::{Browser, Fixture, PASSWORD, PHONE, Page, location},
    newcomer::refusal,
    second_factor::{claims, tokens_after},
};

const PATH: &str = "/protection/passkeys";

/// A portal with a name: keys are bound to one.
async fn named() -> Fixture {
    let named = |config| Config {
        public_host: Some("localhost".to_owned()),
        ..config
    };
    Fixture::start_with("", named).await
}

/// What the page's script hands to the browser.
fn options(page: &Page) -> Value {
    let (_, rest) = page.html.split_once("data-options=\"").expect("options");
    let text = rest.split_once('"').unwrap().0.replace("&#34;", "\"");
    serde_json::from_str::<Value>(&text).unwrap()["publicKey"].clone()
}

async fn add(browser: &mut Browser, credential: &str, password: &str) -> Response {
    let page = browser.page(PATH).await;
    submit(browser, &page, credential, password).await
}

async fn submit(browser: &mut Browser, page: &Page, credential: &str, password: &str) -> Response {
    let csrf = page.hidden("csrf");
    let form = [
        ("csrf", csrf.as_str()),
        ("credential", credential),
        ("name", "Телефон"),
        ("password", password),
    ];
    browser.post(PATH, &form).await
}

/// A person with a key.
async fn protected(fixture: &Fixture) -> (Browser, Authenticator) {
    let (mut browser, _tokens) = fixture.signed_in().await;
    let mut authenticator = Authenticator::new(fixture.running.issuer());
    let page = browser.page(PATH).await;
    let credential = authenticator.create(&options(&page));
    let added = submit(&mut browser, &page, &credential, PASSWORD).await;
    assert_eq!(location(&added), PATH);
    assert!(browser.page(PATH).await.html.contains("Телефон"));
    (browser, authenticator)
}

/// The password given: the page that asks for the key.
async fn reach_key(browser: &mut Browser) -> Page {
    let login = browser.authorize(&[("prompt", "login")]).await;
    let form = browser.page(&login).await;
    let step = location(&browser.submit_login(&form, PHONE, PASSWORD).await);
    assert!(step.starts_with("/login/code?"), "{step}");
    browser.page(&step).await
}

async fn show(browser: &mut Browser, page: &Page, credential: &str) -> Response {
    browser
        .submit("/login/code", page, &[("credential", credential)])
        .await
}

#[tokio::test]
async fn auth_03_a_passkey_is_asked_after_the_password_and_tells_so() {
    let fixture = named().await;
    let (_browser, mut authenticator) = protected(&fixture).await;
    let mut other = fixture.browser();
    let asked = reach_key(&mut other).await;
    assert!(
        asked.policy.contains("script-src 'self'"),
        "{}",
        asked.policy
    );
    let shown = authenticator.get(&options(&asked));
    let admitted = show(&mut other, &asked, &shown).await;
    let claims = claims(&tokens_after(&mut other, admitted).await);
    assert_eq!(claims["amr"], json!(["pwd", "pop", "mfa"]));
    assert_eq!(claims["acr"], "urn:edinyi-klient:acr:two-factors");
    // In the known browser, too: an authenticator is asked always.
    let asked = reach_key(&mut other).await;
    let shown = authenticator.get(&options(&asked));
    show(&mut other, &asked, &shown).await;
    let elsewhere = show(&mut fixture.browser(), &asked, &shown).await;
    assert_eq!(elsewhere.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn au_03_an_answer_to_another_question_or_of_another_key_is_refused() {
    let fixture = named().await;
    let (_browser, mut authenticator) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let first = reach_key(&mut browser).await;
    let stale = authenticator.get(&options(&first));
    fixture.advance(3_600);
    let asked = reach_key(&mut browser).await;
    refusal(show(&mut browser, &asked, &stale).await).await;
    let mut stranger = Authenticator::new(fixture.running.issuer());
    let mut elsewhere = Authenticator::new("https://localhost.example");
    for foreign in [&mut stranger, &mut elsewhere] {
        fixture.advance(3_600);
        let asked = reach_key(&mut browser).await;
        refusal(show(&mut browser, &asked, &foreign.get(&options(&asked))).await).await;
    }
    // Nobody was verified: somebody only touched it.
    fixture.advance(3_600);
    let asked = reach_key(&mut browser).await;
    authenticator.flags = 1;
    refusal(show(&mut browser, &asked, &authenticator.get(&options(&asked))).await).await;
    authenticator.flags = 5;
    for garbage in ["{}", "x", &"x".repeat(20_000)] {
        fixture.advance(3_600);
        let asked = reach_key(&mut browser).await;
        refusal(show(&mut browser, &asked, garbage).await).await;
    }
}

#[tokio::test]
async fn au_03_a_counter_that_goes_back_is_a_copys() {
    let fixture = named().await;
    let (_browser, mut authenticator) = protected(&fixture).await;
    let mut browser = fixture.browser();
    authenticator.counter = 10;
    let asked = reach_key(&mut browser).await;
    let shown = authenticator.get(&options(&asked));
    let admitted = show(&mut browser, &asked, &shown).await;
    assert!(location(&admitted).starts_with("/consent?"));
    authenticator.counter = 5;
    let asked = reach_key(&mut browser).await;
    refusal(show(&mut browser, &asked, &authenticator.get(&options(&asked))).await).await;
}

#[tokio::test]
async fn auth_03_a_passkey_is_added_and_removed_with_the_password_alone() {
    let fixture = named().await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    let mut authenticator = Authenticator::new(fixture.running.issuer());
    let page = browser.page(PATH).await;
    let credential = authenticator.create(&options(&page));
    refusal(submit(&mut browser, &page, &credential, "guessed").await).await;
    // The page was asked anew: what was made before answers nothing.
    refusal(submit(&mut browser, &page, &credential, PASSWORD).await).await;
    refusal(add(&mut browser, "{}", PASSWORD).await).await;
    let page = browser.page(PATH).await;
    let credential = authenticator.create(&options(&page));
    assert_eq!(
        location(&submit(&mut browser, &page, &credential, PASSWORD).await),
        PATH
    );
    let page = browser.page(PATH).await;
    let (csrf, id) = (page.hidden("csrf"), page.hidden("remove"));
    let form = |password| {
        [
            ("csrf", csrf.clone()),
            ("remove", id.clone()),
            ("password", password),
        ]
    };
    let post = async |browser: &mut Browser, password: &str| {
        let form = form(password.to_owned());
        let form: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        browser.post(PATH, &form).await
    };
    refusal(post(&mut browser, "guessed").await).await;
    assert_eq!(location(&post(&mut browser, PASSWORD).await), PATH);
    assert!(!browser.page(PATH).await.html.contains("Телефон"));
    let login = browser.authorize(&[("prompt", "login")]).await;
    let form = browser.page(&login).await;
    let next = location(&browser.submit_login(&form, PHONE, PASSWORD).await);
    assert!(next.starts_with("/consent?"), "no factor is left: {next}");
}

#[tokio::test]
async fn auth_03_a_portal_without_a_name_says_that_it_takes_no_passkeys() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = fixture.signed_in().await;
    let page = browser.page(PATH).await;
    assert!(page.html.contains("нет имени"));
    assert_eq!(
        fixture.browser().get(PATH).await.status(),
        StatusCode::FORBIDDEN
    );
}
