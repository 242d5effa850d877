//! npm `oidc-provider`, with our native client registered.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Value, json};
use uc_core::ports::Clock as _;
use uc_platform::PortalSettings;
use uc_portal::oidc::DESKTOP_CLIENT;
use uc_testkit::ManualClock;

use crate::{
    Result,
    authority::TestAuthority,
    judges::{Judges, Program},
    line_program::LineProgram,
};

/// What the provider offers and demands beyond PKCE, which every public client has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demands {
    /// How requests for sign-in reach it.
    pub requests: Requests,
    /// What tokens are bound to.
    pub tokens: Tokens,
}

/// How a request for sign-in reaches the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    /// By the browser alone: nothing can be pushed.
    InTheAddress,
    /// Pushed; others are refused (RFC 9126 §5).
    Pushed,
}

/// What tokens are bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// To nothing: proofs of a key are not understood.
    Bearer,
    /// To the client's key (RFC 9449).
    Bound,
    /// To the client's key, and every proof has a nonce of the provider (RFC 9449 §8).
    BoundWithNonce,
}

/// A running provider. It ends when this is dropped.
#[derive(Debug)]
pub struct OidcProvider {
    program: LineProgram,
    /// Where it is, and whom to trust for it.
    pub settings: PortalSettings,
    /// Its issuer, to the letter.
    pub issuer: String,
    /// The file with the authority of its certificate.
    pub authority: PathBuf,
    /// Who judges: name, version and runtime.
    pub judge: String,
}

#[derive(Deserialize)]
struct Ready {
    ready: Announced,
}

#[derive(Deserialize)]
struct Announced {
    issuer: String,
    judge: String,
    version: String,
    runtime: String,
}

impl OidcProvider {
    /// Starts it on a free port; its clock stands where `clock` does.
    pub async fn start(
        judges: &Judges,
        folder: &Path,
        clock: &ManualClock,
        demands: Demands,
    ) -> Result<Self> {
        let now = json!({ "now": clock.now().as_millisecond(), "client": client() });
        Self::launch(judges, folder, demands, now).await
    }

    /// The same, with another client registered.
    pub async fn start_for(
        client: Value,
        judges: &Judges,
        folder: &Path,
        clock: &ManualClock,
        demands: Demands,
    ) -> Result<Self> {
        let given = json!({ "now": clock.now().as_millisecond(), "client": client });
        Self::launch(judges, folder, demands, given).await
    }

    /// Starts it on a free port with the clock of this machine. It rotates every refresh token, as our portal does.
    pub async fn start_in_true_time(
        judges: &Judges,
        folder: &Path,
        demands: Demands,
    ) -> Result<Self> {
        let given = json!({ "rotate": true, "client": client() });
        Self::launch(judges, folder, demands, given).await
    }

    async fn launch(
        judges: &Judges,
        folder: &Path,
        demands: Demands,
        mut given: Value,
    ) -> Result<Self> {
        let tls = TestAuthority::make(folder)?;
        given["tls"] = json!({ "certificate": tls.certificate, "key": tls.key });
        given["features"] = features(demands);
        given["dpopNonce"] = json!(demands.tokens == Tokens::BoundWithNonce);
        let command = judges.command(Program::OidcProvider, &given.to_string());
        let mut program = LineProgram::start(command)?;
        let Ready { ready } = program.next().await?;
        Ok(Self {
            settings: PortalSettings::new(&ready.issuer, Some(&tls.authority))?,
            issuer: ready.issuer,
            authority: tls.authority,
            judge: format!("{} {} on {}", ready.judge, ready.version, ready.runtime),
            program,
        })
    }

    /// The process id; none when it ended.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.program.id()
    }

    /// Time passes there.
    pub async fn advance(&mut self, duration: Duration) -> Result<()> {
        let seconds = json!({ "seconds": duration.as_secs() });
        self.program.ask("advance", seconds).await.map(drop)
    }

    /// What it told of its grants and tokens since it was asked last, by its own names of events.
    pub async fn events(&mut self) -> Result<Vec<String>> {
        let told = self.program.ask("events", json!({})).await?;
        Ok(serde_json::from_value(told)?)
    }
}

/// Our native client, as a provider would register it.
fn client() -> Value {
    json!({
        "client_id": DESKTOP_CLIENT,
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": ["http://127.0.0.1/callback"],
        "post_logout_redirect_uris": ["http://127.0.0.1/signed-out"],
        "id_token_signed_response_alg": "ES256",
    })
}

/// By the provider's own names of features.
fn features(demands: Demands) -> Value {
    let pushed = demands.requests == Requests::Pushed;
    json!({
        "dPoP": { "enabled": demands.tokens != Tokens::Bearer },
        "pushedAuthorizationRequests": {
            "enabled": pushed,
            "requirePushedAuthorizationRequests": pushed,
        },
    })
}
