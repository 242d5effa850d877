//! An e-mail address that becomes an account's.

use reqwest::{Response, StatusCode};
use uc_portal::journal::AuthEvent;

use crate::{
    harness::{Browser, Fixture, PASSWORD, Page, location, page},
    journal::journal,
    newcomer::{NEW_PASSWORD, NEW_PHONE, code_in, messages, other_code, refusal, registered},
};

const PATH: &str = "/protection/email";
const ADDRESS: &str = "zlata@example.org";

/// Says the address: the answer to it.
async fn say(browser: &mut Browser, address: &str, password: &str) -> Response {
    let asked = browser.page(PATH).await;
    let csrf = asked.hidden("csrf");
    let form = [
        ("csrf", csrf.as_str()),
        ("email", address),
        ("password", password),
    ];
    browser.post(PATH, &form).await
}

async fn show(browser: &mut Browser, asked: &Page, code: &str) -> Response {
    browser.submit(PATH, asked, &[("code", code)]).await
}

/// A person with a confirmed address.
async fn confirmed(fixture: &Fixture) -> Browser {
    let (mut browser, _tokens) = registered(fixture).await;
    let asked = page(say(&mut browser, " Zlata@Example.org ", NEW_PASSWORD).await).await;
    let code = code_in(&messages(fixture, ADDRESS, 1).await[0]);
    assert_eq!(
        location(&show(&mut browser, &asked, &code).await),
        "/protection"
    );
    browser
}

#[tokio::test]
async fn auth_02_an_address_whose_code_came_back_is_the_accounts_and_signs_in() {
    let fixture = Fixture::start().await;
    let mut browser = confirmed(&fixture).await;
    assert!(browser.page("/protection").await.html.contains(ADDRESS));
    // The phone heard of it: the change may be a thief's.
    let told = messages(&fixture, NEW_PHONE, 3).await;
    assert!(
        told.iter().any(|text| text.contains("другой адрес")),
        "{told:?}"
    );
    let events = journal(&fixture).await;
    assert!(
        events
            .iter()
            .any(|entry| entry.event == AuthEvent::EmailReplaced)
    );
    let mut other = fixture.browser();
    let form = other.follow("/login").await;
    let step = location(
        &other
            .submit_login(&form, "ZLATA@example.org", NEW_PASSWORD)
            .await,
    );
    assert!(step.starts_with("/login/code?"), "{step}");
}

#[tokio::test]
async fn au_03_a_code_confirms_the_address_that_it_was_sent_to_and_no_other() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = registered(&fixture).await;
    let asked = page(say(&mut browser, ADDRESS, NEW_PASSWORD).await).await;
    let code = code_in(&messages(&fixture, ADDRESS, 1).await[0]);
    refusal(show(&mut browser, &asked, other_code(&code)).await).await;
    // Turned to an address that nobody wrote to.
    let csrf = asked.hidden("csrf");
    let form = [
        ("csrf", csrf.as_str()),
        ("flow", "anna@example.net"),
        ("code", &code),
    ];
    refusal(browser.post(PATH, &form).await).await;
    for _ in 0..4 {
        refusal(show(&mut browser, &asked, other_code(&code)).await).await;
    }
    refusal(show(&mut browser, &asked, &code).await).await;
    assert!(!browser.page("/protection").await.html.contains(ADDRESS));
}

#[tokio::test]
async fn au_04_an_address_of_another_looks_free_and_its_owner_hears_of_the_try() {
    let fixture = Fixture::start().await;
    confirmed(&fixture).await;
    let (mut thief, _tokens) = fixture.signed_in().await;
    let taken = page(say(&mut thief, ADDRESS, PASSWORD).await).await;
    let free = page(say(&mut thief, "free1@example.org", PASSWORD).await).await;
    assert_eq!(
        taken.constant().replace(ADDRESS, ""),
        free.constant().replace("free1@example.org", "")
    );
    let told = messages(&fixture, ADDRESS, 2).await;
    assert!(
        told[0].contains("уже ваш") || told[1].contains("уже ваш"),
        "{told:?}"
    );
    refusal(show(&mut thief, &taken, "000000").await).await;
}

#[tokio::test]
async fn auth_02_an_address_is_changed_with_the_password_alone_and_only_to_one() {
    let fixture = Fixture::start().await;
    let (mut browser, _tokens) = registered(&fixture).await;
    for wrong in [
        "",
        "zlata",
        "zlata@",
        "@example.org",
        "a@b@example.org",
        "a b@example.org",
    ] {
        refusal(say(&mut browser, wrong, NEW_PASSWORD).await).await;
    }
    refusal(say(&mut browser, ADDRESS, "guessed").await).await;
    let form = [
        ("csrf", "forged"),
        ("email", ADDRESS),
        ("password", NEW_PASSWORD),
    ];
    assert_eq!(
        browser.post(PATH, &form).await.status(),
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        fixture.browser().get(PATH).await.status(),
        StatusCode::FORBIDDEN
    );
    for _ in 0..3 {
        assert_eq!(
            say(&mut browser, ADDRESS, NEW_PASSWORD).await.status(),
            StatusCode::OK
        );
    }
    let fourth = say(&mut browser, ADDRESS, NEW_PASSWORD).await;
    assert_eq!(fourth.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn auth_04_a_lost_password_comes_back_through_the_address() {
    let fixture = Fixture::start().await;
    confirmed(&fixture).await;
    let mut browser = fixture.browser();
    let asked = browser.follow("/recovery").await;
    let sent = browser
        .submit("/recovery", &asked, &[("login", ADDRESS)])
        .await;
    let asked = browser.page(&location(&sent)).await;
    let letters = messages(&fixture, ADDRESS, 2).await;
    let mut next = None;
    // The first letter's code is used up; which of two of one moment came first is not told.
    for letter in &letters {
        let fields = [("code", code_in(letter))];
        let fields = fields.each_ref().map(|(name, code)| (*name, code.as_str()));
        let shown = browser.submit("/recovery/code", &asked, &fields).await;
        let way = shown.headers().get(reqwest::header::LOCATION);
        next = next.or(way.map(|way| way.to_str().unwrap().to_owned()));
    }
    let next = next.expect("one of the codes");
    assert!(next.starts_with("/recovery/password?"), "{next}");
}
