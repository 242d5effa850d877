//! Renewed sessions.

use serde_json::json;
use uc_auth::{AuthError, Check, Renewed};
use uc_testkit::{
    HostileOp,
    hostile_op::{CLIENT_ID, SUBJECT, Script},
    seeded_rng, tell_cases,
};

use crate::harness::{Bench, Party, claims, now, token, untrusted};

async fn refresh(script: Script) -> Result<Renewed, AuthError> {
    let op = HostileOp::new(now());
    op.set_script(script);
    let party = Party::new(&op);
    let token = "refresh-1".to_owned().into();
    let provider = party.discover().await?;
    provider
        .refresh(&token, None, SUBJECT, party.channel(), &mut seeded_rng(7))
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

#[tokio::test]
async fn rp_20_a_refresh_for_another_person_ends_the_session_and_a_sign_in_begins_a_new_one() {
    let bench = Bench::new().await;
    for patch in [
        json!({"sub": "person-2"}),
        json!({"iss": "https://evil.test"}),
        json!({"aud": "other"}),
    ] {
        assert!(!bench.app.needs_sign_in().await, "{patch}");
        let before = bench.app.kept();
        bench.app.op.set_script(claims(patch.clone()));
        bench.app.outlive_access_token();
        bench.app.sync().await;
        assert!(bench.app.needs_sign_in().await, "{patch}");
        assert_eq!(bench.app.kept(), before, "{patch}: something was stored");
        bench.app.op.set_script(Script::default());
        bench.app.sign_in().await.expect("signed in again");
    }
}
