//! How much is new while the client is locked: asked with a token that can ask nothing else.

use uc_auth::{AccessToken, lock::NotifySecrets};
use uc_ipc::View;
use uc_notify::Phrase;
use uc_portal_api::{FetchNews, KeepNotifyToken, NotifyTokenHash, ProblemCode};

use crate::{
    Core, notifications,
    portal::{Answer, Call, PortalError},
    session::{Standing, State},
    sync::SyncError,
};

/// Whether the portal knows a token of this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotifyToken {
    /// Nobody has asked since the vault was opened.
    Unasked,
    /// It does.
    Kept,
    /// It will not, in this session.
    NotOffered,
}

/// Keeps for the time when the client is locked from where news count. The first time in an open vault with a new token.
pub(crate) async fn keep_place(core: &Core) -> Result<(), SyncError> {
    let cursor = core.look(|view| view.load_feed_cursor()).await?.next;
    let known = match notify_token(core) {
        Some(NotifyToken::Kept) => core.keys.find_notify().await,
        Some(NotifyToken::Unasked) => None,
        Some(NotifyToken::NotOffered) | None => return Ok(()),
    };
    match known {
        Some(known) if known.after == cursor => Ok(()),
        Some(known) => {
            let moved = NotifySecrets {
                after: cursor,
                ..known
            };
            keep(core, &moved).await;
            Ok(())
        }
        None => register(core, cursor).await,
    }
}

fn notify_token(core: &Core) -> Option<NotifyToken> {
    core.state().open_session().map(|open| open.notify_token)
}

/// Kept before it is shown: a token that the portal does not know yet is refused and forgotten, no more.
async fn register(core: &Core, cursor: Option<String>) -> Result<(), SyncError> {
    let secrets = NotifySecrets::generate(cursor, &mut core.rng());
    if !keep(core, &secrets).await {
        return Ok(());
    }
    let hash = NotifyTokenHash {
        sha256: secrets.sha256(),
    };
    let now = match core.call(Call::<KeepNotifyToken>::new((), hash)).await {
        Ok(_) => NotifyToken::Kept,
        Err(PortalError::Problem { problem, .. }) => {
            tracing::info!(code = ?problem.code, "the portal keeps no token for news");
            core.keys.forget_notify().await;
            NotifyToken::NotOffered
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(open) = core.state().open_session() {
        open.notify_token = now;
    }
    Ok(())
}

async fn keep(core: &Core, secrets: &NotifySecrets) -> bool {
    let kept = core.keys.keep_notify(secrets, &mut core.rng()).await;
    if let Err(error) = &kept {
        tracing::warn!(%error, "a locked client will not know how much is new");
    }
    kept.is_ok()
}

/// Asks, for a client that is locked, and tells the person that there is more than before.
pub(crate) async fn look(core: &Core) -> Result<(), SyncError> {
    if !is_locked(&core.state()) {
        return Ok(());
    }
    let Some(secrets) = core.keys.find_notify().await else {
        return Ok(());
    };
    let token = AccessToken {
        secret: secrets.token,
        proof_key: None,
        expires_in: None,
    };
    let query = FetchNews {
        after: secrets.after,
    };
    match core
        .call_with(Call::<FetchNews>::new(query, ()), &token)
        .await
    {
        Ok(Answer::New(news, _)) => note(core, news.count),
        Ok(Answer::Known) => {}
        Err(PortalError::Problem { problem, .. }) if problem.code == ProblemCode::Unauthorized => {
            core.keys.forget_notify().await;
        }
        // The place is of another life of the portal: the next open sync begins anew.
        Err(PortalError::Problem { problem, .. }) if problem.code == ProblemCode::CursorGone => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

const fn is_locked(state: &State) -> bool {
    matches!(state.standing, Standing::Locked)
}

fn note(core: &Core, count: u32) {
    let before = {
        let mut state = core.state();
        if !is_locked(&state) {
            return;
        }
        std::mem::replace(&mut state.news, count)
    };
    if count != before {
        core.changed(View::Session);
    }
    if count > before {
        notifications::show(core, Phrase::Several, None);
    }
}
