//! Signing in: through the system's browser, and back by the loopback port.

use uc_auth::lock::SessionSecrets;
use uc_ipc::{IpcError, Session, SignInFault};

use crate::{Core, session};

/// Somebody who signed in and has no passcode yet. In memory only.
pub(crate) struct Arrival {
    /// What keeps the session alive.
    pub(crate) session: SessionSecrets,
    /// The portal's subject.
    pub(crate) subject: String,
    /// Given name, for the greeting.
    pub(crate) first_name: String,
}

pub(crate) async fn sign_in(_: &Core) -> Result<Session, IpcError> {
    Err(IpcError::SignInFailed {
        fault: SignInFault::Portal,
    })
}

/// Stops waiting for the browser.
pub(crate) fn cancel(core: &Core) -> Session {
    if let Some(waiting) = core.state().signing_in.take() {
        waiting.cancel();
    }
    session::open(core)
}
