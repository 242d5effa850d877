//! Signing out: nothing personal stays on the device.

use std::{sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use uc_ipc::{IpcError, Session, SignOut, Unsent, View};
use uc_model::SecretString;

use crate::{
    Core, outbox,
    session::{self, Standing},
    unlock,
};

/// How long the portal may take to hear of it.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often the vault's last users are looked for before its files go.
const ROUNDS: u32 = 10_000;

/// Ends the session at the portal, if it can be reached, and wipes the device.
pub(crate) async fn sign_out(core: &Core, request: SignOut) -> Result<Session, IpcError> {
    if request.unsent == Unsent::Keep {
        refuse_to_lose(core).await?;
    }
    let refresh = refresh_token(core).await;
    wipe(core).await?;
    if let Some(refresh) = refresh {
        bid_farewell(core, &refresh).await;
    }
    Ok(session::open(core).await)
}

/// Nobody can look into a locked vault, so losing it must be chosen.
async fn refuse_to_lose(core: &Core) -> Result<(), IpcError> {
    let vault = match core.vault() {
        Ok(vault) => vault,
        Err(IpcError::SignInRequired) => return Ok(()),
        Err(error) => return Err(error),
    };
    match outbox::count_unsent(core, &vault).await? {
        0 => Ok(()),
        count => Err(IpcError::UnsentApplications { count }),
    }
}

/// What the portal is to forget.
async fn refresh_token(core: &Core) -> Option<SecretString> {
    let keys = {
        let mut state = core.state();
        match &mut state.standing {
            Standing::Open(open) => Arc::clone(&open.keys),
            Standing::NeedsPasscode(arrival) => return Some(arrival.session.refresh_token.clone()),
            Standing::SignedOut | Standing::Locked => return None,
        }
    };
    let keys = keys.lock().await;
    keys.likeliest_session()
        .map(|session| session.refresh_token)
}

/// Closes and deletes everything personal.
pub(crate) async fn wipe(core: &Core) -> Result<(), IpcError> {
    let vault = core.vault().ok();
    let closed = {
        let mut state = core.state();
        if let Some(waiting) = state.signing_in.take() {
            waiting.cancel();
        }
        state.requested = None;
        state.vault_was_damaged = false;
        state.at_stake = None;
        std::mem::replace(&mut state.standing, Standing::SignedOut)
    };
    core.portal.forget_access();
    drop(closed);
    if let Some(vault) = vault {
        wait_for_last_user(vault).await;
    }
    let wiped = core.keys.wipe(&mut core.rng()).await;
    for view in View::ALL {
        core.changed(view);
    }
    wiped.map_err(|error| unlock::keys_fault(core, &error))
}

/// Work that was under way ends soon, for its store is not asked for again. On some systems open files do not go.
pub(crate) async fn wait_for_last_user<T>(vault: Arc<T>) {
    for _ in 0..ROUNDS {
        if Arc::strong_count(&vault) == 1 {
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// The device is clean already: what the portal says does not matter any more.
async fn bid_farewell(core: &Core, refresh: &SecretString) {
    let revoking = Box::pin(async {
        let transport = core.oidc_transport();
        let provider = core.portal.provider(&transport).await?;
        provider.revoke(refresh, &transport).await
    });
    match select(revoking, core.clock().sleep(FAREWELL)).await {
        Either::Left((Ok(()), _)) => {}
        Either::Left((Err(error), _)) => tracing::info!(%error, "the session was not revoked"),
        Either::Right(_) => tracing::info!("the portal did not answer in time"),
    }
}
