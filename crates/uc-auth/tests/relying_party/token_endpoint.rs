//! Answers of the token endpoint.

use std::time::Duration;

use serde_json::json;
use uc_auth::{AuthError, Check, Refusal, TransportError};
use uc_testkit::hostile_op::{CLIENT_ID, ISSUER, Reply, Script};

use crate::harness::{Bench, now, reply, token, untrusted};

#[tokio::test]
async fn rp_17_what_does_not_matter_may_differ() {
    let mut bench = Bench::new().await;
    let endless = bench
        .accepts("no expires_in", token(json!({"expires_in": null})))
        .await;
    assert_eq!(endless.access.expires_in, None);
    for (name, patch) in [
        ("token type in capitals", json!({"token_type": "BEARER"})),
        (
            "token type in small letters",
            json!({"token_type": "bearer"}),
        ),
        ("more members", json!({"surprise": [1, {"a": 2}]})),
        ("narrowed", json!({"scope": "openid"})),
        (
            "as asked",
            json!({"scope": "openid profile offline_access"}),
        ),
    ] {
        bench.accepts(name, token(patch)).await;
    }
}

#[tokio::test]
async fn rp_17_token_responses_are_read_strictly() {
    let mut bench = Bench::new().await;
    for (name, patch, check) in [
        ("widened", json!({"scope": "openid admin"}), Check::Grant),
        ("another type", json!({"token_type": "mac"}), Check::Grant),
        (
            "a bound token that no proof was sent for",
            json!({"token_type": "DPoP"}),
            Check::Grant,
        ),
        ("no ID token", json!({"id_token": null}), Check::IdToken),
        (
            "no refresh token",
            json!({"refresh_token": null}),
            Check::Grant,
        ),
    ] {
        bench.refuses(name, token(patch), untrusted(check)).await;
    }
    let twice = r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#;
    bench
        .refuses(
            "a member twice",
            reply(Reply::json(200, twice)),
            untrusted(Check::Json),
        )
        .await;
    let doubled = format!(
        r#"{{"iss":"{ISSUER}","sub":"a","sub":"b","aud":"{CLIENT_ID}","iat":{0},"exp":{0}}}"#,
        now().as_second()
    );
    let script = Script {
        raw_claims: Some(doubled),
        ..Script::default()
    };
    bench
        .refuses("a claim twice", script, untrusted(Check::Json))
        .await;
    bench.finish();
}

#[tokio::test]
async fn rp_18_errors_of_the_protocol_have_a_name() {
    let mut bench = Bench::new().await;
    for (status, error, refusal) in [
        (400, "invalid_request", Refusal::Other),
        (400, "invalid_client", Refusal::Other),
        (401, "invalid_client", Refusal::Other),
        (400, "invalid_grant", Refusal::InvalidGrant),
        (400, "unauthorized_client", Refusal::Other),
        (400, "unsupported_grant_type", Refusal::Other),
        (400, "invalid_scope", Refusal::Other),
        (400, "invalid_dpop_proof", Refusal::InvalidProof),
        (401, "use_dpop_nonce", Refusal::Other),
        (400, "unheard_of", Refusal::Other),
    ] {
        let body = format!(r#"{{"error":"{error}","error_description":"<b>"}}"#);
        let script = reply(Reply::json(status, body));
        bench
            .refuses(error, script, AuthError::Refused(refusal))
            .await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_18_whatever_the_token_endpoint_does_has_a_name() {
    let html = |status, headers| {
        reply(Reply {
            status,
            headers,
            body: b"<html>".to_vec(),
        })
    };
    let json = |body: &[u8]| reply(Reply::json(200, body));
    let busy = |secs: Option<u64>| AuthError::Busy {
        retry_after: secs.map(Duration::from_secs),
    };
    let mut bench = Bench::new().await;
    for (name, script, expected) in [
        ("429", html(429, vec![("retry-after", "7")]), busy(Some(7))),
        ("429 without time", html(429, vec![]), busy(None)),
        ("503", html(503, vec![("retry-after", "soon")]), busy(None)),
        ("500", html(500, vec![]), AuthError::Failed),
        (
            "302",
            html(302, vec![("location", "https://evil.test")]),
            AuthError::Failed,
        ),
        (
            "307",
            html(307, vec![("location", "https://evil.test")]),
            AuthError::Failed,
        ),
        (
            "HTML",
            html(200, vec![("content-type", "text/html")]),
            AuthError::Failed,
        ),
        (
            "HTML as an error",
            html(400, vec![("content-type", "text/html")]),
            AuthError::Failed,
        ),
        ("no type", html(200, vec![]), AuthError::Failed),
        ("cut JSON", json(br#"{"access_token":"#), AuthError::Failed),
        ("no UTF-8", json(&[b'"', 0xff, b'"']), AuthError::Failed),
        ("nothing", json(b""), AuthError::Failed),
        ("a list", json(b"[]"), AuthError::Failed),
        ("a text", json(b"\"a\""), AuthError::Failed),
    ] {
        bench.refuses(name, script, expected).await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_18_a_network_that_fails_has_a_name() {
    let mut bench = Bench::new().await;
    let large = reply(Reply::json(200, vec![b' '; 2 << 20]));
    let too_large = AuthError::Transport(TransportError::TooLarge);
    bench.refuses("2 MiB", large, too_large).await;
    for error in [
        TransportError::Unreachable,
        TransportError::Interrupted,
        TransportError::Untrusted,
        TransportError::NotAllowed,
    ] {
        let script = Script {
            broken: Some(error),
            ..Script::default()
        };
        bench
            .refuses("network", script, AuthError::Transport(error))
            .await;
    }
    bench.finish();
}
