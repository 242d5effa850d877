//! A loopback relay between client and portal that can lose the portal's reply after the request arrived.
//!
//! It listens on the portal's port at another loopback address, so that the portal's own address stays the issuer.
//! TLS passes through untouched; only the moment of the cut is chosen here.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::AbortHandle,
};

use crate::Result;

const CHUNK_BYTES: usize = 16 * 1024;

/// What is to happen to connections.
#[derive(Debug, Clone, Copy, Default)]
struct Orders {
    hold_replies: bool,
    /// Connections made before the last cut are closed.
    cuts: u64,
}

/// The relay; it ends when dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    orders: watch::Sender<Orders>,
    lost: Arc<AtomicU64>,
    accepting: AbortHandle,
}

impl FaultProxy {
    /// Listens on `listen` and relays to `portal`.
    pub async fn start(listen: SocketAddr, portal: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let (orders, watched) = watch::channel(Orders::default());
        let lost = Arc::new(AtomicU64::new(0));
        let accepting = tokio::spawn(accept(listener, portal, watched, Arc::clone(&lost)));
        Ok(Self {
            address,
            orders,
            lost,
            accepting: accepting.abort_handle(),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on requests reach the portal and its replies do not reach the client; handshakes still do.
    pub fn hold_replies(&self) {
        self.orders.send_modify(|orders| orders.hold_replies = true);
    }

    /// Bytes of replies lost so far.
    #[must_use]
    pub fn lost_bytes(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Closes every open connection and relays new ones again.
    pub fn cut(&self) {
        self.orders.send_modify(|orders| {
            orders.hold_replies = false;
            orders.cuts += 1;
        });
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(
    listener: TcpListener,
    portal: SocketAddr,
    orders: watch::Receiver<Orders>,
    lost: Arc<AtomicU64>,
) {
    while let Ok((client, _)) = listener.accept().await {
        // A portal that does not answer looks to the client as it is: the connection closes.
        let Ok(server) = TcpStream::connect(portal).await else {
            continue;
        };
        tokio::spawn(relay(client, server, orders.clone(), Arc::clone(&lost)));
    }
}

/// Relays until one side closes or a cut is ordered.
async fn relay(
    client: TcpStream,
    server: TcpStream,
    mut orders: watch::Receiver<Orders>,
    lost: Arc<AtomicU64>,
) {
    let talk = Arc::new(Talk::default());
    let (client_in, client_out) = client.into_split();
    let (server_in, server_out) = server.into_split();
    let cuts = orders.borrow_and_update().cuts;
    let replies = Replies {
        orders: orders.clone(),
        talk: Arc::clone(&talk),
        lost,
    };
    tokio::select! {
        _ = requests(client_in, server_out, &talk) => {}
        _ = replies.relay(server_in, client_out) => {}
        _ = orders.wait_for(|orders| orders.cuts != cuts) => {}
    }
}

/// How far a conversation got.
#[derive(Debug, Default)]
struct Talk {
    server_spoke: AtomicBool,
    /// The client spoke after the server did: with TLS 1.3 this is the end of its handshake, and perhaps a request.
    client_answered: AtomicBool,
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    talk: &Talk,
) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = from.read(&mut chunk).await?;
        if read == 0 {
            return Ok(());
        }
        if talk.server_spoke.load(Ordering::Relaxed) {
            talk.client_answered.store(true, Ordering::Relaxed);
        }
        to.write_all(&chunk[..read]).await?;
    }
}

struct Replies {
    orders: watch::Receiver<Orders>,
    talk: Arc<Talk>,
    lost: Arc<AtomicU64>,
}

impl Replies {
    async fn relay(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> std::io::Result<()> {
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            let read = from.read(&mut chunk).await?;
            if read == 0 {
                return Ok(());
            }
            if self.is_held() {
                self.lost.fetch_add(read as u64, Ordering::Relaxed);
            } else {
                to.write_all(&chunk[..read]).await?;
            }
            self.talk.server_spoke.store(true, Ordering::Relaxed);
        }
    }

    fn is_held(&self) -> bool {
        self.orders.borrow().hold_replies && self.talk.client_answered.load(Ordering::Relaxed)
    }
}
