//! The provider's description of itself.

use serde_json::json;
use uc_auth::Check;

use crate::harness::{Bench, metadata, untrusted};

#[tokio::test]
async fn rp_11_the_description_must_be_the_configured_issuers() {
    let mut bench = Bench::new().await;
    for issuer in [
        "https://evil.test",
        "https://op.test/",
        "https://op.test/path",
        "https://OP.test",
        "http://op.test",
        "https://op.test:443",
        "",
    ] {
        let script = metadata(json!({"issuer": issuer}));
        bench
            .refuses(issuer, script, untrusted(Check::Metadata))
            .await;
    }
    bench.finish();
}

#[tokio::test]
async fn rp_11_every_endpoint_has_tls() {
    let mut bench = Bench::new().await;
    for member in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "revocation_endpoint",
        "end_session_endpoint",
    ] {
        // The key set is fetched with the description; there the transport would refuse.
        let script = metadata(json!({member: "http://op.test/jwks"}));
        bench
            .refuses(member, script, untrusted(Check::Metadata))
            .await;
    }
    for member in ["token_endpoint", "authorization_endpoint", "jwks_uri"] {
        let script = metadata(json!({member: null}));
        bench
            .refuses(member, script, untrusted(Check::Metadata))
            .await;
    }
    bench.finish();
}
