//! A relying party with a provider that does as it is told.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use uc_auth::{AuthError, Check, Client, Code, Flow, Provider, Response, SignedIn, Transport};
use uc_testkit::{
    HostileOp,
    hostile_op::{CLIENT_ID, ISSUER, Script, Signing},
    seeded_rng,
};
use url::Url;

pub(crate) const REDIRECT: &str = "http://127.0.0.1:4711/callback";

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("an instant")
}

pub(crate) fn client() -> Client {
    Client {
        issuer: ISSUER.to_owned(),
        id: CLIENT_ID.to_owned(),
        scopes: vec!["profile".to_owned(), "offline_access".to_owned()],
    }
}

pub(crate) fn transport(op: &HostileOp) -> Arc<dyn Transport> {
    Arc::new(op.clone())
}

pub(crate) async fn begin(op: &HostileOp) -> Result<(Provider, Url, Flow), AuthError> {
    let provider = Provider::discover(client(), &transport(op)).await?;
    let redirect = REDIRECT.parse().expect("an address");
    let (page, flow) = provider.begin(redirect, &mut seeded_rng(7));
    Ok((provider, page, flow))
}

pub(crate) async fn sign_in_at(op: &HostileOp, now: Timestamp) -> Result<SignedIn, AuthError> {
    let (provider, page, flow) = begin(op).await?;
    let code = answer(&flow, &provider, &op.agree(&page))?;
    provider.redeem(flow, code, &transport(op), now).await
}

pub(crate) fn answer(flow: &Flow, provider: &Provider, query: &str) -> Result<Code, AuthError> {
    match flow.read(provider, query) {
        Response::Answer(answer) => answer,
        Response::Stranger => panic!("the flow does not know its own state"),
    }
}

/// One defect: the error that it must give, and that the next good attempt works.
pub(crate) async fn check(name: &str, script: Script, expected: AuthError) {
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

pub(crate) async fn accept(name: &str, script: Script) -> SignedIn {
    let op = HostileOp::new(now());
    op.set_script(script);
    match sign_in_at(&op, now()).await {
        Ok(signed_in) => signed_in,
        Err(error) => panic!("{name}: {error:?}"),
    }
}

pub(crate) const fn untrusted(check: Check) -> AuthError {
    AuthError::Untrusted(check)
}

pub(crate) fn claims(patch: Value) -> Script {
    Script {
        claims: patch,
        ..Script::default()
    }
}

pub(crate) fn header(patch: Value) -> Script {
    Script {
        header: patch,
        ..Script::default()
    }
}

pub(crate) fn token(patch: Value) -> Script {
    Script {
        token: patch,
        ..Script::default()
    }
}

pub(crate) fn metadata(patch: Value) -> Script {
    Script {
        metadata: patch,
        ..Script::default()
    }
}

pub(crate) fn signing(signing: Signing) -> Script {
    Script {
        signing,
        ..Script::default()
    }
}
