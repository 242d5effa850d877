//! Sign-in at another identity provider.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use uc_portal::{ManualClock, PortalClock, journal::AuthEvent};
use url::form_urlencoded::Serializer;

use crate::{
    harness::{Browser, Fixture, PASSWORD, PHONE, PROVIDERS, Page, clock, location, page},
    journal::journal,
    second_factor::{claims, protected, tokens_after},
    upstream::{Script, TestUpstream},
};

mod esia;
mod faults;

type Answer = BTreeMap<String, String>;

const LINK: &str = "Связать учётные записи";
const UNTRUSTED: &str = "Мы не смогли убедиться";

/// A portal that knows these providers: each with its id and how far it is trusted.
async fn portal_of<const N: usize>(
    clock: &Arc<ManualClock>,
    providers: [(&TestUpstream, &str, &str); N],
) -> Fixture {
    let put = |dir: &Path| {
        let records = providers.map(|(upstream, id, trust)| upstream.record(dir, id, trust));
        std::fs::write(dir.join(PROVIDERS), records.concat()).unwrap();
    };
    Fixture::start_with_files(clock, put).await
}

pub(crate) async fn region() -> (Fixture, TestUpstream) {
    let clock = clock();
    let upstream = TestUpstream::start(&clock).await;
    let fixture = portal_of(&clock, [(&upstream, "region", "one_factor")]).await;
    (fixture, upstream)
}

/// A portal with two providers: each with its id and how far it is trusted.
async fn two(of: [(&str, &str); 2]) -> (Fixture, [TestUpstream; 2]) {
    let clock = clock();
    let one = TestUpstream::start(&clock).await;
    let other = TestUpstream::start(&clock).await;
    let [(first, trust), (second, other_trust)] = of;
    let providers = [(&one, first, trust), (&other, second, other_trust)];
    let fixture = portal_of(&clock, providers).await;
    (fixture, [one, other])
}

/// Follows the button of a provider from the page at `login`; the provider's address.
async fn leave_from(browser: &mut Browser, login: &str, id: &str) -> String {
    let shown = browser.page(login).await;
    let button = format!("/login/to/{id}?flow={}", shown.hidden("flow"));
    assert!(shown.html.contains(&format!("href=\"{button}\"")), "{id}");
    location(&browser.get(&button).await)
}

async fn leave(browser: &mut Browser, id: &str) -> String {
    let login = browser.authorize(&[]).await;
    leave_from(browser, &login, id).await
}

async fn come(browser: &mut Browser, id: &str, answer: &Answer) -> Response {
    let query = Serializer::new(String::new()).extend_pairs(answer).finish();
    browser.get(&format!("/login/from/{id}?{query}")).await
}

/// Signs in at the provider; the portal's answer.
pub(crate) async fn sign_in(browser: &mut Browser, upstream: &TestUpstream, id: &str) -> Response {
    let address = leave(browser, id).await;
    come(browser, id, &upstream.agree(&address)).await
}

/// Signs in at the provider, and comes to the page on which accounts are linked.
pub(crate) async fn reach_link(browser: &mut Browser, upstream: &TestUpstream, id: &str) -> Page {
    let asked = location(&sign_in(browser, upstream, id).await);
    assert!(asked.starts_with("/login?"), "{asked}");
    let asked = browser.page(&asked).await;
    assert!(asked.html.contains(LINK));
    asked
}

/// Anna links herself, in a browser of her own.
pub(crate) async fn link(fixture: &Fixture, upstream: &TestUpstream, id: &str) {
    let mut browser = fixture.browser();
    let asked = reach_link(&mut browser, upstream, id).await;
    let linked = browser.submit_login(&asked, PHONE, PASSWORD).await;
    assert!(location(&linked).starts_with("/consent?"));
}

/// The browser is back on the password page, which says this, and nobody has signed in.
async fn check_astray(browser: &mut Browser, answered: Response, words: &str) {
    let back = location(&answered);
    assert!(back.starts_with("/login?"), "{back}");
    let shown = browser.page(&back).await;
    assert!(shown.html.contains(words), "{words}");
    assert!(!shown.html.contains(LINK));
    assert!(!browser.cookies.contains_key("__Host-session"));
}

pub(crate) async fn events(fixture: &Fixture) -> Vec<AuthEvent> {
    let entries = journal(fixture).await.into_iter();
    entries.map(|entry| entry.event).collect()
}

#[tokio::test]
async fn auth_11_whoever_links_once_signs_in_elsewhere_afterwards() {
    let (fixture, upstream) = region().await;
    let mut first = fixture.browser();
    let asked = reach_link(&mut first, &upstream, "region").await;
    assert!(
        asked
            .html
            .contains("Вы вошли в «Кабинет region» как Анна Лесная")
    );
    assert!(!first.cookies.contains_key("__Host-session"));
    let wrong = first.submit_login(&asked, PHONE, "неверный").await;
    let wrong = page(wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains(LINK));
    let linked = first.submit_login(&wrong, PHONE, PASSWORD).await;
    let claims_here = claims(&tokens_after(&mut first, linked).await);
    assert_eq!(claims_here["amr"], json!(["pwd"]));

    let mut second = fixture.browser();
    let admitted = sign_in(&mut second, &upstream, "region").await;
    let claims = claims(&tokens_after(&mut second, admitted).await);
    assert_eq!(claims["sub"], claims_here["sub"]);
    assert_eq!(claims["amr"], Value::Null);
    assert_eq!(claims["acr"], "urn:edinyi-klient:acr:password");
    assert_eq!(claims["auth_time"], fixture.clock.now().as_second());
    let events = events(&fixture).await;
    let told = |wanted: fn(&AuthEvent) -> bool| events.iter().filter(|event| wanted(event)).count();
    assert_eq!(
        told(|event| matches!(event, AuthEvent::IdentityLinked { .. })),
        1
    );
    assert_eq!(told(|event| matches!(event, AuthEvent::CameFrom { .. })), 1);
    // Description and keys are learnt once.
    assert_eq!(upstream.key_calls(), 1);
}

#[tokio::test]
async fn auth_11_neither_an_address_nor_another_issuers_subject_opens_an_account() {
    let (fixture, [one, other]) = two([("one", "two_factors"), ("other", "two_factors")]).await;
    // The provider vouches for the e-mail address of a person of the portal.
    let mut browser = fixture.browser();
    reach_link(&mut browser, &one, "one").await;
    link(&fixture, &one, "one").await;
    // The same subject is somebody else at another issuer, and so is another subject here.
    reach_link(&mut fixture.browser(), &other, "other").await;
    one.follow(Script {
        claims: json!({ "sub": "Resident-7" }),
        ..Script::default()
    });
    reach_link(&mut fixture.browser(), &one, "one").await;
}

#[tokio::test]
async fn auth_11_a_person_who_waits_too_long_begins_again() {
    let (fixture, upstream) = region().await;
    let mut browser = fixture.browser();
    let answer = upstream.agree(&leave(&mut browser, "region").await);
    fixture.advance(3601);
    let late = come(&mut browser, "region", &answer).await;
    assert_eq!(late.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn auth_11_new_keys_of_a_provider_are_fetched_when_they_are_met() {
    let (fixture, upstream) = region().await;
    link(&fixture, &upstream, "region").await;
    upstream.change_key();
    for _ in 0..2 {
        let admitted = sign_in(&mut fixture.browser(), &upstream, "region").await;
        assert!(location(&admitted).starts_with("/consent?"));
        assert_eq!(upstream.key_calls(), 2);
    }
}

#[tokio::test]
async fn auth_11_a_second_factor_is_asked_unless_the_provider_is_trusted_with_it() {
    let (fixture, [one, two]) = two([("one", "one_factor"), ("two", "two_factors")]).await;
    link(&fixture, &one, "one").await;
    link(&fixture, &two, "two").await;
    let (_browser, app) = protected(&fixture).await;

    let mut browser = fixture.browser();
    let step = location(&sign_in(&mut browser, &one, "one").await);
    assert!(step.starts_with("/login/code?"), "{step}");
    assert!(!browser.cookies.contains_key("__Host-session"));
    let asked = browser.page(&step).await;
    let admitted = browser.submit_code(&asked, &app.code(&fixture)).await;
    let told = claims(&tokens_after(&mut browser, admitted).await);
    assert_eq!(told["amr"], json!(["otp", "mfa"]));
    assert_eq!(told["acr"], "urn:edinyi-klient:acr:two-factors");

    let mut browser = fixture.browser();
    let admitted = sign_in(&mut browser, &two, "two").await;
    let told = claims(&tokens_after(&mut browser, admitted).await);
    assert_eq!(told["amr"], Value::Null);
    assert_eq!(told["acr"], "urn:edinyi-klient:acr:two-factors");
}

#[tokio::test]
async fn auth_11_linking_takes_the_second_factor_too() {
    let (fixture, upstream) = region().await;
    let (_browser, app) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let asked = reach_link(&mut browser, &upstream, "region").await;
    let step = location(&browser.submit_login(&asked, PHONE, PASSWORD).await);
    let code = browser.page(&step).await;
    // The password alone has linked nothing.
    reach_link(&mut fixture.browser(), &upstream, "region").await;
    let linked = browser.submit_code(&code, &app.code(&fixture)).await;
    assert!(location(&linked).starts_with("/consent?"));
    let known = sign_in(&mut fixture.browser(), &upstream, "region").await;
    assert!(location(&known).starts_with("/login/code?"));
}

#[tokio::test]
async fn auth_11_a_password_given_before_links_nobody() {
    let (fixture, upstream) = region().await;
    let (_browser, app) = protected(&fixture).await;
    let mut browser = fixture.browser();
    let login = browser.authorize(&[]).await;
    let form = browser.page(&login).await;
    let step = location(&browser.submit_login(&form, PHONE, PASSWORD).await);
    let code = browser.page(&step).await;
    let answer = upstream.agree(&leave_from(&mut browser, &login, "region").await);
    come(&mut browser, "region", &answer).await;
    let refused = browser.submit_code(&code, &app.code(&fixture)).await;
    assert!(location(&refused).starts_with("/login?"));
    reach_link(&mut fixture.browser(), &upstream, "region").await;
}

#[tokio::test]
async fn auth_11_whoever_does_not_want_to_link_stays_unlinked() {
    let (fixture, upstream) = region().await;
    let mut browser = fixture.browser();
    let asked = reach_link(&mut browser, &upstream, "region").await;
    let (flow, csrf) = (asked.hidden("flow"), asked.hidden("csrf"));
    let forged = [("flow", flow.as_str()), ("csrf", "forged")];
    let refused = browser.post("/login/forget", &forged).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let form = [("flow", flow.as_str()), ("csrf", &csrf)];
    let back = location(&browser.post("/login/forget", &form).await);
    let usual = browser.page(&back).await;
    assert!(!usual.html.contains(LINK));
    let admitted = browser.submit_login(&usual, PHONE, PASSWORD).await;
    assert!(location(&admitted).starts_with("/consent?"));
    reach_link(&mut fixture.browser(), &upstream, "region").await;
}

#[tokio::test]
async fn auth_11_a_sign_in_that_must_be_new_is_new_there() {
    let (fixture, upstream) = region().await;
    link(&fixture, &upstream, "region").await;
    let now = fixture.clock.now().as_second();
    let mut browser = fixture.browser();
    for (auth_time, is_new) in [
        (json!(now - 100), false),
        (json!(null), false),
        (json!(now), true),
    ] {
        upstream.follow(Script {
            claims: json!({ "auth_time": auth_time }),
            ..Script::default()
        });
        let login = browser.authorize(&[("prompt", "login")]).await;
        let address = leave_from(&mut browser, &login, "region").await;
        assert!(address.contains("prompt=login&max_age=0"), "{address}");
        let answered = come(&mut browser, "region", &upstream.agree(&address)).await;
        if is_new {
            assert!(location(&answered).starts_with("/consent?"));
        } else {
            check_astray(&mut browser, answered, UNTRUSTED).await;
        }
    }
}

#[tokio::test]
async fn auth_11_links_and_trips_outlast_a_restart() {
    let (fixture, upstream) = region().await;
    link(&fixture, &upstream, "region").await;
    let mut browser = fixture.browser();
    let answer = upstream.agree(&leave(&mut browser, "region").await);
    let fixture = fixture.restart().await;
    browser.base = fixture.browser().base;
    let admitted = come(&mut browser, "region", &answer).await;
    assert!(location(&admitted).starts_with("/consent?"));
}

#[tokio::test]
async fn auth_11_pages_of_the_sign_in_elsewhere_keep_the_rules() {
    let (fixture, upstream) = region().await;
    for (lang, button, link) in [
        ("ru", "Войти через «Кабинет region»", LINK),
        ("en", "Sign in with Account region", "Link your accounts"),
    ] {
        let mut browser = fixture.browser();
        browser.language = lang;
        let login = browser.authorize(&[]).await;
        let usual = browser.page(&login).await;
        assert!(usual.html.contains(button), "{button}");
        let address = leave_from(&mut browser, &login, "region").await;
        let back = location(&come(&mut browser, "region", &upstream.agree(&address)).await);
        let asked = browser.page(&back).await;
        assert!(asked.html.contains(link), "{link}");
        for shown in [usual, asked] {
            assert!(shown.html.contains(&format!("<html lang=\"{lang}\">")));
            assert!(shown.policy.contains("default-src 'none'"));
            for forbidden in ["<script", "style=", "http://", "https://", "<img"] {
                assert!(!shown.html.contains(forbidden), "{forbidden}");
            }
        }
    }
}

#[tokio::test]
async fn auth_11_what_a_provider_calls_a_person_is_text() {
    let (fixture, upstream) = region().await;
    upstream.follow(Script {
        claims: json!({ "name": "<b onclick=x>{provider}" }),
        ..Script::default()
    });
    let asked = reach_link(&mut fixture.browser(), &upstream, "region").await;
    assert!(!asked.html.contains("<b onclick"));
    assert!(asked.html.contains("{provider}"));
}
