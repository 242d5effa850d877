//! The relying party against a provider with one defect at a time.

use std::{collections::HashSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uc_auth::{
    AuthError, Check, Client, Code, Flow, Provider, Refusal, Response, SignedIn, Transport,
    TransportError,
};
use uc_testkit::{
    HostileOp,
    hostile_op::{CLIENT_ID, CODE, ISSUER, Reply, SUBJECT, Script, Signing},
    seeded_rng,
};
use url::Url;

const REDIRECT: &str = "http://127.0.0.1:4711/callback";

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

fn client() -> Client {
    Client {
        issuer: ISSUER.to_owned(),
        id: CLIENT_ID.to_owned(),
        scopes: vec!["profile".to_owned(), "offline_access".to_owned()],
    }
}

fn transport(op: &HostileOp) -> Arc<dyn Transport> {
    Arc::new(op.clone())
}

async fn begin(op: &HostileOp) -> Result<(Provider, Url, Flow), AuthError> {
    let provider = Provider::discover(client(), &transport(op)).await?;
    let redirect = REDIRECT.parse().expect("an address");
    let (page, flow) = provider.begin(redirect, &mut seeded_rng(7));
    Ok((provider, page, flow))
}

async fn sign_in_at(op: &HostileOp, now: Timestamp) -> Result<SignedIn, AuthError> {
    let (provider, page, flow) = begin(op).await?;
    let code = answer(&flow, &provider, &op.agree(&page))?;
    provider.redeem(flow, code, &transport(op), now).await
}

fn answer(flow: &Flow, provider: &Provider, query: &str) -> Result<Code, AuthError> {
    match flow.read(provider, query) {
        Response::Answer(answer) => answer,
        Response::Stranger => panic!("the flow does not know its own state"),
    }
}

/// One defect: the error that it must give, and that the next good attempt works.
async fn check(name: &str, script: Script, expected: AuthError) {
    let op = HostileOp::new(now());
    op.set_script(script);
    let error = sign_in_at(&op, now()).await.expect_err(name);
    // What openidconnect cannot even parse never reaches the checks of the ID token.
    let unparsed = expected == untrusted(Check::IdToken) && error == AuthError::Failed;
    assert!(unparsed || error == expected, "{name}: {error:?}");
    assert_eq!(op.calls_elsewhere(), 0, "{name}");
    op.set_script(Script::default());
    assert!(
        sign_in_at(&op, now()).await.is_ok(),
        "{name}: the next good attempt"
    );
}

async fn accept(name: &str, script: Script) -> SignedIn {
    let op = HostileOp::new(now());
    op.set_script(script);
    match sign_in_at(&op, now()).await {
        Ok(signed_in) => signed_in,
        Err(error) => panic!("{name}: {error:?}"),
    }
}

const fn untrusted(check: Check) -> AuthError {
    AuthError::Untrusted(check)
}

fn claims(patch: Value) -> Script {
    Script {
        claims: patch,
        ..Script::default()
    }
}

fn header(patch: Value) -> Script {
    Script {
        header: patch,
        ..Script::default()
    }
}

fn token(patch: Value) -> Script {
    Script {
        token: patch,
        ..Script::default()
    }
}

fn metadata(patch: Value) -> Script {
    Script {
        metadata: patch,
        ..Script::default()
    }
}

fn signing(signing: Signing) -> Script {
    Script {
        signing,
        ..Script::default()
    }
}

#[tokio::test]
async fn rp_01_a_good_sign_in_gives_tokens_and_the_person() {
    let signed_in = accept("good", Script::default()).await;
    assert_eq!(signed_in.subject, SUBJECT);
    assert_eq!(signed_in.refresh.expose(), "refresh-1");
    assert_eq!(signed_in.given_name.as_deref(), Some("Анна"));
    assert!(!format!("{signed_in:?}").contains("refresh-1"));
}

#[tokio::test]
async fn rp_02_the_issuer_must_be_the_provider() {
    check(
        "wrong",
        claims(json!({"iss": "https://evil.test"})),
        untrusted(Check::Issuer),
    )
    .await;
    check(
        "slash",
        claims(json!({"iss": "https://op.test/"})),
        untrusted(Check::Issuer),
    )
    .await;
    // The ID token does not even parse without one.
    let op = HostileOp::new(now());
    op.set_script(claims(json!({"iss": null})));
    assert!(matches!(
        sign_in_at(&op, now()).await,
        Err(AuthError::Untrusted(_) | AuthError::Failed)
    ));
}

#[tokio::test]
async fn rp_03_the_token_must_be_for_this_client_alone() {
    check(
        "wrong",
        claims(json!({"aud": "other"})),
        untrusted(Check::Audience),
    )
    .await;
    check(
        "stranger",
        claims(json!({"aud": [CLIENT_ID, "other"]})),
        untrusted(Check::Audience),
    )
    .await;
    let both = json!({"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID});
    check("stranger and azp", claims(both), untrusted(Check::Audience)).await;
    check(
        "azp",
        claims(json!({"azp": "other"})),
        untrusted(Check::Audience),
    )
    .await;
    check(
        "missing",
        claims(json!({"aud": null})),
        untrusted(Check::IdToken),
    )
    .await;
    accept("array", claims(json!({"aud": [CLIENT_ID]}))).await;
    accept(
        "array and azp",
        claims(json!({"aud": [CLIENT_ID], "azp": CLIENT_ID})),
    )
    .await;
}

#[tokio::test]
async fn rp_04_the_token_must_name_somebody() {
    check(
        "empty",
        claims(json!({"sub": ""})),
        untrusted(Check::Subject),
    )
    .await;
    check(
        "long",
        claims(json!({"sub": "a".repeat(256)})),
        untrusted(Check::Subject),
    )
    .await;
    let op = HostileOp::new(now());
    op.set_script(claims(json!({"sub": null})));
    assert!(sign_in_at(&op, now()).await.is_err());
}

#[tokio::test]
async fn rp_05_times_must_be_numbers_that_make_sense() {
    let second = now().as_second();
    check(
        "no iat",
        claims(json!({"iat": null})),
        untrusted(Check::IdToken),
    )
    .await;
    for (name, patch, expected) in [
        (
            "exp before iat",
            json!({"exp": second - 600}),
            untrusted(Check::Times),
        ),
        (
            "exp at iat",
            json!({"exp": second}),
            untrusted(Check::Times),
        ),
        (
            "exp as text",
            json!({"exp": "9999999999"}),
            untrusted(Check::IdToken),
        ),
        (
            "exp without end",
            json!({"exp": 1e308}),
            untrusted(Check::IdToken),
        ),
        (
            "exp below zero",
            json!({"exp": -5}),
            untrusted(Check::Times),
        ),
        (
            "exp in a century",
            json!({"exp": second + 3_155_760_000_i64}),
            untrusted(Check::Times),
        ),
        (
            "an old token",
            json!({"iat": second - 7200, "exp": second - 3600}),
            AuthError::Clock,
        ),
        (
            "not born yet",
            json!({"iat": second + 7200, "exp": second + 7500}),
            AuthError::Clock,
        ),
    ] {
        check(name, claims(patch), expected).await;
    }
    let op = HostileOp::new(now());
    op.set_script(claims(json!({"exp": null})));
    assert!(sign_in_at(&op, now()).await.is_err());
}

#[tokio::test]
async fn rp_06_the_nonce_must_be_the_flows() {
    check(
        "wrong",
        claims(json!({"nonce": "other"})),
        untrusted(Check::Nonce),
    )
    .await;
    check(
        "missing",
        claims(json!({"nonce": null})),
        untrusted(Check::Nonce),
    )
    .await;
}

#[tokio::test]
async fn rp_07_only_algorithms_that_were_promised_are_taken() {
    for (name, how) in [
        ("HS256 by client id", Signing::HmacByClientId),
        ("HS256 by public key", Signing::HmacByPublicKey),
    ] {
        check(name, signing(how), untrusted(Check::Algorithm)).await;
    }
    check(
        "RS256",
        header(json!({"alg": "RS256"})),
        untrusted(Check::Algorithm),
    )
    .await;
    check(
        "EdDSA",
        header(json!({"alg": "EdDSA"})),
        untrusted(Check::Algorithm),
    )
    .await;
    // With no promise to break, the key is still the wrong one for the algorithm.
    let promised = json!({"id_token_signing_alg_values_supported": ["ES256", "RS256"]});
    let mismatch = Script {
        metadata: promised,
        ..header(json!({"alg": "RS256"}))
    };
    check("key of another kind", mismatch, untrusted(Check::Signature)).await;
    let op = HostileOp::new(now());
    op.set_script(signing(Signing::None));
    assert!(matches!(
        sign_in_at(&op, now()).await,
        Err(AuthError::Untrusted(_) | AuthError::Failed)
    ));
}

#[tokio::test]
async fn rp_08_the_signature_must_fit() {
    check(
        "truncated",
        signing(Signing::Truncated),
        untrusted(Check::Signature),
    )
    .await;
    check(
        "stranger's key",
        signing(Signing::StrangerKey),
        untrusted(Check::Signature),
    )
    .await;
    for bit in (0..512).step_by(31) {
        check(
            "flipped",
            signing(Signing::Flipped(bit)),
            untrusted(Check::Signature),
        )
        .await;
    }
}

#[tokio::test]
async fn rp_09_keys_are_fetched_twice_at_most() {
    let op = HostileOp::new(now());
    op.set_script(header(json!({"kid": null})));
    assert!(sign_in_at(&op, now()).await.is_ok(), "no kid, one key");

    let op = HostileOp::new(now());
    let many = json!({"keys": [op.jwk(Some("a")), op.stranger_jwk(Some("b"))]});
    op.set_script(Script {
        jwks: Some(many),
        ..header(json!({"kid": null}))
    });
    assert_eq!(
        sign_in_at(&op, now()).await.unwrap_err(),
        untrusted(Check::Signature)
    );

    let op = HostileOp::new(now());
    op.set_script(header(json!({"kid": "unknown"})));
    assert_eq!(
        sign_in_at(&op, now()).await.unwrap_err(),
        untrusted(Check::Signature)
    );
    assert_eq!(op.jwks_calls(), 2);

    let op = HostileOp::new(now());
    op.set_script(Script {
        jwks: Some(json!({"keys": [op.stranger_jwk(Some("old"))]})),
        jwks_later: Some(json!({"keys": [op.jwk(Some("key-1"))]})),
        ..Script::default()
    });
    assert!(
        sign_in_at(&op, now()).await.is_ok(),
        "the key was rotated meanwhile"
    );
    assert_eq!(op.jwks_calls(), 2);
}

#[tokio::test]
async fn rp_10_tokens_bring_no_keys_of_their_own() {
    for (name, patch) in [
        ("jku", json!({"jku": "https://op.test/elsewhere"})),
        ("x5u", json!({"x5u": "https://op.test/elsewhere"})),
        ("jwk", json!({"jwk": {"kty": "EC"}})),
        ("crit", json!({"crit": ["exp"]})),
    ] {
        check(name, header(patch), untrusted(Check::Header)).await;
    }
}

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

#[tokio::test]
async fn rp_23_clocks_may_be_five_minutes_apart() {
    let op = HostileOp::new(now());
    for (seconds, fits) in [
        (0, true),
        (299, true),
        (-299, true),
        (301, false),
        (-301, false),
        (86_400, false),
        (-86_400, false),
    ] {
        let here = now() + SignedDuration::from_secs(seconds);
        match sign_in_at(&op, here).await {
            Ok(_) => assert!(fits, "{seconds}"),
            Err(error) => {
                assert_eq!(error, AuthError::Clock, "{seconds}");
                assert!(!fits, "{seconds}");
            }
        }
    }
    for year in ["1970-01-01T00:00:00Z", "2038-01-20T00:00:00Z"] {
        let result = sign_in_at(&op, year.parse().unwrap()).await;
        assert_eq!(result.unwrap_err(), AuthError::Clock);
    }
}

#[tokio::test]
async fn rp_25_every_flow_is_unguessable_and_says_how_it_proves_itself() {
    let op = HostileOp::new(now());
    let (provider, ..) = begin(&op).await.unwrap();
    let mut rng = seeded_rng(1);
    let mut seen = HashSet::new();
    for _ in 0..1_000 {
        let (page, _) = provider.begin(REDIRECT.parse().unwrap(), &mut rng);
        let members: std::collections::HashMap<_, _> = page.query_pairs().collect();
        assert_eq!(members["code_challenge_method"], "S256");
        assert_eq!(members["response_type"], "code");
        assert_eq!(members["redirect_uri"], REDIRECT);
        assert_eq!(members["scope"], "openid profile offline_access");
        for name in ["state", "nonce", "code_challenge"] {
            assert!(members[name].len() >= 43, "{name}");
            assert!(seen.insert(members[name].to_string()), "{name} repeated");
        }
    }
}
