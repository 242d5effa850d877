//! Renewed sessions.

use serde_json::json;
use uc_auth::{Check, Provider};
use uc_testkit::{
    HostileOp,
    hostile_op::{SUBJECT, Script},
};

use crate::harness::{claims, client, now, token, transport, untrusted};

#[tokio::test]
async fn rp_20_a_refresh_cannot_change_whose_session_it_is() {
    let op = HostileOp::new(now());
    let refresh = async |script, subject: &str| {
        op.set_script(script);
        let provider = Provider::discover(client(), &transport(&op)).await?;
        let token = "refresh-1".to_owned().into();
        provider
            .refresh(&token, subject, &transport(&op), now())
            .await
    };
    assert!(refresh(Script::default(), SUBJECT).await.is_ok());
    assert!(
        refresh(token(json!({"id_token": null})), SUBJECT)
            .await
            .is_ok()
    );
    assert_eq!(
        refresh(Script::default(), "person-2").await.unwrap_err(),
        untrusted(Check::Subject)
    );
    assert_eq!(
        refresh(claims(json!({"iss": "https://evil.test"})), SUBJECT)
            .await
            .unwrap_err(),
        untrusted(Check::Issuer)
    );
    assert_eq!(
        refresh(claims(json!({"aud": "other"})), SUBJECT)
            .await
            .unwrap_err(),
        untrusted(Check::Audience)
    );
}
