//! The provider's description of itself.

use serde_json::json;
use uc_auth::Check;
use uc_testkit::HostileOp;

use crate::harness::{begin, check, metadata, now, untrusted};

#[tokio::test]
async fn rp_11_the_description_must_be_the_configured_issuers() {
    for issuer in [
        "https://evil.test",
        "https://op.test/",
        "https://op.test/path",
        "https://OP.test",
    ] {
        check(
            issuer,
            metadata(json!({"issuer": issuer})),
            untrusted(Check::Metadata),
        )
        .await;
    }
    for member in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "revocation_endpoint",
    ] {
        let op = HostileOp::new(now());
        op.set_script(metadata(json!({member: "http://op.test/plain"})));
        assert!(begin(&op).await.is_err(), "{member} without TLS");
    }
    check(
        "no token endpoint",
        metadata(json!({"token_endpoint": null})),
        untrusted(Check::Metadata),
    )
    .await;
}
