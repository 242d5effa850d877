//! Sessions: a person opens them, then they are renewed as fast as the server answers.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::{FutureExt as _, TryFutureExt as _, future::BoxFuture};
use http::{HeaderValue, Method, Request, Response as Answer, StatusCode, header};
use jiff::Timestamp;
use rand::rngs::StdRng;
use serde::Deserialize;
use uc_auth::{
    Channel, Flow, Nonces, Proof, ProofKey, Provider, Response, Transport, TransportError,
    proof::{DPOP, wants_nonce},
};
use uc_core::ports::{Clock as _, Http, Limits};
use uc_interop::{provider::Tokens, walk::Walker};
use uc_model::SecretString;
use uc_platform::SystemClock;
use url::{Url, form_urlencoded};

use crate::server::Server;

const DISCOVERY: &str = "/.well-known/openid-configuration";
/// Where the browser is sent at last. Nobody listens there: the walk ends before.
const HOME: &str = "http://127.0.0.1:50999/callback";

/// Carries our client's requests; for bearer tokens it leaves out that the server binds them.
struct Carrier {
    http: Arc<dyn Http>,
    tokens: Tokens,
}

impl Transport for Carrier {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Answer<Vec<u8>>, TransportError>> {
        let describes = request.uri().path() == DISCOVERY && self.tokens == Tokens::Bearer;
        let answer = self.http.send(request, Limits::ANSWER);
        answer
            .map_ok(move |answer| {
                if describes {
                    answer.map(|body| without_binding(&body))
                } else {
                    answer
                }
            })
            .boxed()
    }
}

fn without_binding(description: &[u8]) -> Vec<u8> {
    let mut members: serde_json::Value = serde_json::from_slice(description).unwrap_or_default();
    if let Some(members) = members.as_object_mut() {
        members.remove("dpop_signing_alg_values_supported");
    }
    members.to_string().into_bytes()
}

/// Our client at a server, up to where a person is asked.
pub(crate) struct Caller {
    pub(crate) http: Arc<dyn Http>,
    transport: Arc<dyn Transport>,
    provider: Provider,
    nonces: Nonces,
}

impl Caller {
    /// Reads the server's description.
    pub(crate) async fn meet(server: &Server, tokens: Tokens) -> Result<Self> {
        let http = server.connect()?;
        let transport: Arc<dyn Transport> = Arc::new(Carrier {
            http: Arc::clone(&http),
            tokens,
        });
        Ok(Self {
            http,
            provider: Provider::discover(server.client(), &transport).await?,
            transport,
            nonces: Nonces::default(),
        })
    }

    fn channel(&self) -> Channel<'_> {
        Channel {
            transport: &self.transport,
            nonces: &self.nonces,
            now: now(),
            server_now: now(),
        }
    }

    /// Pushes a request for sign-in; the page to open.
    pub(crate) async fn begin(&self) -> Result<(Url, Flow)> {
        let home = HOME.parse()?;
        let begun = self
            .provider
            .begin(home, self.channel(), &mut rng())
            .await?;
        Ok(begun)
    }
}

fn now() -> Timestamp {
    SystemClock.now()
}

fn rng() -> StdRng {
    rand::make_rng()
}

/// A signed-in session.
pub(crate) struct Session {
    http: Arc<dyn Http>,
    token: Url,
    client: String,
    refresh: SecretString,
    key: Option<Arc<ProofKey>>,
    nonces: Nonces,
    rng: StdRng,
}

/// What the token endpoint gives.
#[derive(Deserialize)]
struct Given {
    token_type: String,
    id_token: String,
    refresh_token: String,
}

impl Session {
    /// A person signs in by a browser of their own.
    pub(crate) async fn open(server: &Server, tokens: Tokens) -> Result<Self> {
        let caller = Caller::meet(server, tokens).await?;
        let (page, flow) = caller.begin().await?;
        let mut browser = Walker::new(server.connect()?);
        let home = browser.walk(page, &server.answers, HOME).await?;
        let answer = flow.read(&caller.provider, home.query().unwrap_or_default());
        let Response::Answer(code) = answer else {
            bail!("the browser came home with another flow's answer");
        };
        let signed_in = caller
            .provider
            .redeem(flow, code?, caller.channel(), &mut rng())
            .await?;
        ensure!(signed_in.access.proof_key.is_some() != (tokens == Tokens::Bearer));
        Ok(Self {
            http: caller.http,
            token: server.issuer().parse::<Url>()?.join(server.token)?,
            client: server.client().id,
            refresh: signed_in.refresh.secret,
            key: signed_in.access.proof_key,
            nonces: caller.nonces,
            rng: rng(),
        })
    }

    /// Renews it: new access, refresh and ID tokens for the refresh token.
    pub(crate) async fn renew(&mut self) -> Result<()> {
        let mut answer = self.ask().await?;
        let heard = self.nonces.learn(answer.headers());
        if heard && wants_nonce(answer.status(), answer.headers(), answer.body()) {
            answer = self.ask().await?;
            self.nonces.learn(answer.headers());
        }
        ensure!(answer.status() == StatusCode::OK, "a renewal was refused");
        let given: Given = serde_json::from_slice(answer.body()).context("tokens are missing")?;
        let bound = given.token_type.eq_ignore_ascii_case("DPoP");
        ensure!(bound == self.key.is_some() && given.id_token.split('.').count() == 3);
        ensure!(given.refresh_token != *self.refresh.expose(), "not rotated");
        self.refresh = given.refresh_token.into();
        Ok(())
    }

    async fn ask(&mut self) -> Result<Answer<Vec<u8>>> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "refresh_token")
            .append_pair("client_id", &self.client)
            .append_pair("refresh_token", self.refresh.expose())
            .finish();
        let mut request = Request::post(self.token.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into_bytes())?;
        if let Some(key) = &self.key {
            let proof = key.prove(&Proof {
                method: &Method::POST,
                address: &self.token,
                access: None,
                nonce: self.nonces.newest().as_deref(),
                at: now(),
                id: &Proof::new_id(&mut self.rng),
                body: None,
            });
            let proof = HeaderValue::try_from(proof)?;
            request.headers_mut().insert(DPOP, proof);
        }
        Ok(self.http.send(request, Limits::ANSWER).await?)
    }
}
