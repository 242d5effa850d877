//! Sign-ins by password at our portal beside the bare hash.

use std::{hint::black_box, thread, time::Duration};

use anyhow::{Result, anyhow};
use argon2::Argon2;
use futures_util::future::try_join_all;
use serde::Serialize;
use uc_interop::{provider::Tokens, walk::Walker};

use crate::{
    cpu,
    issuance::Rate,
    server::Server,
    session::{Caller, Session},
};

/// Where the portal sends a browser when the password was right.
const PAST_THE_PASSWORD: &str = "/consent?flow=";
/// People that sign in at the same time. More guesses for one account at once would have to wait.
const AT_ONCE: u32 = 4;
/// What the portal allows itself.
const HASHES_AT_ONCE: u32 = 2;

/// Hashes and sign-ins for their time.
#[derive(Serialize)]
pub(crate) struct SignIns {
    /// Argon2id alone: 19 MiB, two passes, one lane, as the portal has it.
    pub(crate) bare: Rate,
    /// From the pushed request and the browser's first connection to the opened session.
    pub(crate) by_password: Rate,
    /// The same on to consent, the code, the tokens and userinfo.
    pub(crate) whole: Rate,
}

impl SignIns {
    pub(crate) fn ratio(&self, rate: Rate) -> f64 {
        rate.per_second() / self.bare.per_second()
    }
}

/// Hashes, signs in by password, signs in wholly, in turns; the first round does not count.
pub(crate) async fn measure(portal: &Server, rounds: u32, times: u32) -> Result<SignIns> {
    let mut found = SignIns {
        bare: Rate::default(),
        by_password: Rate::default(),
        whole: Rate::default(),
    };
    let caller = Caller::meet(portal, Tokens::BoundWithNonce).await?;
    let times = times.next_multiple_of(AT_ONCE);
    for round in 0..=rounds {
        let hashed = hash(times)?;
        let begun = cpu::of_process(portal.process)?;
        for _ in 0..times / AT_ONCE {
            try_join_all((0..AT_ONCE).map(|_| log_in(portal, &caller))).await?;
        }
        let logged_in = cpu::of_process(portal.process)?;
        for _ in 0..times / AT_ONCE {
            let opened = |_| Session::open(portal, Tokens::BoundWithNonce);
            try_join_all((0..AT_ONCE).map(opened)).await?;
        }
        let opened = cpu::of_process(portal.process)?;
        if round > 0 {
            found.bare.add(times, hashed);
            found
                .by_password
                .add(times, logged_in.saturating_sub(begun));
            found.whole.add(times, opened.saturating_sub(logged_in));
        }
    }
    Ok(found)
}

/// Hashes as many at once as the portal does; the processor time of all. The crate's own parameters are those of the
/// portal: 19 MiB, two passes, one lane.
fn hash(times: u32) -> Result<Duration> {
    thread::scope(|scope| {
        let each = times / HASHES_AT_ONCE;
        let threads: Vec<_> = (0..HASHES_AT_ONCE)
            .map(|_| scope.spawn(move || hash_alone(each)))
            .collect();
        let mut spent = Duration::ZERO;
        for thread in threads {
            spent += thread.join().map_err(|_| anyhow!("a hash panicked"))??;
        }
        Ok(spent)
    })
}

fn hash_alone(times: u32) -> Result<Duration> {
    let begun = cpu::of_this_thread()?;
    for number in 0..times {
        let mut hash = [0; 32];
        let salt = u128::from(number).to_le_bytes();
        Argon2::default()
            .hash_password_into(b"a password", &salt, &mut hash)
            .map_err(|error| anyhow!("{error}"))?;
        black_box(hash);
    }
    Ok(cpu::of_this_thread()?.saturating_sub(begun))
}

/// A browser that was never there before; it stops where consent would be asked.
async fn log_in(portal: &Server, caller: &Caller) -> Result<()> {
    let (page, _) = caller.begin().await?;
    let consent = format!("{}{PAST_THE_PASSWORD}", portal.issuer());
    Walker::new(portal.connect()?)
        .walk(page, &portal.answers, &consent)
        .await?;
    Ok(())
}
