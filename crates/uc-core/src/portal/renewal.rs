//! Renewing a session's tokens, by one at a time, and keeping what came of it.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::Mutex as AsyncMutex;
use uc_auth::{
    AccessToken, AuthError, Check, ProofKey, RefreshToken, Refusal, lock::SessionSecrets,
};
use uc_ipc::View;
use uc_model::SecretString;

use super::PortalError;
use crate::{
    Core,
    keys::{KeysError, OpenKeys},
};

impl Core {
    /// An access token that was not refused: the one in hand, or a new one. Callers wait for one renewal together.
    pub(super) async fn access_token(
        &self,
        refused: Option<&AccessToken>,
    ) -> Result<AccessToken, PortalError> {
        let _renewing = self.portal.renewing.lock().await;
        if let Some(token) = self.portal.usable(refused, self.clock().uptime()) {
            return Ok(token);
        }
        self.renew().await
    }

    /// Tries the sessions at hand until one is taken. When none is, nothing is lost but the connection.
    async fn renew(&self) -> Result<AccessToken, PortalError> {
        let mut corrected = false;
        loop {
            let (keys, subject) = self.open_keys().ok_or(PortalError::SignInRequired)?;
            let Some(session) = keys.lock().await.likeliest_session() else {
                self.need_sign_in();
                return Err(PortalError::SignInRequired);
            };
            // Locking in the meantime must find no keys held here.
            drop(keys);
            match self.renew_with(&session, &subject).await {
                Ok(token) => return Ok(token),
                // The answer told the provider's time; a proof of that time may be taken.
                Err(AuthError::Refused(Refusal::InvalidProof)) if !corrected => corrected = true,
                Err(error) if ends_the_session(error) => {
                    self.drop_session(&session.refresh_token).await;
                }
                Err(error) => return Err(self.read_auth_error(error)),
            }
        }
    }

    async fn renew_with(
        &self,
        session: &SessionSecrets,
        subject: &str,
    ) -> Result<AccessToken, AuthError> {
        let transport = self.oidc_transport();
        let provider = self.portal.provider(&transport).await?;
        let proof_key = session.proof_key()?;
        let refresh = &session.refresh_token;
        let (channel, mut rng) = (self.channel(&transport), self.rng());
        let renewed = provider
            .refresh(refresh, proof_key, subject, channel, &mut rng)
            .await?;
        if let Some(successor) = renewed.refresh {
            // The successor is kept before anything that came with it is used.
            self.keep_session(&successor, &renewed.access).await;
        }
        if self.open_keys().is_some() {
            self.portal
                .keep_access(renewed.access.clone(), self.clock().uptime());
        }
        Ok(renewed.access)
    }

    /// What is kept of a session: the token for later, and the key that it is bound to.
    pub(crate) fn session_secrets(
        &self,
        refresh: &RefreshToken,
        access: &AccessToken,
    ) -> SessionSecrets {
        let life = refresh.expires_in.map(SignedDuration::try_from);
        SessionSecrets {
            refresh_token: refresh.secret.clone(),
            proof_key: access.proof_key.as_deref().map(ProofKey::expose),
            ends_at: life.and_then(|life| self.server_now().checked_add(life.ok()?).ok()),
        }
    }

    /// Keeps a new session while the client is still open; else the old one stays good.
    pub(crate) async fn keep_session(&self, refresh: &RefreshToken, access: &AccessToken) {
        let Some((keys, _)) = self.open_keys() else {
            return;
        };
        let session = self.session_secrets(refresh, access);
        if let Some(open) = self.state().open_session() {
            open.ends_at = session.ends_at;
        }
        let (mut keys, mut rng) = (keys.lock().await, self.rng());
        let kept = self.keys.switch_session(&mut keys, session, &mut rng);
        match kept.await {
            Ok(()) | Err(KeysError::NoBundle) => {}
            Err(error) => tracing::warn!(%error, "the renewed session was not kept"),
        }
    }

    async fn drop_session(&self, refused: &SecretString) {
        if let Some((keys, _)) = self.open_keys() {
            keys.lock().await.drop_session(refused);
        }
    }

    fn open_keys(&self) -> Option<(Arc<AsyncMutex<OpenKeys>>, String)> {
        let mut state = self.state();
        let open = state.open_session()?;
        Some((Arc::clone(&open.keys), open.subject.clone()))
    }

    fn read_auth_error(&self, error: AuthError) -> PortalError {
        match error {
            AuthError::Transport(error) => error.into(),
            AuthError::Refused(_) => {
                self.need_sign_in();
                PortalError::SignInRequired
            }
            AuthError::Untrusted(_) | AuthError::Clock => PortalError::Untrusted,
            AuthError::Busy { .. } | AuthError::Failed => PortalError::Offline,
        }
    }

    /// The portal refuses the session. Everything here stays; sending waits.
    pub(crate) fn need_sign_in(&self) {
        self.portal.forget_access();
        let news = self
            .state()
            .open_session()
            .is_some_and(|open| !std::mem::replace(&mut open.sign_in_needed, true));
        if news {
            self.changed(View::Session);
        }
    }
}

/// The provider ended the session, or answered for another one: its token is not tried again.
const fn ends_the_session(error: AuthError) -> bool {
    matches!(
        error,
        AuthError::Refused(Refusal::InvalidGrant)
            | AuthError::Untrusted(Check::Issuer | Check::Audience | Check::Subject)
    )
}
