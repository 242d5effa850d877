//! Our client with a provider that others wrote.

#![expect(
    clippy::print_stdout,
    reason = "which version judged belongs into the report of the run"
)]

use std::time::Duration;

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_ipc::{Commands as _, Phase, Session, SignOut, SyncNow, Unsent};
use uc_testkit::{ManualClock, app::begin};

use crate::{
    client::OurClient,
    forms::Answers,
    judges::Judges,
    provider::{Demands, OidcProvider, Requests, Tokens},
};

const TOKEN: &str = "/token";
const REVOCATION: &str = "/token/revocation";
const PUSHED: &str = "/request";

/// The provider of npm and our client beside it.
struct Hearing {
    provider: OidcProvider,
    client: OurClient,
    clock: ManualClock,
    _folder: tempfile::TempDir,
}

impl Hearing {
    async fn open(demands: Demands) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::new(begin());
        let judges = Judges::ensure_installed().unwrap();
        let provider = OidcProvider::start(&judges, folder.path(), &clock, demands)
            .await
            .unwrap();
        let client = OurClient::start(provider.settings.clone(), clock.clone(), answers())
            .await
            .unwrap();
        Self {
            provider,
            client,
            clock,
            _folder: folder,
        }
    }

    /// The app is closed for longer than an access token lives, and unlocked then.
    async fn come_back_later(&mut self) -> Session {
        let lifetime = Duration::from_secs(301);
        self.client.stop().await;
        self.provider.advance(lifetime).await.unwrap();
        self.clock.advance(lifetime);
        self.client.start_again().await.unwrap().unwrap()
    }

    async fn sync(&self) -> Session {
        Box::pin(self.client.core().sync_now(SyncNow {}))
            .await
            .unwrap()
    }

    fn requests_to(&self, path: &str) -> usize {
        self.client.network.requests_to(path)
    }
}

/// What the provider's own pages for trying out ask.
fn answers() -> Answers {
    [("login", "anna"), ("password", "any")]
        .map(|(field, answer)| (field, answer.to_owned()))
        .into()
}

fn is_kept(session: &Session) -> bool {
    matches!(&session.phase, Phase::Open { sign_in_needed: false, first_name, .. } if first_name == "Anna")
}

/// What the provider told of itself.
struct Events(Vec<String>);

impl Events {
    #[track_caller]
    fn assert_count(&self, name: &str, expected: usize) {
        let count = self.0.iter().filter(|event| *event == name).count();
        assert_eq!(count, expected, "{name}: {:?}", self.0);
    }
}

/// A session from sign-in over renewals to sign-out, seen from both sides.
fn live_through(requests: Requests, tokens: Tokens) -> BoxFuture<'static, ()> {
    async move {
        let mut hearing = Hearing::open(Demands { requests, tokens }).await;
        println!("judge: {}", hearing.provider.judge);
        let session = hearing.client.enter().await;
        let lost = hearing.client.browser.lost();
        let session = session.unwrap_or_else(|error| panic!("{error:?}, {lost:?}"));
        assert!(is_kept(&session), "{session:?}");
        for renewals in 1..=3 {
            let unlocked = hearing.come_back_later().await;
            assert!(is_kept(&unlocked), "{unlocked:?}");
            assert!(is_kept(&hearing.sync().await), "renewal {renewals}");
        }
        check_session(&mut hearing, requests, tokens).await;
        sign_out(&mut hearing).await;
    }
    .boxed()
}

async fn check_session(hearing: &mut Hearing, requests: Requests, tokens: Tokens) {
    let events = Events(hearing.provider.events().await.unwrap());
    events.assert_count("authorization_code.consumed", 1);
    events.assert_count("grant.revoked", 0);
    events.assert_count("server_error", 0);
    let grants = events.0.iter().filter(|event| *event == "grant.success");
    let grants = grants.count();
    assert!(grants > 3, "{:?}", events.0);
    let (bound, bearer) = match tokens {
        Tokens::Bearer => (0, grants),
        Tokens::Bound | Tokens::BoundWithNonce => (grants, 0),
    };
    events.assert_count("access_token.bound", bound);
    events.assert_count("access_token.bearer", bearer);
    let pushed = usize::from(requests == Requests::Pushed);
    events.assert_count("pushed_authorization_request.success", pushed);
    if tokens != Tokens::BoundWithNonce {
        events.assert_count("grant.error", 0);
        assert_eq!(hearing.requests_to(TOKEN), grants);
        assert_eq!(hearing.requests_to(PUSHED), pushed);
    }
}

async fn sign_out(hearing: &mut Hearing) {
    let unsent = Unsent::Discard;
    let session = hearing.client.core().sign_out(SignOut { unsent }).await;
    assert_eq!(session.unwrap().phase, Phase::SignedOut);
    assert_eq!(hearing.requests_to(REVOCATION), 1);
    let events = Events(hearing.provider.events().await.unwrap());
    events.assert_count("grant.revoked", 1);
    events.assert_count("revocation.error", 0);
}

#[tokio::test]
async fn rp_27_npm_oidc_provider_serves_a_session_of_bearer_tokens() {
    live_through(Requests::InTheAddress, Tokens::Bearer).await;
}

#[tokio::test]
async fn rp_27_npm_oidc_provider_serves_a_session_by_pushed_request() {
    live_through(Requests::Pushed, Tokens::Bearer).await;
}

#[tokio::test]
async fn rp_27_npm_oidc_provider_serves_a_session_bound_to_a_key() {
    live_through(Requests::InTheAddress, Tokens::Bound).await;
}

#[tokio::test]
async fn rp_27_npm_oidc_provider_serves_a_pushed_and_bound_session() {
    live_through(Requests::Pushed, Tokens::Bound).await;
}

#[tokio::test]
async fn rp_27_npm_oidc_provider_serves_a_session_whose_proofs_have_nonces() {
    live_through(Requests::Pushed, Tokens::BoundWithNonce).await;
}
