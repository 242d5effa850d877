//! Pushed requests, and proofs of possession.

use serde_json::json;
use uc_auth::{AuthError, Check, Refusal};
use uc_testkit::{
    HostileOp,
    hostile_op::{Proofs, Pushed, Reply, Script},
};

use crate::harness::{Bench, Party, now, sign_in, untrusted};

fn script(pushed: Pushed, proofs: Proofs) -> Script {
    Script {
        pushed,
        proofs,
        ..Script::default()
    }
}

#[tokio::test]
async fn rp_19_every_request_is_proved_where_the_provider_promises_it() {
    let mut bench = Bench::new().await;
    for proofs in [Proofs::Demanded, Proofs::WithNonce, Proofs::WithNewNonces] {
        // The token endpoint and userinfo, and the pushed request before.
        for (pushed, requests) in [(Pushed::No, 2), (Pushed::Yes, 3)] {
            let name = format!("{proofs:?} {pushed:?}");
            let signed_in = bench.accepts(&name, script(pushed.clone(), proofs)).await;
            assert!(signed_in.access.proof_key.is_some(), "{name}");
            let op = HostileOp::new(now());
            op.set_script(script(pushed, proofs));
            assert!(sign_in(&op).await.is_ok(), "{name}");
            assert_eq!(op.proofs_taken(), requests, "{name}");
        }
    }
}

#[tokio::test]
async fn rp_19_without_the_promise_it_is_as_before() {
    let mut bench = Bench::new().await;
    for pushed in [Pushed::No, Pushed::Yes] {
        let signed_in = bench
            .accepts("bearer", script(pushed, Proofs::Unknown))
            .await;
        assert!(signed_in.access.proof_key.is_none());
    }
    for algorithms in [json!([]), json!(["RS256", "EdDSA"]), json!(null)] {
        let other = Script {
            metadata: json!({"dpop_signing_alg_values_supported": algorithms}),
            ..Script::default()
        };
        let signed_in = bench.accepts("other algorithms", other).await;
        assert!(signed_in.access.proof_key.is_none());
    }
}

#[tokio::test]
async fn rp_19_a_nonce_is_given_once_and_never_in_a_loop() {
    let mut bench = Bench::new().await;
    let refused = AuthError::Refused(Refusal::Other);
    for (proofs, calls) in [(Proofs::Insatiable, 2), (Proofs::NonceWithheld, 1)] {
        for pushed in [Pushed::No, Pushed::Yes] {
            let name = format!("{proofs:?} {pushed:?}");
            bench.refuses(&name, script(pushed, proofs), refused).await;
        }
        let op = HostileOp::new(now());
        op.set_script(script(Pushed::No, proofs));
        assert!(sign_in(&op).await.is_err(), "{proofs:?}");
        assert_eq!(op.token_calls(), calls, "{proofs:?}");
    }
    bench.finish();
}

#[tokio::test]
async fn rp_19_a_bound_token_is_not_taken_for_a_bearer_token() {
    let mut bench = Bench::new().await;
    for kind in ["Bearer", "mac"] {
        let downgraded = Script {
            token: json!({"token_type": kind}),
            ..script(Pushed::No, Proofs::Demanded)
        };
        bench
            .refuses(kind, downgraded, untrusted(Check::Grant))
            .await;
    }
    for kind in ["DPoP", "dpop", "dPOp"] {
        let spelt = Script {
            token: json!({"token_type": kind}),
            ..script(Pushed::No, Proofs::Demanded)
        };
        bench.accepts(kind, spelt).await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_19_a_pushed_request_is_known_by_the_name_that_came_back() {
    let op = HostileOp::new(now());
    op.set_script(script(Pushed::Yes, Proofs::Unknown));
    let (_, page, _) = Party::new(&op).begin().await.unwrap();
    let members: Vec<_> = page
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(members, ["client_id", "request_uri"]);
    let mut bench = Bench::new().await;
    let answered = |status, body: &str| Pushed::Answered(Reply::json(status, body));
    let refused = AuthError::Refused(Refusal::Other);
    for (name, pushed, expected) in [
        ("no name", answered(201, "{}"), untrusted(Check::Pushed)),
        (
            "an empty one",
            answered(201, r#"{"request_uri":"","expires_in":60}"#),
            untrusted(Check::Pushed),
        ),
        (
            "no time",
            answered(201, r#"{"request_uri":"urn:a","expires_in":0}"#),
            untrusted(Check::Pushed),
        ),
        (
            "twice",
            answered(201, r#"{"request_uri":"a","request_uri":"b"}"#),
            untrusted(Check::Json),
        ),
        (
            "cut",
            answered(201, r#"{"request_uri":"#),
            AuthError::Failed,
        ),
        (
            "200",
            answered(200, r#"{"request_uri":"urn:a","expires_in":60}"#),
            AuthError::Failed,
        ),
        ("500", answered(500, "{}"), AuthError::Failed),
        (
            "refused",
            answered(400, r#"{"error":"invalid_request"}"#),
            refused,
        ),
        (
            "another error",
            answered(401, r#"{"error":"invalid_client"}"#),
            refused,
        ),
    ] {
        bench
            .refuses(name, script(pushed, Proofs::Unknown), expected)
            .await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_19_calls_the_stream_and_renewals_are_proved_by_the_sessions_key() {
    let bench = Bench::new().await;
    for proofs in [Proofs::Demanded, Proofs::WithNonce, Proofs::WithNewNonces] {
        bench.app.op.set_script(script(Pushed::Yes, proofs));
        bench.app.sign_in().await.expect("signed in");
        let (calls, tokens) = (bench.app.op.portal_calls(), bench.app.op.token_calls());
        let streams = bench.app.op.stream_calls();
        bench.app.sync().await;
        assert!(
            bench.app.op.portal_calls() > calls,
            "{proofs:?}: no call was taken"
        );
        bench.app.outlive_access_token();
        bench.app.sync().await;
        assert!(
            bench.app.op.token_calls() > tokens,
            "{proofs:?}: nothing was renewed"
        );
        assert!(!bench.app.needs_sign_in().await, "{proofs:?}");
        while bench.app.op.stream_calls() == streams {
            tokio::task::yield_now().await;
        }
    }
}
