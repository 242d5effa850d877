//! What comes back with the browser.

use uc_auth::{AuthError, Check, Refusal, Response};
use uc_testkit::{HostileOp, hostile_op::Script, seeded_rng};

use crate::harness::{Bench, Party, REDIRECT, now, returns, sign_in, untrusted};

#[tokio::test]
async fn rp_12_a_promised_issuer_must_come_with_the_answer() {
    let mut bench = Bench::new().await;
    for (name, query) in [
        ("missing", "code={code}&state={state}"),
        ("empty", "code={code}&state={state}&iss="),
        (
            "of another",
            "code={code}&state={state}&iss=https%3A%2F%2Fevil.test",
        ),
        ("with a slash", "code={code}&state={state}&iss={iss}%2F"),
        ("twice", "code={code}&state={state}&iss={iss}&iss={iss}"),
    ] {
        let script = returns([query]);
        bench
            .refuses(name, script.clone(), untrusted(Check::ResponseIssuer))
            .await;
        let op = HostileOp::new(now());
        op.set_script(script);
        assert!(sign_in(&op).await.is_err(), "{name}");
        assert_eq!(op.token_calls(), 0, "{name}: a code left");
    }
    bench.finish();
}

#[tokio::test]
async fn rp_13_an_answer_of_another_provider_is_not_sent_on() {
    let silent = serde_json::json!({"authorization_response_iss_parameter_supported": false});
    let mixed_up = |query| Script {
        metadata: silent.clone(),
        ..returns([query])
    };
    let mut bench = Bench::new().await;
    for (name, query) in [
        (
            "a code",
            "code={code}&state={state}&iss=https%3A%2F%2Fevil.test",
        ),
        (
            "an error",
            "error=access_denied&state={state}&iss=https%3A%2F%2Fevil.test",
        ),
    ] {
        bench
            .refuses(name, mixed_up(query), untrusted(Check::ResponseIssuer))
            .await;
        let op = HostileOp::new(now());
        op.set_script(mixed_up(query));
        assert!(sign_in(&op).await.is_err(), "{name}");
        assert_eq!(op.token_calls(), 0, "{name}: a code left");
    }
    bench
        .accepts(
            "no issuer where none is promised",
            mixed_up("code={code}&state={state}"),
        )
        .await;
    bench.finish();
}

/// Answers that do not know the flow's state.
const STRANGERS: [(&str, &str); 8] = [
    ("nothing", ""),
    ("no state", "code=a&iss={iss}"),
    ("wrong state", "code=a&state=b&iss={iss}"),
    ("empty state", "code=a&state=&iss={iss}"),
    ("an older flow", "code={code}&state={older}&iss={iss}"),
    ("an error without state", "error=access_denied"),
    (
        "the state twice",
        "code={code}&state={state}&state=b&iss={iss}",
    ),
    (
        "the state in capitals",
        "code={code}&STATE={state}&iss={iss}",
    ),
];
const TRUE: &str = "code={code}&state={state}&iss={iss}";

#[tokio::test]
async fn rp_14_strangers_cannot_end_the_waiting() {
    let op = HostileOp::new(now());
    let party = Party::new(&op);
    let (provider, page, flow) = party.begin().await.unwrap();
    let redirect = REDIRECT.parse().unwrap();
    let mut rng = seeded_rng(9);
    let other = provider.begin(redirect, party.channel(), &mut rng);
    let (other_page, _) = other.await.unwrap();
    let _ = op.agree(&other_page);
    for (name, template) in STRANGERS {
        op.set_script(returns([template]));
        let queries = op.returns(&page);
        let read = flow.read(&provider, &queries[0]);
        assert!(matches!(read, Response::Stranger), "{name}");
    }
    uc_testkit::tell_cases(STRANGERS.len());
}

#[tokio::test]
async fn rp_14_the_true_answer_is_taken_after_any_number_of_forged_ones() {
    let mut bench = Bench::new().await;
    for (name, stranger) in STRANGERS {
        bench
            .accepts(name, returns([stranger, stranger, TRUE, stranger]))
            .await;
    }
    let all: Vec<String> = STRANGERS
        .iter()
        .map(|(_, query)| (*query).to_owned())
        .collect();
    let replayed = Script {
        returns: Some([all, vec![TRUE.to_owned(), TRUE.to_owned()]].concat()),
        ..Script::default()
    };
    bench.accepts("replayed", replayed).await;
}

#[tokio::test]
async fn rp_15_a_code_of_another_flow_buys_nothing() {
    let mut bench = Bench::new().await;
    let script = Script {
        foreign_code: true,
        ..Script::default()
    };
    let refused = AuthError::Refused(Refusal::InvalidGrant);
    bench.refuses("injected", script, refused).await;
    bench.finish();
}

#[tokio::test]
async fn rp_16_errors_are_known_by_their_code_and_carry_no_text() {
    let mut bench = Bench::new().await;
    for (code, refusal) in [
        ("access_denied", Refusal::AccessDenied),
        ("login_required", Refusal::InteractionRequired),
        ("consent_required", Refusal::InteractionRequired),
        ("interaction_required", Refusal::InteractionRequired),
        ("account_selection_required", Refusal::InteractionRequired),
        ("server_error", Refusal::Other),
        ("temporarily_unavailable", Refusal::Other),
        ("unheard_of", Refusal::Other),
        ("%3Cscript%3E", Refusal::Other),
    ] {
        let query = format!(
            "error={code}&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E\
             &error_uri=javascript%3Aalert(1)&state={{state}}&iss={{iss}}"
        );
        let error = AuthError::Refused(refusal);
        bench.refuses(code, returns([query.as_str()]), error).await;
        assert!(!format!("{error} {error:?}").contains("script"));
    }
    for (name, query) in [
        ("neither", "state={state}&iss={iss}"),
        (
            "both",
            "code={code}&error=access_denied&state={state}&iss={iss}",
        ),
        ("an empty code", "code=&state={state}&iss={iss}"),
        ("two codes", "code=a&code=b&state={state}&iss={iss}"),
    ] {
        bench
            .refuses(name, returns([query]), untrusted(Check::Response))
            .await;
    }
    bench.finish();
}
