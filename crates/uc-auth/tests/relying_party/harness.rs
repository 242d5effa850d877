//! A relying party, and an app around one, with a provider that does as it is told.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use uc_auth::{
    AuthError, Channel, Check, Client, Code, Flow, Nonces, Provider, Refusal, Response, SignedIn,
    Transport, TransportError,
};
use uc_ipc::{IpcError, SignInFault};
use uc_testkit::{
    HostileApp, HostileOp,
    hostile_op::{CLIENT_ID, ISSUER, Reply, Script, Signing},
    seeded_rng, tell_cases,
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

/// A client alone: what it remembers of the provider, and its clock.
pub(crate) struct Party {
    pub(crate) op: HostileOp,
    transport: Arc<dyn Transport>,
    nonces: Nonces,
    pub(crate) now: Timestamp,
    pub(crate) server_now: Timestamp,
}

impl Party {
    pub(crate) fn new(op: &HostileOp) -> Self {
        Self {
            op: op.clone(),
            transport: Arc::new(op.clone()),
            nonces: Nonces::default(),
            now: now(),
            server_now: now(),
        }
    }

    pub(crate) fn channel(&self) -> Channel<'_> {
        Channel {
            transport: &self.transport,
            nonces: &self.nonces,
            now: self.now,
            server_now: self.server_now,
        }
    }

    pub(crate) async fn discover(&self) -> Result<Provider, AuthError> {
        Provider::discover(client(), &self.transport).await
    }

    pub(crate) async fn begin(&self) -> Result<(Provider, Url, Flow), AuthError> {
        let provider = self.discover().await?;
        let redirect = REDIRECT.parse().expect("an address");
        let mut rng = seeded_rng(7);
        let (page, flow) = provider.begin(redirect, self.channel(), &mut rng).await?;
        Ok((provider, page, flow))
    }

    /// A sign-in whose browser brings back what the provider is told to answer.
    pub(crate) async fn sign_in(&self) -> Result<SignedIn, AuthError> {
        let (provider, page, flow) = self.begin().await?;
        let code = answer(&flow, &provider, &self.op.returns(&page))?;
        provider
            .redeem(flow, code, self.channel(), &mut seeded_rng(8))
            .await
    }
}

/// A sign-in with clocks that agree.
pub(crate) async fn sign_in(op: &HostileOp) -> Result<SignedIn, AuthError> {
    Party::new(op).sign_in().await
}

/// The first answer that knows the flow's state.
fn answer(flow: &Flow, provider: &Provider, queries: &[String]) -> Result<Code, AuthError> {
    for query in queries {
        if let Response::Answer(answer) = flow.read(provider, query) {
            return answer;
        }
    }
    panic!("none of the answers knows the flow's state")
}

/// Where the cases of one table are tried: each at the relying party alone, and at an app that keeps sessions.
pub(crate) struct Bench {
    pub(crate) app: HostileApp,
    cases: usize,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self {
            app: HostileApp::enter(now()).await,
            cases: 0,
        }
    }

    /// One defect: it gives this error, nothing is stored, and the next good attempt works and is stored.
    pub(crate) async fn refuses(&mut self, name: &str, script: Script, expected: AuthError) {
        self.cases += 1;
        let op = HostileOp::new(now());
        op.set_script(script.clone());
        let error = sign_in(&op).await.expect_err(name);
        assert_eq!(error, expected, "{name}");
        assert_eq!(
            op.calls_elsewhere(),
            0,
            "{name}: something foreign was asked"
        );
        op.set_script(Script::default());
        let next = sign_in(&op).await;
        assert!(next.is_ok(), "{name}: the next good attempt: {next:?}");

        let before = self.app.kept();
        self.app.op.set_script(script);
        let told = self.app.sign_in().await.expect_err(name);
        assert_eq!(told, fault(expected), "{name}");
        assert_eq!(self.app.kept(), before, "{name}: something was stored");
        self.app.op.set_script(Script::default());
        let next = self.app.sign_in().await;
        assert!(
            next.is_ok(),
            "{name}: the app's next good attempt: {next:?}"
        );
        assert_ne!(
            self.app.kept(),
            before,
            "{name}: the good attempt was not stored"
        );
    }

    /// A provider that is odd in a lawful way.
    pub(crate) async fn accepts(&mut self, name: &str, script: Script) -> SignedIn {
        let op = HostileOp::new(now());
        op.set_script(script.clone());
        self.app.op.set_script(script);
        let entered = self.app.sign_in().await;
        assert!(entered.is_ok(), "{name}: {entered:?}");
        self.app.op.set_script(Script::default());
        match sign_in(&op).await {
            Ok(signed_in) => signed_in,
            Err(error) => panic!("{name}: {error:?}"),
        }
    }

    /// Tells how many negative cases were tried.
    pub(crate) fn finish(self) {
        tell_cases(self.cases);
    }
}

/// What a person is told of an error.
fn fault(error: AuthError) -> IpcError {
    let fault = match error {
        AuthError::Transport(TransportError::Unreachable | TransportError::Interrupted) => {
            SignInFault::Offline
        }
        AuthError::Transport(TransportError::Untrusted | TransportError::NotAllowed)
        | AuthError::Untrusted(_) => SignInFault::Untrusted,
        AuthError::Refused(Refusal::AccessDenied) => SignInFault::Declined,
        AuthError::Clock => SignInFault::Clock,
        AuthError::Transport(TransportError::TooLarge)
        | AuthError::Refused(_)
        | AuthError::Busy { .. }
        | AuthError::Failed => SignInFault::Portal,
    };
    IpcError::SignInFailed { fault }
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

pub(crate) fn reply(reply: Reply) -> Script {
    Script {
        reply: Some(reply),
        ..Script::default()
    }
}

/// The browser brings these back, one after the other.
pub(crate) fn returns<const N: usize>(templates: [&str; N]) -> Script {
    Script {
        returns: Some(templates.map(str::to_owned).to_vec()),
        ..Script::default()
    }
}
