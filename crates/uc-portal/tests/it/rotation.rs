//! Signing keys that take each other's place.

use std::collections::BTreeSet;

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, JwkSet},
};
use serde_json::Value;

use crate::harness::{Browser, Fixture, Tokens, callback};

const DAY: u64 = 24 * 3600;

async fn keys(browser: &mut Browser) -> JwkSet {
    browser.get("/oauth2/jwks").await.json().await.unwrap()
}

fn kids(keys: &JwkSet) -> BTreeSet<String> {
    let kid = |key: &Jwk| key.common.key_id.clone().unwrap();
    let kids: BTreeSet<String> = keys.keys.iter().map(kid).collect();
    assert_eq!(kids.len(), keys.keys.len(), "no two keys have one name");
    kids
}

/// The key that signed an ID token, which must verify.
fn signer(id_token: &str, keys: &JwkSet) -> String {
    let kid = jsonwebtoken::decode_header(id_token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&kid).expect("published")).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Value>(id_token, &key, &validation).expect("signed");
    kid
}

/// Time passes, and the client renews its tokens meanwhile.
async fn live(fixture: &Fixture, browser: &Browser, tokens: Tokens, days: u64) -> Tokens {
    let mut tokens = tokens;
    for _ in 0..days {
        fixture.advance(DAY);
        tokens = Tokens::of(browser.refresh(&tokens.refresh).await).await;
    }
    tokens
}

#[tokio::test]
async fn op_65_keys_change_and_no_session_ends() {
    let fixture = Fixture::start().await;
    let (mut browser, first) = fixture.signed_in().await;
    let before = keys(&mut browser).await;
    let old = signer(&first.id, &before);
    let tokens = live(&fixture, &browser, first.clone(), 89).await;
    assert_eq!(kids(&keys(&mut browser).await), kids(&before));
    // The next key is published a day before it signs.
    let tokens = live(&fixture, &browser, tokens, 1).await;
    let both = keys(&mut browser).await;
    assert_eq!(both.keys.len(), 2);
    assert_eq!(signer(&tokens.id, &both), old);
    let fixture = fixture.restart().await;
    assert_eq!(kids(&keys(&mut browser).await), kids(&both));
    let tokens = live(&fixture, &browser, tokens, 1).await;
    assert_ne!(signer(&tokens.id, &both), old);
    // What the old key signed still verifies, here and with the client.
    assert_eq!(signer(&first.id, &keys(&mut browser).await), old);
    let hint = [("id_token_hint", first.id.as_str()), ("prompt", "none")];
    let answer = callback(&browser.authorize(&hint).await);
    assert_eq!(answer["error"], "login_required");
}

#[tokio::test]
async fn op_65_a_key_is_forgotten_when_nothing_that_it_signed_is_of_use() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(kids(&keys(&mut browser).await));
        fixture.advance(90 * DAY);
    }
    let sizes: Vec<usize> = seen.iter().map(BTreeSet::len).collect();
    assert_eq!(sizes, [1, 2, 3, 4, 4, 4]);
    assert!(seen[3].is_superset(&seen[0]));
    assert!(seen[4].is_disjoint(&seen[0]));
    let _fixture = fixture.restart().await;
    assert_eq!(keys(&mut browser).await.keys.len(), 4);
}

#[tokio::test]
async fn op_65_of_many_requests_at_once_one_makes_the_key() {
    let fixture = Fixture::start().await;
    let (browser, mut tokens) = fixture.signed_in().await;
    for _ in 0..3 {
        fixture.advance(29 * DAY);
        tokens = Tokens::of(browser.refresh(&tokens.refresh).await).await;
    }
    fixture.advance(3 * DAY);
    let tries = (0..100).map(|_| browser.refresh(&tokens.refresh));
    for answer in futures_util::future::join_all(tries).await {
        Tokens::of(answer).await;
    }
    let mut browser = fixture.browser();
    assert_eq!(kids(&keys(&mut browser).await).len(), 2);
}
