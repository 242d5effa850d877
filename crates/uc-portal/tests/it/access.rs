//! What clients were allowed: shown, and ended.

use reqwest::StatusCode;

use crate::{
    citizen::Citizen,
    harness::{Fixture, Tokens, location, refused},
};

/// The address of the first access that is listed, and the form's token.
async fn first(browser: &mut crate::harness::Browser) -> (String, String) {
    let listed = browser.page("/protection/access").await;
    let (_, rest) = listed
        .html
        .split_once("action=\"/protection/access/")
        .unwrap();
    let id = rest.split_once('"').unwrap().0.to_owned();
    (format!("/protection/access/{id}"), listed.hidden("csrf"))
}

#[tokio::test]
async fn op_64_what_a_client_was_allowed_is_listed_and_revoked_at_once() {
    let fixture = Fixture::start().await;
    let (mut browser, tokens) = fixture.signed_in().await;
    let listed = browser.page("/protection/access").await;
    assert!(listed.html.contains("Единый клиент"));
    assert!(listed.html.contains("подавать заявления"));
    let (place, csrf) = first(&mut browser).await;
    let ended = browser.post(&place, &[("csrf", &csrf)]).await;
    assert_eq!(location(&ended), "/protection/access");
    // Both tokens are dead from the next request on, and the browser is still signed in.
    let citizen = Citizen::of(fixture.browser(), tokens.clone());
    assert_eq!(
        citizen.get("/v1/profile").await.status(),
        StatusCode::UNAUTHORIZED
    );
    let refreshed = browser.refresh(&tokens.refresh).await;
    assert_eq!(refreshed.status(), StatusCode::BAD_REQUEST);
    let left = browser.page("/protection/access").await;
    assert_eq!(left.status, StatusCode::OK);
    assert!(left.html.contains("ни у кого"));
}

#[tokio::test]
async fn op_64_nobody_revokes_what_another_allowed() {
    let fixture = Fixture::start().await;
    let (mut owner, tokens) = fixture.signed_in().await;
    let (place, csrf) = first(&mut owner).await;
    let mut other = Citizen::second(fixture.browser()).await.browser;
    let (_, others) = first(&mut other).await;
    for (browser, csrf) in refused([(&mut other, others.as_str()), (&mut owner, "forged")]) {
        let response = browser.post(&place, &[("csrf", csrf)]).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    }
    let stranger = fixture.browser().post(&place, &[("csrf", &csrf)]).await;
    assert_eq!(stranger.status(), StatusCode::FORBIDDEN);
    Tokens::of(owner.refresh(&tokens.refresh).await).await;
}
