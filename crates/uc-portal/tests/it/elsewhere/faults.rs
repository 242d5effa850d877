//! Answers that are not what they should be.

use reqwest::StatusCode;
use serde_json::json;
use uc_portal::{PortalClock, journal::AuthEvent, upstream::Check};

use super::{UNTRUSTED, check_astray, come, events, leave, link, reach_link, region, sign_in, two};
use crate::{
    harness::{Fixture, location, refused},
    upstream::{Script, TestUpstream},
};

#[tokio::test]
async fn op_68_an_answer_that_fails_a_check_signs_nobody_in() {
    let (fixture, upstream) = region().await;
    link(&fixture, &upstream, "region").await;
    let now = fixture.clock.now().as_second();
    for (claims, check) in refused([
        (json!({ "nonce": "of another sign-in" }), Check::Nonce),
        (json!({ "nonce": null }), Check::Nonce),
        (json!({ "aud": "another-client" }), Check::Audience),
        (
            json!({ "aud": ["city-portal", "another"] }),
            Check::Audience,
        ),
        (json!({ "azp": "another-client" }), Check::Audience),
        (json!({ "iss": "https://id.example" }), Check::Issuer),
        (json!({ "iat": now - 400, "exp": now - 100 }), Check::Times),
        (json!({ "iat": now - 3600 }), Check::Times),
        (json!({ "iat": now + 100, "exp": now + 400 }), Check::Times),
        (json!({ "exp": null }), Check::IdToken),
        (json!({ "sub": null }), Check::IdToken),
        (json!({ "sub": "" }), Check::Subject),
    ]) {
        upstream.follow(Script {
            claims,
            ..Script::default()
        });
        check_untrusted(&fixture, &upstream, check).await;
    }
    for (header, check) in refused([
        (json!({ "alg": "none" }), Check::Algorithm),
        (json!({ "alg": "HS256" }), Check::Algorithm),
        (json!({ "kid": "unknown" }), Check::UnknownKey),
        (json!({ "crit": ["b64"], "b64": false }), Check::Header),
    ]) {
        upstream.follow(Script {
            header,
            ..Script::default()
        });
        check_untrusted(&fixture, &upstream, check).await;
    }
    upstream.follow(Script::default());
    let admitted = sign_in(&mut fixture.browser(), &upstream, "region").await;
    assert!(location(&admitted).starts_with("/consent?"));
    upstream.sign_as_stranger();
    check_untrusted(&fixture, &upstream, Check::Signature).await;
}

async fn check_untrusted(fixture: &Fixture, upstream: &TestUpstream, check: Check) {
    let mut browser = fixture.browser();
    let answered = sign_in(&mut browser, upstream, "region").await;
    check_astray(&mut browser, answered, UNTRUSTED).await;
    let newest = events(fixture).await.into_iter().next();
    let Some(AuthEvent::ProviderRefused { check: told, .. }) = newest else {
        panic!("{check:?}: {newest:?}");
    };
    assert_eq!(told, check);
}

#[tokio::test]
async fn op_68_an_answer_of_another_provider_takes_no_code_along() {
    let (fixture, [one, other]) = two([("one", "one_factor"), ("other", "one_factor")]).await;
    link(&fixture, &one, "one").await;
    let calls = (one.token_calls(), other.token_calls());
    let issuers = [
        Some(other.issuer().to_owned()),
        Some(format!("{}/", one.issuer())),
        Some(String::new()),
        None,
    ];
    for issuer in refused(issuers) {
        let mut browser = fixture.browser();
        let address = leave(&mut browser, "one").await;
        let mut answer = one.agree(&address);
        match issuer {
            Some(issuer) => answer.insert("iss".to_owned(), issuer),
            None => answer.remove("iss"),
        };
        let answered = come(&mut browser, "one", &answer).await;
        check_astray(&mut browser, answered, UNTRUSTED).await;
    }
    // The right answer by the redirect URI of the other provider.
    let mut browser = fixture.browser();
    let address = leave(&mut browser, "one").await;
    let answered = come(&mut browser, "other", &one.agree(&address)).await;
    check_astray(&mut browser, answered, UNTRUSTED).await;
    assert_eq!((one.token_calls(), other.token_calls()), calls);
}

#[tokio::test]
async fn op_68_a_code_of_another_sign_in_buys_nothing() {
    let (fixture, upstream) = region().await;
    link(&fixture, &upstream, "region").await;
    let (mut victim, mut thief) = (fixture.browser(), fixture.browser());
    let stolen = upstream.agree(&leave(&mut victim, "region").await);
    let mut own = upstream.agree(&leave(&mut thief, "region").await);
    own.insert("code".to_owned(), stolen["code"].clone());
    let answered = come(&mut thief, "region", &own).await;
    check_astray(&mut thief, answered, "не подтвердил вход").await;
}

#[tokio::test]
async fn op_68_a_state_serves_once_and_in_its_own_browser() {
    let (fixture, upstream) = region().await;
    link(&fixture, &upstream, "region").await;
    let (mut owner, mut stranger) = (fixture.browser(), fixture.browser());
    let answer = upstream.agree(&leave(&mut owner, "region").await);
    stranger.authorize(&[]).await;
    let forged = |state: &str| {
        let mut answer = answer.clone();
        answer.insert("state".to_owned(), state.to_owned());
        answer
    };
    let calls = upstream.token_calls();
    for answer in refused([answer.clone(), forged(""), forged("A".repeat(43).as_str())]) {
        let answered = come(&mut stranger, "region", &answer).await;
        assert_eq!(answered.status(), StatusCode::BAD_REQUEST);
    }
    let mut nobody = fixture.browser();
    let answered = come(&mut nobody, "region", &answer).await;
    assert_eq!(answered.status(), StatusCode::BAD_REQUEST);
    assert_eq!(upstream.token_calls(), calls);
    let admitted = come(&mut owner, "region", &answer).await;
    assert!(location(&admitted).starts_with("/consent?"));
    let again = come(&mut owner, "region", &answer).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    assert_eq!(upstream.token_calls(), calls + 1);
}

#[tokio::test]
async fn auth_11_each_way_to_fail_has_its_words() {
    let (fixture, upstream) = region().await;
    link(&fixture, &upstream, "region").await;
    for (errors, words) in refused([
        (vec!["access_denied"], "Вы не разрешили вход"),
        (vec!["login_required"], "не подтвердил вход"),
        (vec!["<script>alert(1)</script>"], "не подтвердил вход"),
        (vec![], UNTRUSTED),
    ]) {
        let mut browser = fixture.browser();
        let mut answer = upstream.agree(&leave(&mut browser, "region").await);
        answer.remove("code");
        for error in errors {
            answer.insert("error".to_owned(), error.to_owned());
        }
        let answered = come(&mut browser, "region", &answer).await;
        check_astray(&mut browser, answered, words).await;
    }
    for (status, words) in refused([
        (StatusCode::INTERNAL_SERVER_ERROR, "сейчас не отвечает"),
        (StatusCode::FOUND, "сейчас не отвечает"),
        (StatusCode::UNAUTHORIZED, "не подтвердил вход"),
    ]) {
        upstream.follow(Script {
            failure: Some(status),
            ..Script::default()
        });
        let mut browser = fixture.browser();
        let answered = sign_in(&mut browser, &upstream, "region").await;
        check_astray(&mut browser, answered, words).await;
    }
}

#[tokio::test]
async fn auth_11_a_description_of_another_issuer_sends_nobody_anywhere() {
    let (fixture, upstream) = region().await;
    for metadata in refused([
        json!({ "issuer": "https://id.example" }),
        json!({ "issuer": format!("{}/", upstream.issuer()) }),
        json!({ "token_endpoint": "http://127.0.0.1:1/token" }),
        json!({ "jwks_uri": null }),
    ]) {
        upstream.follow(Script {
            metadata,
            ..Script::default()
        });
        let mut browser = fixture.browser();
        let login = browser.authorize(&[]).await;
        let flow = browser.page(&login).await.hidden("flow");
        let answered = browser.get(&format!("/login/to/region?flow={flow}")).await;
        check_astray(&mut browser, answered, UNTRUSTED).await;
    }
    assert_eq!(upstream.key_calls(), 0);
    upstream.follow(Script::default());
    reach_link(&mut fixture.browser(), &upstream, "region").await;
}
