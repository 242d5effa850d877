//! The loopback port for the browser's answer (RFC 8252 §7.3): every connection is a stranger's.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc, oneshot},
    task::JoinSet,
    time::timeout,
};
use uc_core::ports::{
    AnswerPage, Callback, Callbacks, Loopback, NoLoopback,
    loopback::{Head, MAX_HEAD_BYTES, Refusal, parse_head},
};

/// How long a client may take to send its request, and to take its answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Connections at once; more wait.
const CONNECTIONS: usize = 256;

const TAKEN: &str = include_str!("../pages/taken.html");
const REFUSED: &str = include_str!("../pages/refused.html");

/// Opens loopback ports.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoopbackPort;

impl Loopback for LoopbackPort {
    fn listen(&self) -> BoxFuture<'_, Result<Box<dyn Callbacks>, NoLoopback>> {
        async {
            let listening = Listening::open().await?;
            Ok(Box::new(listening) as Box<dyn Callbacks>)
        }
        .boxed()
    }
}

/// An open port. Dropping it closes the port; answers that are under way reach their browser.
struct Listening {
    port: u16,
    callbacks: mpsc::Receiver<Callback>,
    _tasks: JoinSet<()>,
}

impl Listening {
    async fn open() -> Result<Self, NoLoopback> {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|_| NoLoopback)?;
        let port = first.local_addr().map_err(|_| NoLoopback)?.port();
        // The browser is sent to the IPv4 address: the other family is for systems that map one to the other.
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        let (heard, callbacks) = mpsc::channel(CONNECTIONS);
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let mut tasks = JoinSet::new();
        for listener in std::iter::once(first).chain(second) {
            tasks.spawn(accept(listener, port, heard.clone(), Arc::clone(&room)));
        }
        Ok(Self {
            port,
            callbacks,
            _tasks: tasks,
        })
    }
}

impl Callbacks for Listening {
    fn port(&self) -> u16 {
        self.port
    }

    fn next(&mut self) -> BoxFuture<'_, Option<Callback>> {
        self.callbacks.recv().boxed()
    }
}

/// A connection outlasts the port by its answer: a browser that is cut off would tell of a failure.
async fn accept(
    listener: TcpListener,
    port: u16,
    heard: mpsc::Sender<Callback>,
    room: Arc<Semaphore>,
) {
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        let Ok((stream, peer)) = listener.accept().await else {
            continue;
        };
        if is_this_machine(peer) {
            let heard = heard.clone();
            tokio::spawn(async move {
                // A client that is too slow is left.
                let _ = serve(stream, port, &heard).await;
                drop(permit);
            });
        }
    }
}

fn is_this_machine(peer: SocketAddr) -> bool {
    peer.ip().is_loopback()
}

/// One request, one answer, and the connection ends.
async fn serve(mut stream: TcpStream, port: u16, heard: &mpsc::Sender<Callback>) -> Option<()> {
    let request = timeout(PATIENCE, read_request(&mut stream, port))
        .await
        .ok()??;
    let answer = match request {
        Ok(query) => answer(query, heard).await,
        Err(refusal) => page(refusal.status(), REFUSED),
    };
    timeout(PATIENCE, async {
        stream.write_all(answer.as_bytes()).await.ok()?;
        stream.shutdown().await.ok()
    })
    .await
    .ok()?
}

/// The query of a request to the callback; `None` when the client has gone.
async fn read_request(stream: &mut TcpStream, port: u16) -> Option<Result<String, Refusal>> {
    let mut head = Vec::with_capacity(1024);
    loop {
        match parse_head(&head, port) {
            Ok(Head::Callback(query)) => return Some(Ok(query)),
            Ok(Head::Partial) => {}
            Err(refusal) => return Some(Err(refusal)),
        }
        let room = u64::try_from(MAX_HEAD_BYTES + 1 - head.len()).unwrap_or(0);
        if (&mut *stream).take(room).read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
}

/// What the sign-in says to it; nothing of the request is repeated.
async fn answer(query: String, heard: &mpsc::Sender<Callback>) -> String {
    let (answer, answered) = oneshot::channel();
    let known = heard.send(Callback { query, answer }).await.is_ok();
    match answered.await {
        Ok(AnswerPage::Taken) if known => page("200 OK", TAKEN),
        _ => page("403 Forbidden", REFUSED),
    }
}

fn page(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {length}\r\n\
         Cache-Control: no-store\r\n\
         Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n\
         Referrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Cross-Origin-Opener-Policy: same-origin\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

#[cfg(test)]
mod tests;
