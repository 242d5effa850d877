//! Waiting for other programs: asked again and again until they say so.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{Failure, Result};

/// How long to wait for what takes a person no notice.
pub const SOON: Duration = Duration::from_secs(20);

/// How long to wait for programs to start and agencies to act.
pub const PATIENT: Duration = Duration::from_secs(90);

const PAUSE: Duration = Duration::from_millis(50);

/// Asks `probe` until it has an answer; `what` names what is waited for. A page that is drawn anew meanwhile has none yet.
pub async fn until<T>(
    what: &str,
    limit: Duration,
    mut probe: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + limit;
    loop {
        match probe().await {
            Ok(Some(answer)) => return Ok(answer),
            Err(failure) if !failure.is_drawn_anew() => return Err(failure),
            Ok(None) | Err(_) => {}
        }
        if Instant::now() >= end {
            return Err(Failure::TimedOut {
                what: what.to_owned(),
                limit,
            });
        }
        sleep(PAUSE).await;
    }
}

/// Asks `probe` until it says yes.
pub async fn until_true(
    what: &str,
    limit: Duration,
    mut probe: impl AsyncFnMut() -> Result<bool>,
) -> Result<()> {
    until(what, limit, async || Ok(probe().await?.then_some(()))).await
}
