//! Starting and stopping a portal.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use webauthn_rs::prelude::WebauthnError;

use crate::{
    accounts::Passkeys,
    agency,
    clock::{Anchor, PortalClock, ScaledClock, SystemClock},
    config::{Config, Times},
    data_dir::{DataDir, DataDirError},
    demo::{self, DemoError},
    desk::{Desk, DeskError},
    device_proof::DeviceAuthority,
    http,
    oidc::{
        Clients, ClientsError, Issuer, KeyError, Nonces, RefreshTokens, SigningKeys, backchannel,
    },
    pages::Pages,
    passwords::{PasswordError, Passwords},
    pki::{self, CA_FILE, PkiError},
    portal::Portal,
    senders::{self, Post},
    store::{
        SettingStore, Store, StoreError,
        sqlite::{OpenError, SqliteStore},
    },
    upstream::{ProvidersError, Upstreams},
};

mod connection;
mod listener;

/// Why a portal does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Passkeys cannot be offered under the portal's name.
    #[error("passkeys cannot be offered")]
    Passkeys(#[from] WebauthnError),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No certificate.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// No signing key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The file of clients cannot be used.
    #[error(transparent)]
    Clients(#[from] ClientsError),
    /// The file of identity providers cannot be used.
    #[error(transparent)]
    Providers(#[from] ProvidersError),
    /// No password hashing.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// No catalogue.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// No demo citizens.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The embedded words of the pages do not read.
    #[error("the locale files are malformed")]
    Pages(#[from] toml::de::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A portal that runs in this process.
#[derive(Debug)]
pub struct RunningPortal {
    portal: Arc<Portal>,
    address: SocketAddr,
    ca_pem: String,
    ca_path: PathBuf,
    server: Option<JoinHandle<()>>,
}

impl RunningPortal {
    /// The issuer, which is the base URL of everything.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.portal.issuer.as_str()
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate authority to trust, in PEM.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The file with the same.
    #[must_use]
    pub fn ca_path(&self) -> &std::path::Path {
        &self.ca_path
    }

    /// What its handlers see.
    #[must_use]
    pub const fn portal(&self) -> &Arc<Portal> {
        &self.portal
    }

    /// Begins to stop: `readyz` says 503, no connection is accepted, streams end.
    pub fn drain(&self) {
        self.portal.draining.cancel();
    }

    /// Stops: finishes what is being answered and closes the store.
    pub async fn stop(mut self) {
        self.drain();
        if let Some(server) = self.server.take() {
            let _ = server.await;
        }
    }
}

impl Drop for RunningPortal {
    fn drop(&mut self) {
        self.drain();
    }
}

/// Starts a portal. It listens when this returns.
pub async fn spawn(config: Config) -> Result<RunningPortal, StartError> {
    let dir = DataDir::open(&config.data_dir)?;
    let key = dir.data_key(config.key_file.as_deref(), &config.entropy)?;
    let store = Arc::new(SqliteStore::open(&dir.database()?, &key)?);
    dir.mark_initialised()?;
    let pki = pki::load_or_create(&dir, config.public_host.as_deref(), SystemClock.now())?;
    let listener = listener::bind(&dir, config.listen).await?;
    let address = local_address(&listener, config.listen)?;
    let ca_path = dir.path(CA_FILE);
    let portal = assemble(&config, dir, store, address).await?;
    let server = tokio::spawn(serve(listener, pki.tls, Arc::clone(&portal)));
    Ok(RunningPortal {
        portal,
        address,
        ca_pem: pki.ca_pem,
        ca_path,
        server: Some(server),
    })
}

/// Serves until drained.
async fn serve(listener: TcpListener, tls: Arc<rustls::ServerConfig>, portal: Arc<Portal>) {
    let draining = portal.draining.clone();
    let router = http::router(Arc::clone(&portal));
    tokio::join!(
        connection::accept_until(draining, listener, tls, router),
        agency::run(Arc::clone(&portal)),
        backchannel::run(Arc::clone(&portal)),
        senders::run(portal),
    );
}

fn local_address(listener: &TcpListener, asked: SocketAddr) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|source| StartError::Listen {
        address: asked,
        source,
    })
}

async fn assemble(
    config: &Config,
    dir: DataDir,
    store: Arc<SqliteStore>,
    address: SocketAddr,
) -> Result<Arc<Portal>, StartError> {
    let clock = config.times.clock();
    let passwords = Passwords::new(&config.entropy, config.password_cost)?;
    if config.demo {
        demo::seed(&*store, &passwords, &config.entropy, &*clock).await?;
    }
    let kept: Arc<dyn Store> = Arc::clone(&store) as _;
    let directory = config.catalogue.as_deref();
    let desk = Desk::open(directory, &*store, &config.entropy, clock.now()).await?;
    let issuer = issuer(config, address);
    Ok(Arc::new(Portal {
        desk,
        passkeys: Passkeys::of(&issuer)?,
        issuer,
        agency_clock: agency_clock(&config.times, &store).await?,
        nonces: Nonces::load(&*store, &config.entropy, config.dpop_nonces).await?,
        refresh_tokens: RefreshTokens::load(&*store, &config.entropy).await?,
        device_authority: DeviceAuthority::load_or_create(&dir, clock.now())?,
        keys: SigningKeys::load(&*store, &*clock).await?,
        post: Post::open(&config.routes, &kept, &clock, &config.entropy),
        clock,
        entropy: config.entropy.clone(),
        store: kept,
        passwords,
        clients: Clients::load(config.clients.as_deref())?,
        upstreams: Upstreams::load(config.identity_providers.as_deref())?,
        pages: Pages::load()?,
        draining: CancellationToken::new(),
        _dir: dir,
    }))
}

fn issuer(config: &Config, address: SocketAddr) -> Issuer {
    let host = config.public_host.clone().unwrap_or(match address {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    });
    Issuer::new(&host, address.port())
}

/// The agencies' clock goes on from where it was, whatever the speed was then.
async fn agency_clock(
    times: &Times,
    store: &SqliteStore,
) -> Result<Arc<dyn PortalClock>, StartError> {
    let speed = match times {
        Times::Given(clock) => return Ok(Arc::clone(clock)),
        Times::Real { agency_speed } => *agency_speed,
    };
    let now = SystemClock.now();
    let kept = store.find_setting("agency_clock").await?;
    let anchor = match kept {
        Some(text) => serde_json::from_str::<Anchor>(&text)
            .map_err(|_| StoreError::Malformed("clock"))?
            .with_speed(now, speed),
        None => Anchor::new(now, speed),
    };
    let text = serde_json::to_string(&anchor).map_err(|_| StoreError::Malformed("clock"))?;
    store.update_setting("agency_clock", text).await?;
    Ok(Arc::new(ScaledClock::new(anchor)))
}
