//! What comes back with the browser.

use serde_json::json;
use uc_auth::{AuthError, Check, Refusal, Response};
use uc_testkit::{
    HostileOp,
    hostile_op::{CODE, Script},
    seeded_rng,
};

use crate::harness::{REDIRECT, answer, begin, check, metadata, now, transport, untrusted};

#[tokio::test]
async fn rp_12_a_promised_issuer_must_come_with_the_answer() {
    let op = HostileOp::new(now());
    let (provider, page, flow) = begin(&op).await.unwrap();
    let query = op.agree(&page);
    let iss = "iss=https%3A%2F%2Fop.test";
    assert!(query.contains(iss));
    for (name, query) in [
        ("missing", query.replace(&format!("&{iss}"), "")),
        ("of another", query.replace("op.test", "evil.test")),
        ("twice", format!("{query}&{iss}")),
    ] {
        let error = answer(&flow, &provider, &query).expect_err(name);
        assert_eq!(error, untrusted(Check::ResponseIssuer), "{name}");
    }
    assert_eq!(op.token_calls(), 0);
}

#[tokio::test]
async fn rp_13_an_answer_of_another_provider_is_not_sent_on() {
    let op = HostileOp::new(now());
    op.set_script(metadata(
        json!({"authorization_response_iss_parameter_supported": false}),
    ));
    let (provider, page, flow) = begin(&op).await.unwrap();
    let query = op.agree(&page).replace("op.test", "evil.test");
    assert_eq!(
        answer(&flow, &provider, &query).unwrap_err(),
        untrusted(Check::ResponseIssuer)
    );
    assert_eq!(op.token_calls(), 0);
}

#[tokio::test]
async fn rp_14_strangers_cannot_end_the_waiting() {
    let op = HostileOp::new(now());
    let (provider, page, flow) = begin(&op).await.unwrap();
    let query = op.agree(&page);
    let (other_page, _) = provider.begin(REDIRECT.parse().unwrap(), &mut seeded_rng(8));
    let older = op.agree(&other_page);
    let _ = op.agree(&page);
    for (name, query) in [
        ("nothing", String::new()),
        ("no state", "code=a&iss=https%3A%2F%2Fop.test".to_owned()),
        (
            "wrong state",
            "code=a&state=b&iss=https%3A%2F%2Fop.test".to_owned(),
        ),
        ("older flow", older),
        ("error without state", "error=access_denied".to_owned()),
        ("state twice", format!("{query}&state=b")),
        ("state in capitals", query.replace("state=", "STATE=")),
    ] {
        assert!(
            matches!(flow.read(&provider, &query), Response::Stranger),
            "{name}"
        );
    }
    let code = answer(&flow, &provider, &query).unwrap();
    assert!(
        provider
            .redeem(flow, code, &transport(&op), now())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn rp_15_a_code_of_another_flow_buys_nothing() {
    let script = Script {
        foreign_code: true,
        ..Script::default()
    };
    check(
        "injected",
        script,
        AuthError::Refused(Refusal::InvalidGrant),
    )
    .await;
}

#[tokio::test]
async fn rp_16_errors_are_known_by_their_code_and_carry_no_text() {
    let op = HostileOp::new(now());
    let (provider, page, flow) = begin(&op).await.unwrap();
    let query = op
        .agree(&page)
        .replace(&format!("code={CODE}"), "error=ERROR");
    for (code, expected) in [
        ("access_denied", Refusal::AccessDenied),
        ("login_required", Refusal::InteractionRequired),
        ("unheard_of", Refusal::Other),
    ] {
        let query = query.replace("ERROR", code) + "&error_description=%3Cscript%3E";
        let error = answer(&flow, &provider, &query).unwrap_err();
        assert_eq!(error, AuthError::Refused(expected));
        assert!(!format!("{error} {error:?}").contains("script"));
    }
    let neither = query.replace("error=ERROR&", "");
    assert_eq!(
        answer(&flow, &provider, &neither).unwrap_err(),
        untrusted(Check::Response)
    );
    let both = format!("{}&code=a", query.replace("ERROR", "access_denied"));
    assert_eq!(
        answer(&flow, &provider, &both).unwrap_err(),
        untrusted(Check::Response)
    );
}
