//! The two servers, each a process of its own on loopback over TLS 1.3.

use std::{any::Any, env, path::Path, process::Stdio, sync::Arc};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use uc_auth::Client;
use uc_core::ports::Http;
use uc_interop::{
    forms::Answers,
    judges::Judges,
    line_program::LineProgram,
    provider::{Demands, OidcProvider, Requests, Tokens},
};
use uc_platform::PortalSettings;
use uc_portal::oidc::DESKTOP_CLIENT;
use uc_testkit::Person;

use crate::network::Http1;

/// A running server. It ends when this is dropped.
pub(crate) struct Server {
    /// Whose times to look at.
    pub(crate) process: u32,
    /// The token endpoint.
    pub(crate) token: &'static str,
    /// What a person types into its pages.
    pub(crate) answers: Answers,
    settings: PortalSettings,
    _program: Box<dyn Any>,
}

/// The line by which the portal says that it listens.
#[derive(Deserialize)]
struct Ready {
    issuer: String,
    ca: std::path::PathBuf,
    pid: u32,
}

impl Server {
    /// Our portal as it ships, with a store on disk; proofs need nonces.
    pub(crate) async fn portal(folder: &Path) -> Result<Self> {
        let program = env::var_os("UC_PORTAL")
            .context("UC_PORTAL names no portal: `cargo xtask bench identity` sees to it")?;
        let mut command = tokio::process::Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--demo", "--data-dir"]);
        command.arg(folder).stderr(Stdio::null());
        let mut program = LineProgram::start(command)?;
        let ready: Ready = program.next().await?;
        Ok(Self {
            process: ready.pid,
            token: "/oauth2/token",
            answers: demo_answers()?,
            settings: PortalSettings::new(&ready.issuer, Some(&ready.ca))?,
            _program: Box::new(program),
        })
    }

    /// The provider of npm, with its store in memory; told to rotate refresh tokens as ours always does.
    pub(crate) async fn provider(folder: &Path, tokens: Tokens) -> Result<(Self, String)> {
        let judges = Judges::ensure_installed()?;
        let demands = Demands {
            requests: Requests::Pushed,
            tokens,
        };
        let provider = OidcProvider::start_in_true_time(&judges, folder, demands).await?;
        let judge = provider.judge.clone();
        let server = Self {
            process: provider.id().context("the provider ended")?,
            token: "/token",
            answers: demo_answers()?,
            settings: provider.settings.clone(),
            _program: Box::new(provider),
        };
        Ok((server, judge))
    }

    /// A network of its own, so that connections are not shared.
    pub(crate) fn connect(&self) -> Result<Arc<dyn Http>> {
        let authority = self.settings.authority.as_deref();
        Ok(Arc::new(Http1::new(authority.unwrap_or_default())?))
    }

    /// Our client, as both servers know it.
    pub(crate) fn client(&self) -> Client {
        Client {
            issuer: self.issuer(),
            id: DESKTOP_CLIENT.to_owned(),
            scopes: ["profile", "email", "offline_access"]
                .map(str::to_owned)
                .to_vec(),
        }
    }

    pub(crate) fn issuer(&self) -> String {
        self.settings.address.origin().ascii_serialization()
    }
}

/// The provider's pages for trying out take any of them.
fn demo_answers() -> Result<Answers> {
    let Person::Allows { login, password } = Person::anna() else {
        anyhow::bail!("the first demo citizen allows");
    };
    let action = "allow".to_owned();
    Ok([("login", login), ("password", password), ("action", action)].into())
}
