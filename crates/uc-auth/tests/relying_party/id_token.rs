//! ID tokens with one defect.

use serde_json::{Value, json};
use uc_auth::{AuthError, Check};
use uc_testkit::{
    HostileOp,
    hostile_op::{CLIENT_ID, Script, Signing},
};

use crate::harness::{Bench, claims, header, now, sign_in, signing, untrusted};

/// Claims with one defect each, which all fail the same check.
async fn refuse_claims<const N: usize>(check: Check, rows: [(&str, Value); N]) {
    let mut bench = Bench::new().await;
    for (name, patch) in rows {
        bench.refuses(name, claims(patch), untrusted(check)).await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_02_the_issuer_must_be_the_provider() {
    let rows = [
        ("wrong", json!({"iss": "https://evil.test"})),
        ("slash", json!({"iss": "https://op.test/"})),
        ("capitals", json!({"iss": "https://OP.test"})),
        ("plain", json!({"iss": "http://op.test"})),
        ("empty", json!({"iss": ""})),
        ("missing", json!({"iss": null})),
    ];
    refuse_claims(Check::Issuer, rows).await;
}

#[tokio::test]
async fn rp_03_the_token_must_be_for_this_client_alone() {
    let rows = [
        ("wrong", json!({"aud": "other"})),
        ("missing", json!({"aud": null})),
        ("empty array", json!({"aud": []})),
        ("array of another", json!({"aud": ["other"]})),
        (
            "array with a stranger",
            json!({"aud": [CLIENT_ID, "other"]}),
        ),
        (
            "array with a stranger and azp",
            json!({"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID}),
        ),
        ("azp of another", json!({"azp": "other"})),
        (
            "array and azp of another",
            json!({"aud": [CLIENT_ID], "azp": "other"}),
        ),
    ];
    refuse_claims(Check::Audience, rows).await;
}

#[tokio::test]
async fn rp_03_an_audience_may_be_an_array() {
    let mut bench = Bench::new().await;
    for (name, patch) in [
        ("array", json!({"aud": [CLIENT_ID]})),
        (
            "array and azp",
            json!({"aud": [CLIENT_ID], "azp": CLIENT_ID}),
        ),
    ] {
        bench.accepts(name, claims(patch)).await;
    }
}

#[tokio::test]
async fn rp_04_the_token_must_name_somebody() {
    let rows = [
        ("missing", json!({"sub": null})),
        ("empty", json!({"sub": ""})),
        ("long", json!({"sub": "a".repeat(256)})),
        ("no ASCII", json!({"sub": "персона"})),
        ("a number", json!({"sub": 1})),
    ];
    refuse_claims(Check::Subject, rows).await;
}

#[tokio::test]
async fn rp_04_userinfo_must_be_about_the_same_person() {
    let mut bench = Bench::new().await;
    for (name, patch) in [
        ("another", json!({"sub": "person-2"})),
        ("missing", json!({"sub": null})),
        ("empty", json!({"sub": ""})),
        ("a number", json!({"sub": 1})),
    ] {
        let script = Script {
            userinfo: patch,
            ..Script::default()
        };
        bench.refuses(name, script, untrusted(Check::Subject)).await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_05_times_must_be_numbers_that_make_sense() {
    let second = now().as_second();
    let rows = [
        ("no iat", json!({"iat": null})),
        ("iat as text", json!({"iat": second.to_string()})),
        ("exp before iat", json!({"exp": second - 600})),
        ("exp at iat", json!({"exp": second})),
        ("no exp", json!({"exp": null})),
        ("exp as text", json!({"exp": "9999999999"})),
        ("exp without end", json!({"exp": 1e308})),
        ("exp below zero", json!({"exp": -5})),
        (
            "exp in a century",
            json!({"exp": second + 3_155_760_000_i64}),
        ),
    ];
    refuse_claims(Check::Times, rows).await;
}

#[tokio::test]
async fn rp_05_an_old_or_unborn_token_is_a_matter_of_clocks() {
    let second = now().as_second();
    let mut bench = Bench::new().await;
    for (name, patch) in [
        (
            "expired",
            json!({"iat": second - 7200, "exp": second - 3600}),
        ),
        (
            "not born yet",
            json!({"iat": second + 7200, "exp": second + 7500}),
        ),
    ] {
        bench.refuses(name, claims(patch), AuthError::Clock).await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_06_the_nonce_must_be_the_flows() {
    let rows = [
        ("wrong", json!({"nonce": "other"})),
        ("empty", json!({"nonce": ""})),
        ("missing", json!({"nonce": null})),
    ];
    refuse_claims(Check::Nonce, rows).await;
}

#[tokio::test]
async fn rp_07_only_algorithms_that_were_promised_are_taken() {
    let mut bench = Bench::new().await;
    for (name, script) in [
        ("none", signing(Signing::None)),
        ("None", header(json!({"alg": "None"}))),
        ("no alg", header(json!({"alg": null}))),
        ("HS256 by client id", signing(Signing::HmacByClientId)),
        ("HS256 by the EC key", signing(Signing::HmacByPublicKey)),
        ("HS256 by the RSA key", signing(Signing::HmacByRsaKey)),
        ("RS256", header(json!({"alg": "RS256", "kid": "key-rsa"}))),
        ("EdDSA", header(json!({"alg": "EdDSA", "kid": "key-ed"}))),
        ("ES384", header(json!({"alg": "ES384"}))),
    ] {
        bench
            .refuses(name, script, untrusted(Check::Algorithm))
            .await;
    }
    // With no promise to break, the key is still the wrong one for the algorithm.
    for (name, patch) in [
        ("EC key, RS256", json!({"alg": "RS256"})),
        ("RSA key, ES256", json!({"kid": "key-rsa"})),
        ("Edwards key, ES256", json!({"kid": "key-ed"})),
        ("EC key, EdDSA", json!({"alg": "EdDSA"})),
    ] {
        let script = with_all_algorithms(header(patch));
        bench
            .refuses(name, script, untrusted(Check::Signature))
            .await;
    }
    bench.finish();
}

fn with_all_algorithms(script: Script) -> Script {
    Script {
        metadata: json!({"id_token_signing_alg_values_supported": ["ES256", "RS256", "EdDSA"]}),
        ..script
    }
}

/// The algorithm, the id of its key, and the length of its signatures in bits.
const ALGORITHMS: [(&str, &str, usize); 3] = [
    ("ES256", "key-1", 512),
    ("RS256", "key-rsa", 2048),
    ("EdDSA", "key-ed", 512),
];

#[tokio::test]
async fn rp_08_the_signature_must_fit() {
    let mut bench = Bench::new().await;
    for (alg, kid, bits) in ALGORITHMS {
        let signed = |signing| {
            let header = json!({"alg": alg, "kid": kid});
            with_all_algorithms(Script {
                header,
                signing,
                ..Script::default()
            })
        };
        bench.accepts(alg, signed(Signing::True)).await;
        let flipped = (0..bits).step_by(bits / 16 - 1).map(Signing::Flipped);
        for defect in flipped.chain([Signing::Truncated, Signing::StrangerKey]) {
            let name = format!("{alg} {defect:?}");
            bench
                .refuses(&name, signed(defect), untrusted(Check::Signature))
                .await;
        }
    }
    bench.finish();
}

#[tokio::test]
async fn rp_09_keys_are_fetched_twice_at_most() {
    let op = HostileOp::new(now());
    let one = json!({"keys": [op.jwk(None)]});
    op.set_script(Script {
        jwks: Some(one),
        ..header(json!({"kid": null}))
    });
    assert!(sign_in(&op).await.is_ok(), "no kid, one key");

    let op = HostileOp::new(now());
    op.set_script(header(json!({"kid": "unknown"})));
    let refused = sign_in(&op).await;
    assert_eq!(refused.unwrap_err(), untrusted(Check::Signature));
    assert_eq!(op.jwks_calls(), 2);

    let op = HostileOp::new(now());
    op.set_script(Script {
        jwks: Some(json!({"keys": [op.stranger_jwk(Some("old"))]})),
        jwks_later: Some(json!({"keys": [op.jwk(Some("key-1"))]})),
        ..Script::default()
    });
    let rotated = sign_in(&op).await;
    assert!(rotated.is_ok(), "the key was rotated meanwhile");
    assert_eq!(op.jwks_calls(), 2);
}

#[tokio::test]
async fn rp_09_a_key_that_cannot_be_told_is_none() {
    let stranger = HostileOp::new(now());
    let many = json!({"keys": [stranger.jwk(Some("a")), stranger.stranger_jwk(Some("b"))]});
    let jwks = |keys: Value, kid: Value| Script {
        jwks: Some(keys),
        ..header(json!({"kid": kid}))
    };
    let mut bench = Bench::new().await;
    for (name, script) in [
        ("no kid, many keys", jwks(many, Value::Null)),
        ("unknown kid", header(json!({"kid": "unknown"}))),
        ("no keys", jwks(json!({"keys": []}), json!("key-1"))),
        (
            "another's key under its id",
            jwks(
                json!({"keys": [stranger.jwk(Some("key-1"))]}),
                json!("key-1"),
            ),
        ),
    ] {
        bench
            .refuses(name, script, untrusted(Check::Signature))
            .await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_10_tokens_bring_no_keys_of_their_own() {
    let mut bench = Bench::new().await;
    for (name, patch) in [
        ("jku", json!({"jku": "https://op.test/elsewhere"})),
        ("x5u", json!({"x5u": "https://op.test/elsewhere"})),
        ("x5c", json!({"x5c": ["MIIB"]})),
        ("jwk", json!({"jwk": {"kty": "EC"}})),
        ("crit", json!({"crit": ["exp"]})),
    ] {
        bench
            .refuses(name, header(patch), untrusted(Check::Header))
            .await;
    }
    bench.finish();
}
