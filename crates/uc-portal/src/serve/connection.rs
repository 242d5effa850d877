//! The accept loop: TLS, then HTTP/2 or HTTP/1.1 as agreed by ALPN, each step with its time.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::accounts::Peer;

/// Connections at once; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 1024;

/// A handshake, the head of a request, and the first request each come within this.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers under way may take this long after the portal begins to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(25);

/// How long to wait when the system has no descriptor for another connection.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(50);

const MAX_STREAMS: u32 = 64;
const MAX_HEAD_BYTES: u32 = 32 * 1024;

/// Accepts until cancelled, then finishes what is under way.
pub(super) async fn accept_until(
    cancelled: CancellationToken,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    router: Router,
) {
    let tls = TlsAcceptor::from(tls);
    let open = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    while let Some((stream, peer, place)) = next(&cancelled, &listener, &places).await {
        tokio::spawn(connection(
            (stream, peer),
            tls.clone(),
            router.clone(),
            open.watcher(),
            place,
        ));
    }
    drop(listener);
    if timeout(FINISH_WITHIN, open.shutdown()).await.is_err() {
        tracing::warn!("some answers were cut off");
    }
}

/// The next connection with a place for it; `None` when cancelled.
async fn next(
    cancelled: &CancellationToken,
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, Peer, OwnedSemaphorePermit)> {
    let accepted = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, from)) => return Some((stream, Peer::new(from.ip()), place)),
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
                }
            }
        }
    };
    tokio::select! {
        () = cancelled.cancelled() => None,
        accepted = accepted => accepted,
    }
}

async fn connection(
    (stream, peer): (TcpStream, Peer),
    tls: TlsAcceptor,
    router: Router,
    watcher: Watcher,
    _place: OwnedSemaphorePermit,
) {
    // Answers are small; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    match timeout(PATIENCE, tls.accept(stream)).await {
        Ok(Ok(stream)) => speak(stream, peer, router, watcher).await,
        Ok(Err(error)) => tracing::debug!(%error, "no handshake"),
        Err(_) => tracing::debug!("the handshake took too long"),
    }
}

async fn speak(stream: TlsStream<TcpStream>, peer: Peer, router: Router, watcher: Watcher) {
    let begun = Arc::new(Notify::new());
    let first = Arc::clone(&begun);
    let service = service_fn(move |mut request: Request<Incoming>| {
        first.notify_one();
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let builder = builder(stream.get_ref().1.alpn_protocol() == Some(b"h2"));
    let served = watcher.watch(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        served = served => {
            if let Err(error) = served {
                tracing::debug!(error, "a connection broke");
            }
        }
        () = nothing_asked(&begun) => tracing::debug!("nothing was asked"),
    }
}

/// Ends when no request came in time; once one came, never.
async fn nothing_asked(begun: &Notify) {
    if timeout(PATIENCE, begun.notified()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

fn builder(http2: bool) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PATIENCE)
        .keep_alive_timeout(PATIENCE)
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEAD_BYTES);
    if http2 {
        builder.http2_only()
    } else {
        builder.http1_only()
    }
}
