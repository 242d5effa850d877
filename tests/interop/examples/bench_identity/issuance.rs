//! Tokens: sessions renewed at both servers, a round here and a round there.

use std::time::Duration;

use anyhow::Result;
use futures_util::future::try_join_all;
use serde::Serialize;
use uc_interop::provider::Tokens;

use crate::{cpu, server::Server, session::Session};

/// Sessions that are renewed at the same time.
const SESSIONS: usize = 32;

/// How many tokens for how much time.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Rate {
    pub(crate) done: u32,
    pub(crate) cpu_s: f64,
}

impl Rate {
    pub(crate) fn per_second(self) -> f64 {
        f64::from(self.done) / self.cpu_s
    }

    pub(crate) fn add(&mut self, done: u32, cpu: Duration) {
        self.done += done;
        self.cpu_s += cpu.as_secs_f64();
    }
}

/// What both servers gave.
#[derive(Serialize)]
pub(crate) struct Issuance {
    pub(crate) tokens: &'static str,
    pub(crate) portal: Rate,
    pub(crate) provider: Rate,
}

impl Issuance {
    pub(crate) fn ratio(&self) -> f64 {
        self.portal.per_second() / self.provider.per_second()
    }
}

/// Sessions at a server.
struct Load<'s> {
    server: &'s Server,
    sessions: Vec<Session>,
}

impl<'s> Load<'s> {
    async fn open(server: &'s Server, tokens: Tokens) -> Result<Self> {
        let mut sessions = Vec::new();
        for _ in 0..SESSIONS {
            sessions.push(Session::open(server, tokens).await?);
        }
        Ok(Self { server, sessions })
    }

    /// Renews each session so many times; how many renewals that were, and the server's time for them.
    async fn renew(&mut self, times: u32) -> Result<(u32, Duration)> {
        let before = cpu::of_process(self.server.process)?;
        let renewals = self.sessions.iter_mut().map(|session| async move {
            for _ in 0..times {
                session.renew().await?;
            }
            anyhow::Ok(times)
        });
        let done = try_join_all(renewals).await?.iter().sum();
        Ok((
            done,
            cpu::of_process(self.server.process)?.saturating_sub(before),
        ))
    }
}

/// Renews sessions in turns; the first round warms both up and does not count.
pub(crate) async fn measure(
    portal: &Server,
    provider: &Server,
    tokens: Tokens,
    rounds: u32,
    times: u32,
) -> Result<Issuance> {
    let mut ours = Load::open(portal, tokens).await?;
    let mut theirs = Load::open(provider, tokens).await?;
    let mut issuance = Issuance {
        tokens: match tokens {
            Tokens::Bearer => "bearer",
            Tokens::Bound | Tokens::BoundWithNonce => "dpop",
        },
        portal: Rate::default(),
        provider: Rate::default(),
    };
    for round in 0..=rounds {
        let (done, cpu) = ours.renew(times).await?;
        let (done_there, cpu_there) = theirs.renew(times).await?;
        if round > 0 {
            issuance.portal.add(done, cpu);
            issuance.provider.add(done_there, cpu_there);
        }
    }
    Ok(issuance)
}
