//! Signing in: through the system's browser, and back by the loopback port.

use std::time::Duration;

use futures_util::future::{Either, select};
use tokio_util::sync::CancellationToken;
use uc_auth::{
    AccessToken, AuthError, Flow, Provider, RefreshToken, Refusal, Response, SignedIn,
    lock::SessionSecrets,
};
use uc_ipc::{IpcError, Session, SignInFault, View};
use uc_portal_api::FetchProfile;
use url::Url;

use crate::{
    Core,
    gate::Stage,
    portal::{Answer, Call},
    ports::{AnswerPage, Callbacks, HttpError, loopback::CALLBACK_PATH},
    session::{self, Standing},
};

/// How long the browser may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// Somebody who signed in and has no passcode yet. In memory only.
pub(crate) struct Arrival {
    /// Keeps the session alive.
    pub(crate) session: SessionSecrets,
    /// The portal's name of the person.
    pub(crate) subject: String,
    /// Given name, for the greeting.
    pub(crate) first_name: String,
}

/// Opens the sign-in page and waits for the browser to come back.
pub(crate) async fn sign_in(core: &Core) -> Result<Session, IpcError> {
    let waiting = Waiting::begin(core)?;
    let outcome = waiting.stop.run_until_cancelled(travel(core)).await;
    let signed_in = match outcome {
        None => Err(SignInFault::Cancelled),
        Some(outcome) => outcome,
    };
    drop(waiting);
    match signed_in {
        Ok(signed_in) => arrive(core, signed_in).await,
        Err(fault) => {
            tracing::info!(?fault, "sign-in failed");
            Err(IpcError::SignInFailed { fault })
        }
    }
}

/// Stops waiting for the browser.
pub(crate) async fn cancel(core: &Core) -> Session {
    if let Some(stop) = core.state().signing_in.take() {
        stop.cancel();
    }
    session::open(core).await
}

/// A sign-in that is under way; the phase says so until it is dropped.
struct Waiting<'a> {
    core: &'a Core,
    stop: CancellationToken,
}

impl<'a> Waiting<'a> {
    fn begin(core: &'a Core) -> Result<Self, IpcError> {
        let stop = CancellationToken::new();
        {
            let mut state = core.state();
            if state.signing_in.is_some() {
                return Err(IpcError::Conflict);
            }
            state.signing_in = Some(stop.clone());
        }
        core.changed(View::Session);
        Ok(Self { core, stop })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        // Cancelling took it out already; by then another one may wait.
        if !self.stop.is_cancelled() {
            self.core.state().signing_in = None;
        }
        self.core.changed(View::Session);
    }
}

/// To the portal by the browser, and back with tokens.
async fn travel(core: &Core) -> Result<SignedIn, SignInFault> {
    let transport = core.oidc_transport();
    let provider = core
        .portal
        .discover(&transport)
        .await
        .map_err(|error| fault(&error))?;
    let listening = core.ports.loopback.listen().await;
    let mut callbacks = listening.map_err(|_| SignInFault::NoLoopback)?;
    let redirect_uri = redirect_uri(callbacks.port());
    let mut rng = core.rng();
    let begun = provider.begin(redirect_uri, core.channel(&transport), &mut rng);
    let (page, flow) = begun.await.map_err(|error| fault(&error))?;
    let opened = core.ports.browser.open(&page).await;
    opened.map_err(|_| SignInFault::NoBrowser)?;
    let waiting = Box::pin(wait(&mut *callbacks, &provider, &flow));
    let answer = match select(waiting, core.clock().sleep(PATIENCE)).await {
        Either::Left((read, _)) => read.map_err(|error| fault(&error))?,
        Either::Right(_) => return Err(SignInFault::TimedOut),
    };
    drop(callbacks);
    provider
        .redeem(flow, answer, core.channel(&transport), &mut rng)
        .await
        .map_err(|error| fault(&error))
}

fn redirect_uri(port: u16) -> Url {
    format!("http://127.0.0.1:{port}{CALLBACK_PATH}")
        .parse()
        .expect("an address made of a port is one")
}

/// The first callback that knows this flow's state. Nobody else can end the waiting.
async fn wait(
    callbacks: &mut dyn Callbacks,
    provider: &Provider,
    flow: &Flow,
) -> Result<uc_auth::Code, AuthError> {
    while let Some(callback) = callbacks.next().await {
        let response = flow.read(provider, &callback.query);
        let page = match response {
            Response::Stranger => AnswerPage::Refused,
            Response::Answer(_) => AnswerPage::Taken,
        };
        // A browser that has gone needs no page.
        let _ = callback.answer.send(page);
        if let Response::Answer(answer) = response {
            return answer;
        }
    }
    Err(AuthError::Failed)
}

fn fault(error: &AuthError) -> SignInFault {
    match error {
        AuthError::Transport(HttpError::Unreachable | HttpError::Interrupted) => {
            SignInFault::Offline
        }
        AuthError::Transport(HttpError::Untrusted | HttpError::NotAllowed)
        | AuthError::Untrusted(_) => SignInFault::Untrusted,
        AuthError::Refused(Refusal::AccessDenied) => SignInFault::Declined,
        AuthError::Clock => SignInFault::Clock,
        AuthError::Transport(HttpError::TooLarge)
        | AuthError::Refused(_)
        | AuthError::Busy { .. }
        | AuthError::Failed => SignInFault::Portal,
    }
}

/// The person is back: a first sign-in asks for a passcode next, a repeated one goes on at once.
async fn arrive(core: &Core, signed_in: SignedIn) -> Result<Session, IpcError> {
    let SignedIn {
        access,
        refresh,
        subject,
        given_name,
    } = signed_in;
    let stage = core.state().stage();
    match stage {
        Stage::SignedOut => {
            core.portal
                .keep_access(access.clone(), core.clock().uptime());
            let first_name = first_name(core, &access).await.or(given_name);
            core.state().standing = Standing::NeedsPasscode(Box::new(Arrival {
                session: core.session_secrets(&refresh, &access),
                subject,
                first_name: first_name.unwrap_or_default(),
            }));
        }
        Stage::Open => rejoin(core, access, &refresh, &subject).await?,
        Stage::SigningIn | Stage::NeedsPasscode | Stage::Locked => return Err(IpcError::Conflict),
    }
    core.changed(View::Session);
    Ok(session::open(core).await)
}

/// The same person again; for another one the device must be signed out first.
async fn rejoin(
    core: &Core,
    access: AccessToken,
    refresh: &RefreshToken,
    subject: &str,
) -> Result<(), IpcError> {
    let same = core
        .state()
        .open_session()
        .is_some_and(|open| open.subject == subject);
    if !same {
        return Err(IpcError::Conflict);
    }
    // A renewal of the session before must not end up in the place of this one.
    let _renewing = core.portal.renewing.lock().await;
    core.keep_session(refresh, &access).await;
    core.portal.keep_access(access, core.clock().uptime());
    if let Some(open) = core.state().open_session() {
        open.begin_anew();
    }
    Ok(())
}

/// The name that the portal knows. The greeting can do without.
async fn first_name(core: &Core, access: &AccessToken) -> Option<String> {
    let call = Call::<FetchProfile>::new((), ());
    match core.call_with(call, access).await {
        Ok(Answer::New(profile, _)) => Some(profile.first_name),
        Ok(Answer::Known) | Err(_) => None,
    }
}
