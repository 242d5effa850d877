//! The page on which a person sees who else opens their account, and ends that.

use reqwest::{Response, StatusCode};
use uc_portal::journal::AuthEvent;

use crate::{
    elsewhere::{events, link, reach_link, region, sign_in},
    harness::{Browser, Fixture, PASSWORD, Page, location, page},
};

const NAMED: &str = "Кабинет region — Анна Лесная";

/// The address of the page that ends the only link.
fn removal(shown: &Page) -> String {
    let rest = shown.html.split_once("href=\"/protection/links/");
    let id = rest.expect("a link").1.split_once('"').unwrap().0;
    format!("/protection/links/{id}")
}

async fn end(browser: &mut Browser, address: &str, password: &str) -> Response {
    let csrf = browser.page(address).await.hidden("csrf");
    let form = [("csrf", csrf.as_str()), ("password", password)];
    browser.post(address, &form).await
}

async fn other_person(fixture: &Fixture) -> Browser {
    let mut browser = fixture.browser();
    let form = browser.authorize(&[]).await;
    let form = browser.page(&form).await;
    let timur = ("timur@example.org", "берег-фонарь-77");
    browser.submit_login(&form, timur.0, timur.1).await;
    browser
}

#[tokio::test]
async fn auth_11_a_link_is_shown_to_its_owner_and_ends_by_the_password() {
    let (fixture, upstream) = region().await;
    let (mut owner, _tokens) = fixture.signed_in().await;
    let without = owner.page("/protection").await;
    assert!(!without.html.contains("/protection/links/"));
    link(&fixture, &upstream, "region").await;
    let shown = owner.page("/protection").await;
    assert!(shown.html.contains(NAMED));
    let address = removal(&shown);
    let refused = page(end(&mut owner, &address, "неверный").await).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("Неверный пароль"));
    let known = sign_in(&mut fixture.browser(), &upstream, "region").await;
    assert!(location(&known).starts_with("/consent?"));
    let ended = end(&mut owner, &address, PASSWORD).await;
    assert_eq!(location(&ended), "/protection");
    assert!(!owner.page("/protection").await.html.contains(NAMED));
    reach_link(&mut fixture.browser(), &upstream, "region").await;
    let provider = "region".to_owned().try_into().ok();
    let ended = AuthEvent::IdentityUnlinked { provider };
    assert_eq!(events(&fixture).await.first(), Some(&ended));
}

#[tokio::test]
async fn auth_11_nobody_sees_or_ends_the_link_of_another() {
    let (fixture, upstream) = region().await;
    let (mut owner, _tokens) = fixture.signed_in().await;
    link(&fixture, &upstream, "region").await;
    let address = removal(&owner.page("/protection").await);
    let mut other = other_person(&fixture).await;
    assert!(!other.page("/protection").await.html.contains(NAMED));
    assert_eq!(location(&other.get(&address).await), "/protection");
    let csrf = other.page("/protection/app").await.hidden("csrf");
    let form = [("csrf", csrf.as_str()), ("password", "берег-фонарь-77")];
    assert_eq!(location(&other.post(&address, &form).await), "/protection");
    let closed = fixture.browser().get(&address).await;
    assert_eq!(closed.status(), StatusCode::FORBIDDEN);
    let forged = [("csrf", "forged"), ("password", PASSWORD)];
    let forged = owner.post(&address, &forged).await;
    assert_eq!(forged.status(), StatusCode::BAD_REQUEST);
    assert!(owner.page("/protection").await.html.contains(NAMED));
}

#[tokio::test]
async fn auth_11_pages_of_links_keep_the_rules() {
    let (fixture, upstream) = region().await;
    let (mut owner, _tokens) = fixture.signed_in().await;
    link(&fixture, &upstream, "region").await;
    for (language, name) in [("ru", NAMED), ("en", "Account region — Анна Лесная")] {
        owner.language = language;
        let overview = owner.page("/protection").await;
        let asked = owner.page(&removal(&overview)).await;
        for shown in [overview, asked] {
            assert!(shown.html.contains(name), "{name}");
            assert!(shown.html.contains(&format!("<html lang=\"{language}\">")));
            assert!(shown.policy.contains("default-src 'none'"));
            for forbidden in [
                "<script",
                "style=",
                "http://",
                "https://",
                "<img",
                "resident-7",
            ] {
                assert!(!shown.html.contains(forbidden), "{forbidden}");
            }
        }
    }
}
