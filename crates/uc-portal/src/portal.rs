//! The portal as its handlers see it.

use std::{fmt, sync::Arc};

use tokio_util::sync::CancellationToken;

use crate::{
    accounts::Passkeys,
    clock::PortalClock,
    data_dir::DataDir,
    desk::Desk,
    device_proof::DeviceAuthority,
    entropy::Entropy,
    oidc::{Clients, Issuer, Nonces, RefreshTokens, SigningKeys},
    pages::Pages,
    passwords::Passwords,
    senders::Post,
    store::Store,
    upstream::Upstreams,
};

/// Everything that handlers share. Built once at the start, passed down.
pub struct Portal {
    /// The issuer: the portal's base URL without a slash at the end.
    pub issuer: Issuer,
    /// The time of sign-in, tokens and sessions.
    pub clock: Arc<dyn PortalClock>,
    /// The time of the agencies: ahead of [`Self::clock`] in a fast demo.
    pub agency_clock: Arc<dyn PortalClock>,
    /// Chance.
    pub entropy: Entropy,
    /// What applications pass over.
    pub desk: Desk,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// What carries messages to persons.
    pub post: Post,
    /// Password hashing.
    pub passwords: Passwords,
    /// Keys of ID tokens.
    pub keys: SigningKeys,
    /// What authenticators are asked.
    pub passkeys: Passkeys,
    /// Nonces of proofs of possession.
    pub nonces: Nonces,
    /// What renews sessions.
    pub refresh_tokens: RefreshTokens,
    /// Certifies keys of devices.
    pub device_authority: DeviceAuthority,
    /// Registered clients.
    pub clients: Clients,
    /// Identity providers beside this one.
    pub upstreams: Upstreams,
    /// Words of the pages.
    pub pages: Pages,
    /// Cancelled when the portal begins to stop: `readyz` says 503, streams end, background work returns.
    pub draining: CancellationToken,
    /// Held until the store above is closed.
    pub(crate) _dir: DataDir,
}

/// The state of the routers.
pub type AppState = Arc<Portal>;

impl fmt::Debug for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portal")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
