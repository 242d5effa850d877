//! Answers of the token endpoint.

use serde_json::json;
use uc_auth::{AuthError, Check, Refusal, TransportError};
use uc_testkit::{
    HostileOp,
    hostile_op::{CLIENT_ID, ISSUER, Reply, Script},
};

use crate::harness::{accept, check, now, sign_in_at, token, untrusted};

#[tokio::test]
async fn rp_17_token_responses_are_read_strictly() {
    let signed_in = accept("no expires_in", token(json!({"expires_in": null}))).await;
    assert_eq!(signed_in.access.expires_in, None);
    accept(
        "token type in capitals",
        token(json!({"token_type": "BEARER"})),
    )
    .await;
    accept("more members", token(json!({"surprise": [1, {"a": 2}]}))).await;
    accept("narrowed", token(json!({"scope": "openid"}))).await;
    accept(
        "as asked",
        token(json!({"scope": "openid profile offline_access"})),
    )
    .await;
    check(
        "widened",
        token(json!({"scope": "openid admin"})),
        untrusted(Check::Grant),
    )
    .await;
    check(
        "another type",
        token(json!({"token_type": "mac"})),
        untrusted(Check::Grant),
    )
    .await;
    check(
        "no ID token",
        token(json!({"id_token": null})),
        untrusted(Check::IdToken),
    )
    .await;
    check(
        "no refresh token",
        token(json!({"refresh_token": null})),
        untrusted(Check::Grant),
    )
    .await;
    let twice = r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#;
    let reply = Script {
        reply: Some(Reply::json(200, twice)),
        ..Script::default()
    };
    check("twice", reply, untrusted(Check::Json)).await;
    let doubled = format!(
        r#"{{"iss":"{ISSUER}","sub":"a","sub":"b","aud":"{CLIENT_ID}","iat":{0},"exp":{0}}}"#,
        now().as_second()
    );
    let op = HostileOp::new(now());
    op.set_script(Script {
        raw_claims: Some(doubled),
        ..Script::default()
    });
    assert!(sign_in_at(&op, now()).await.is_err(), "claims twice");
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[tokio::test]
async fn rp_18_whatever_the_token_endpoint_does_has_a_name() {
    let reply = |reply| Script {
        reply: Some(reply),
        ..Script::default()
    };
    let broken = |error| Script {
        broken: Some(error),
        ..Script::default()
    };
    let html = |status, headers| Reply {
        status,
        headers,
        body: b"<html>".to_vec(),
    };
    for error in [
        "invalid_request",
        "invalid_client",
        "unauthorized_client",
        "invalid_scope",
        "new",
    ] {
        let body = format!(r#"{{"error":"{error}","error_description":"<b>"}}"#);
        check(
            error,
            reply(Reply::json(400, body)),
            AuthError::Refused(Refusal::Other),
        )
        .await;
    }
    let grant = Reply::json(400, r#"{"error":"invalid_grant"}"#);
    check(
        "grant",
        reply(grant),
        AuthError::Refused(Refusal::InvalidGrant),
    )
    .await;
    let nonce = Reply::json(401, r#"{"error":"use_dpop_nonce"}"#);
    check("dpop", reply(nonce), AuthError::Refused(Refusal::Other)).await;
    let busy = AuthError::Busy {
        retry_after: Some(std::time::Duration::from_secs(7)),
    };
    check("429", reply(html(429, vec![("retry-after", "7")])), busy).await;
    let busy = AuthError::Busy { retry_after: None };
    check("503", reply(html(503, vec![("retry-after", "soon")])), busy).await;
    check("500", reply(html(500, vec![])), AuthError::Failed).await;
    let elsewhere = vec![("location", "https://evil.test")];
    check("302", reply(html(302, elsewhere)), AuthError::Failed).await;
    check(
        "HTML",
        reply(html(200, vec![("content-type", "text/html")])),
        AuthError::Failed,
    )
    .await;
    check("no type", reply(html(200, vec![])), AuthError::Failed).await;
    check(
        "cut JSON",
        reply(Reply::json(200, r#"{"access_token":"#)),
        AuthError::Failed,
    )
    .await;
    check(
        "no UTF-8",
        reply(Reply::json(200, vec![b'"', 0xff, b'"'])),
        AuthError::Failed,
    )
    .await;
    check("empty", reply(Reply::json(200, "")), AuthError::Failed).await;
    check("list", reply(Reply::json(200, "[]")), AuthError::Failed).await;
    let large = reply(Reply::json(200, vec![b' '; 2 << 20]));
    check(
        "2 MiB",
        large,
        AuthError::Transport(TransportError::TooLarge),
    )
    .await;
    for error in [
        TransportError::Unreachable,
        TransportError::Interrupted,
        TransportError::Untrusted,
    ] {
        check("network", broken(error), AuthError::Transport(error)).await;
    }
}
