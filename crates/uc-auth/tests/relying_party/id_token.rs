//! ID tokens with one defect.

use serde_json::json;
use uc_auth::{AuthError, Check};
use uc_testkit::{
    HostileOp,
    hostile_op::{CLIENT_ID, Script, Signing},
};

use crate::harness::{accept, check, claims, header, now, sign_in_at, signing, untrusted};

#[tokio::test]
async fn rp_02_the_issuer_must_be_the_provider() {
    check(
        "wrong",
        claims(json!({"iss": "https://evil.test"})),
        untrusted(Check::Issuer),
    )
    .await;
    check(
        "slash",
        claims(json!({"iss": "https://op.test/"})),
        untrusted(Check::Issuer),
    )
    .await;
    // The ID token does not even parse without one.
    let op = HostileOp::new(now());
    op.set_script(claims(json!({"iss": null})));
    assert!(matches!(
        sign_in_at(&op, now()).await,
        Err(AuthError::Untrusted(_) | AuthError::Failed)
    ));
}

#[tokio::test]
async fn rp_03_the_token_must_be_for_this_client_alone() {
    check(
        "wrong",
        claims(json!({"aud": "other"})),
        untrusted(Check::Audience),
    )
    .await;
    check(
        "stranger",
        claims(json!({"aud": [CLIENT_ID, "other"]})),
        untrusted(Check::Audience),
    )
    .await;
    let both = json!({"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID});
    check("stranger and azp", claims(both), untrusted(Check::Audience)).await;
    check(
        "azp",
        claims(json!({"azp": "other"})),
        untrusted(Check::Audience),
    )
    .await;
    check(
        "missing",
        claims(json!({"aud": null})),
        untrusted(Check::IdToken),
    )
    .await;
    accept("array", claims(json!({"aud": [CLIENT_ID]}))).await;
    accept(
        "array and azp",
        claims(json!({"aud": [CLIENT_ID], "azp": CLIENT_ID})),
    )
    .await;
}

#[tokio::test]
async fn rp_04_the_token_must_name_somebody() {
    check(
        "empty",
        claims(json!({"sub": ""})),
        untrusted(Check::Subject),
    )
    .await;
    check(
        "long",
        claims(json!({"sub": "a".repeat(256)})),
        untrusted(Check::Subject),
    )
    .await;
    let op = HostileOp::new(now());
    op.set_script(claims(json!({"sub": null})));
    assert!(sign_in_at(&op, now()).await.is_err());
}

#[tokio::test]
async fn rp_05_times_must_be_numbers_that_make_sense() {
    let second = now().as_second();
    check(
        "no iat",
        claims(json!({"iat": null})),
        untrusted(Check::IdToken),
    )
    .await;
    for (name, patch, expected) in [
        (
            "exp before iat",
            json!({"exp": second - 600}),
            untrusted(Check::Times),
        ),
        (
            "exp at iat",
            json!({"exp": second}),
            untrusted(Check::Times),
        ),
        (
            "exp as text",
            json!({"exp": "9999999999"}),
            untrusted(Check::IdToken),
        ),
        (
            "exp without end",
            json!({"exp": 1e308}),
            untrusted(Check::IdToken),
        ),
        (
            "exp below zero",
            json!({"exp": -5}),
            untrusted(Check::Times),
        ),
        (
            "exp in a century",
            json!({"exp": second + 3_155_760_000_i64}),
            untrusted(Check::Times),
        ),
        (
            "an old token",
            json!({"iat": second - 7200, "exp": second - 3600}),
            AuthError::Clock,
        ),
        (
            "not born yet",
            json!({"iat": second + 7200, "exp": second + 7500}),
            AuthError::Clock,
        ),
    ] {
        check(name, claims(patch), expected).await;
    }
    let op = HostileOp::new(now());
    op.set_script(claims(json!({"exp": null})));
    assert!(sign_in_at(&op, now()).await.is_err());
}

#[tokio::test]
async fn rp_06_the_nonce_must_be_the_flows() {
    check(
        "wrong",
        claims(json!({"nonce": "other"})),
        untrusted(Check::Nonce),
    )
    .await;
    check(
        "missing",
        claims(json!({"nonce": null})),
        untrusted(Check::Nonce),
    )
    .await;
}

#[tokio::test]
async fn rp_07_only_algorithms_that_were_promised_are_taken() {
    for (name, how) in [
        ("HS256 by client id", Signing::HmacByClientId),
        ("HS256 by public key", Signing::HmacByPublicKey),
    ] {
        check(name, signing(how), untrusted(Check::Algorithm)).await;
    }
    check(
        "RS256",
        header(json!({"alg": "RS256"})),
        untrusted(Check::Algorithm),
    )
    .await;
    check(
        "EdDSA",
        header(json!({"alg": "EdDSA"})),
        untrusted(Check::Algorithm),
    )
    .await;
    // With no promise to break, the key is still the wrong one for the algorithm.
    let promised = json!({"id_token_signing_alg_values_supported": ["ES256", "RS256"]});
    let mismatch = Script {
        metadata: promised,
        ..header(json!({"alg": "RS256"}))
    };
    check("key of another kind", mismatch, untrusted(Check::Signature)).await;
    let op = HostileOp::new(now());
    op.set_script(signing(Signing::None));
    assert!(matches!(
        sign_in_at(&op, now()).await,
        Err(AuthError::Untrusted(_) | AuthError::Failed)
    ));
}

#[tokio::test]
async fn rp_08_the_signature_must_fit() {
    check(
        "truncated",
        signing(Signing::Truncated),
        untrusted(Check::Signature),
    )
    .await;
    check(
        "stranger's key",
        signing(Signing::StrangerKey),
        untrusted(Check::Signature),
    )
    .await;
    for bit in (0..512).step_by(31) {
        check(
            "flipped",
            signing(Signing::Flipped(bit)),
            untrusted(Check::Signature),
        )
        .await;
    }
}

#[tokio::test]
async fn rp_09_keys_are_fetched_twice_at_most() {
    let op = HostileOp::new(now());
    op.set_script(header(json!({"kid": null})));
    assert!(sign_in_at(&op, now()).await.is_ok(), "no kid, one key");

    let op = HostileOp::new(now());
    let many = json!({"keys": [op.jwk(Some("a")), op.stranger_jwk(Some("b"))]});
    op.set_script(Script {
        jwks: Some(many),
        ..header(json!({"kid": null}))
    });
    assert_eq!(
        sign_in_at(&op, now()).await.unwrap_err(),
        untrusted(Check::Signature)
    );

    let op = HostileOp::new(now());
    op.set_script(header(json!({"kid": "unknown"})));
    assert_eq!(
        sign_in_at(&op, now()).await.unwrap_err(),
        untrusted(Check::Signature)
    );
    assert_eq!(op.jwks_calls(), 2);

    let op = HostileOp::new(now());
    op.set_script(Script {
        jwks: Some(json!({"keys": [op.stranger_jwk(Some("old"))]})),
        jwks_later: Some(json!({"keys": [op.jwk(Some("key-1"))]})),
        ..Script::default()
    });
    assert!(
        sign_in_at(&op, now()).await.is_ok(),
        "the key was rotated meanwhile"
    );
    assert_eq!(op.jwks_calls(), 2);
}

#[tokio::test]
async fn rp_10_tokens_bring_no_keys_of_their_own() {
    for (name, patch) in [
        ("jku", json!({"jku": "https://op.test/elsewhere"})),
        ("x5u", json!({"x5u": "https://op.test/elsewhere"})),
        ("jwk", json!({"jwk": {"kty": "EC"}})),
        ("crit", json!({"crit": ["exp"]})),
    ] {
        check(name, header(patch), untrusted(Check::Header)).await;
    }
}
