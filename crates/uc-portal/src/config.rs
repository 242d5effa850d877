//! What a portal is started with.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use crate::{
    clock::{PortalClock, SystemClock},
    entropy::Entropy,
    oidc::NoncePolicy,
    passwords::Cost,
    senders::Routes,
};

/// The usual address.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8443";

/// How a portal's clocks run.
#[derive(Debug, Clone)]
pub enum Times {
    /// True time; the agencies' time runs this many times faster.
    Real {
        /// Agency seconds in a true second, at least 1.
        agency_speed: u32,
    },
    /// One clock for all, moved by its owner.
    Given(Arc<dyn PortalClock>),
}

impl Times {
    /// The clock of sign-in, tokens and sessions.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn PortalClock> {
        match self {
            Self::Real { .. } => Arc::new(SystemClock),
            Self::Given(clock) => Arc::clone(clock),
        }
    }
}

/// What a portal is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything is kept. Made with mode 0700 when absent.
    pub data_dir: PathBuf,
    /// Where to listen. With port 0 the port of the last run is taken again, so that the issuer stays.
    pub listen: SocketAddr,
    /// `https://host` without a port, for a portal reached by another name than its loopback address.
    pub public_host: Option<String>,
    /// The file with the database's key; absent for `portal.key` in the data directory.
    pub key_file: Option<PathBuf>,
    /// A directory that stands in for the embedded catalogue.
    pub catalogue: Option<PathBuf>,
    /// A file with clients beside the product's own.
    pub clients: Option<PathBuf>,
    /// A file with identity providers beside the portal's own accounts.
    pub identity_providers: Option<PathBuf>,
    /// Seeds demo citizens.
    pub demo: bool,
    /// How much work a password's hash is. When it rises, hashes follow as their persons sign in.
    pub password_cost: Cost,
    /// Whether proofs of possession must hold a nonce of the portal's.
    pub dpop_nonces: NoncePolicy,
    /// How messages to persons travel.
    pub routes: Routes,
    /// The clocks.
    pub times: Times,
    /// The source of chance.
    pub entropy: Entropy,
}

impl Config {
    /// A demo portal on a free loopback port.
    #[must_use]
    pub fn demo(data_dir: PathBuf, times: Times) -> Self {
        Self {
            data_dir,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_host: None,
            key_file: None,
            catalogue: None,
            clients: None,
            identity_providers: None,
            demo: true,
            password_cost: Cost::LEAST,
            dpop_nonces: NoncePolicy::Demanded,
            routes: Routes::DEMO,
            times,
            entropy: Entropy::system(),
        }
    }
}
