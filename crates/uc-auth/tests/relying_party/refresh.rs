//! Renewed sessions.

use serde_json::json;
use uc_auth::{AuthError, Check, Provider, Renewed};
use uc_testkit::{
    HostileOp,
    hostile_op::{CLIENT_ID, SUBJECT, Script},
    tell_cases,
};

use crate::harness::{claims, client, now, token, transport, untrusted};

async fn refresh(script: Script) -> Result<Renewed, AuthError> {
    let op = HostileOp::new(now());
    op.set_script(script);
    let provider = Provider::discover(client(), &transport(&op)).await?;
    let token = "refresh-1".to_owned().into();
    provider
        .refresh(&token, SUBJECT, &transport(&op), now())
        .await
}

#[tokio::test]
async fn rp_20_a_refresh_may_say_again_whose_session_it_is() {
    for (name, script) in [
        ("the same person", Script::default()),
        ("without nonce", claims(json!({"nonce": null}))),
        ("no ID token", token(json!({"id_token": null}))),
        (
            "no new refresh token",
            token(json!({"refresh_token": null})),
        ),
    ] {
        let renewed = refresh(script).await;
        assert!(renewed.is_ok(), "{name}: {renewed:?}");
    }
}

#[tokio::test]
async fn rp_20_a_refresh_cannot_change_whose_session_it_is() {
    let rows = [
        ("sub", json!({"sub": "person-2"}), Check::Subject),
        ("no sub", json!({"sub": null}), Check::Subject),
        ("iss", json!({"iss": "https://evil.test"}), Check::Issuer),
        ("no iss", json!({"iss": null}), Check::Issuer),
        ("aud", json!({"aud": "other"}), Check::Audience),
        (
            "more aud",
            json!({"aud": [CLIENT_ID, "other"]}),
            Check::Audience,
        ),
        ("azp", json!({"azp": "other"}), Check::Audience),
    ];
    tell_cases(rows.len());
    for (name, patch, check) in rows {
        let error = refresh(claims(patch)).await.expect_err(name);
        assert_eq!(error, untrusted(check), "{name}");
    }
}
