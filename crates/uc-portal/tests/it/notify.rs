//! What a locked client may know: how much is new, by a token that is good for nothing else.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Response, StatusCode};
use sha2::{Digest as _, Sha256};
use uc_portal_api::{
    EndOtherSessions, Endpoint, Feed, FetchFeed, FetchNews, FetchProfile, FetchSessions,
    KeepNotifyToken, News, NotifyTokenHash,
};

use crate::{
    citizen::Citizen,
    harness::{Browser, Fixture, SCOPE, Tokens, problem},
};

const FIRST: &str = "first-notify-token";
const SECOND: &str = "second-notify-token";

async fn signed_in(fixture: &Fixture, more: &str) -> (Browser, Tokens) {
    let mut browser = fixture.browser();
    let scope = format!("{SCOPE} {more}");
    let code = browser.obtain_code(&[("scope", &scope)]).await;
    let tokens = Tokens::of(browser.redeem(&code, &[]).await).await;
    (browser, tokens)
}

async fn keep(browser: &Browser, tokens: &Tokens, token: &str) -> Response {
    let hash = NotifyTokenHash {
        sha256: URL_SAFE_NO_PAD.encode(Sha256::digest(token)),
    };
    let request = browser.http.put(browser.url(KeepNotifyToken::PATH));
    let request = request.bearer_auth(&tokens.access).json(&hash);
    request.send().await.unwrap()
}

async fn news(browser: &Browser, token: &str, after: Option<&str>) -> Response {
    let path = after.map_or_else(
        || FetchNews::PATH.to_owned(),
        |after| format!("{}?after={after}", FetchNews::PATH),
    );
    browser.api(&path, token).await
}

async fn count(browser: &Browser, token: &str, after: Option<&str>) -> u32 {
    let answer = news(browser, token, after).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json::<News>().await.unwrap().count
}

#[tokio::test]
async fn note_04_a_notify_token_counts_what_changed_after_a_place_in_the_feed() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = signed_in(&fixture, "notify").await;
    assert_eq!(
        keep(&browser, &tokens, FIRST).await.status(),
        StatusCode::OK
    );
    let feed = browser.api(FetchFeed::PATH, &tokens.access).await;
    let place = feed.json::<Feed>().await.unwrap().next;
    assert_eq!(count(&browser, FIRST, Some(&place)).await, 0);
    let strange = news(&browser, FIRST, Some("another.7")).await;
    assert_eq!(problem(strange).await, "cursor_gone");
    let citizen = Citizen::of(browser, tokens);
    citizen.submit_new(1).await;
    let asking = fixture.browser();
    assert_eq!(count(&asking, FIRST, Some(&place)).await, 1);
}

#[tokio::test]
async fn note_04_a_notify_token_is_taken_nowhere_else_and_no_other_token_there() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = signed_in(&fixture, "notify sessions").await;
    keep(&browser, &tokens, FIRST).await;
    for path in [FetchFeed::PATH, FetchProfile::PATH, FetchSessions::PATH] {
        let refused = browser.api(path, FIRST).await;
        assert_eq!(problem(refused).await, "unauthorized", "{path}");
    }
    for token in [&tokens.access, &tokens.refresh, "nonsense", ""] {
        let refused = news(&browser, token, None).await;
        assert_eq!(problem(refused).await, "unauthorized");
    }
}

#[tokio::test]
async fn note_04_a_notify_token_takes_the_place_of_the_one_before_and_ends_with_its_session() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = signed_in(&fixture, "notify sessions").await;
    keep(&browser, &tokens, FIRST).await;
    keep(&browser, &tokens, SECOND).await;
    assert_eq!(
        problem(news(&browser, FIRST, None).await).await,
        "unauthorized"
    );
    count(&browser, SECOND, None).await;
    let (other, others_tokens) = signed_in(&fixture, "sessions").await;
    let end = other.http.post(other.url(EndOtherSessions::PATH));
    let ended = end.bearer_auth(&others_tokens.access).send().await.unwrap();
    assert_eq!(ended.status(), StatusCode::OK);
    assert_eq!(
        problem(news(&browser, SECOND, None).await).await,
        "unauthorized"
    );
}

#[tokio::test]
async fn note_04_a_notify_token_needs_its_scope_a_whole_hash_and_a_session_of_its_own() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = fixture.signed_in().await;
    let without = keep(&browser, &tokens, FIRST).await;
    assert_eq!(without.status(), StatusCode::FORBIDDEN);
    let (browser, tokens) = signed_in(&fixture, "notify").await;
    keep(&browser, &tokens, FIRST).await;
    for body in [
        serde_json::json!({}),
        serde_json::json!({"sha256": "short"}),
        serde_json::json!({"sha256": 7}),
    ] {
        let request = browser.http.put(browser.url(KeepNotifyToken::PATH));
        let refused = request.bearer_auth(&tokens.access).json(&body);
        assert_eq!(problem(refused.send().await.unwrap()).await, "bad_request");
    }
    // The hash of another session's token is refused: it would count for the wrong person.
    let (other, others_tokens) = signed_in(&fixture, "notify").await;
    let taken = keep(&other, &others_tokens, FIRST).await;
    assert_eq!(problem(taken).await, "bad_request");
    assert_eq!(count(&browser, FIRST, None).await, 0);
}
