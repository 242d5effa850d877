//! The loopback port to which the browser brings the answer (RFC 8252 §7.3). Anything on the machine may talk to it.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::future::BoxFuture;
use sha2::{Digest as _, Sha256};
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

/// How long a head may take to arrive, and an answer to be read.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the core may take to say whether a callback is the one waited for: a token exchange lies between.
const VERDICT: Duration = Duration::from_secs(40);
/// Connections served at the same time; more wait.
const CONNECTIONS: usize = 64;

const STYLE: &str = include_str!("loopback/style.css").trim_ascii_end();

/// Loopback ports of this machine.
#[derive(Debug, Clone, Copy)]
pub struct LoopbackPorts;

impl Loopback for LoopbackPorts {
    fn listen(&self) -> BoxFuture<'_, Result<Box<dyn Callbacks>, NoLoopback>> {
        Box::pin(async {
            let listening = Listening::open().await.map_err(|error| {
                tracing::warn!(kind = ?error.kind(), "no loopback port");
                NoLoopback
            })?;
            Ok(Box::new(listening) as Box<dyn Callbacks>)
        })
    }
}

/// A port that is closed when this is dropped.
struct Listening {
    port: u16,
    callbacks: mpsc::Receiver<Callback>,
    // Dropping it ends accepting and every connection.
    _tasks: JoinSet<()>,
}

impl Listening {
    async fn open() -> io::Result<Self> {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = v4.local_addr()?.port();
        let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        let (sender, callbacks) = mpsc::channel(CONNECTIONS);
        let free = Arc::new(Semaphore::new(CONNECTIONS));
        let mut tasks = JoinSet::new();
        for listener in [Some(v4), v6].into_iter().flatten() {
            tasks.spawn(accept(listener, port, sender.clone(), Arc::clone(&free)));
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
        Box::pin(self.callbacks.recv())
    }
}

async fn accept(
    listener: TcpListener,
    port: u16,
    callbacks: mpsc::Sender<Callback>,
    free: Arc<Semaphore>,
) {
    let mut connections = JoinSet::new();
    while let Ok(permit) = Arc::clone(&free).acquire_owned().await {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let callbacks = callbacks.clone();
        connections.spawn(async move {
            serve(stream, port, callbacks).await;
            drop(permit);
        });
    }
}

/// One request, one answer; whatever else the other side does is its own affair.
async fn serve(mut stream: TcpStream, port: u16, callbacks: mpsc::Sender<Callback>) {
    let answer = match timeout(PATIENCE, read_head(&mut stream, port)).await {
        Ok(Ok(query)) => page(verdict(query, &callbacks).await),
        Ok(Err(Some(refusal))) => empty(refusal),
        Ok(Err(None)) | Err(_) => return,
    };
    let _ = timeout(PATIENCE, async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
}

/// The callback's query; `None` as the error when the other side went away.
async fn read_head(stream: &mut TcpStream, port: u16) -> Result<String, Option<Refusal>> {
    let mut head = Vec::with_capacity(1024);
    loop {
        match parse_head(&head, port).map_err(Some)? {
            Head::Callback(query) => return Ok(query),
            Head::Partial => {}
        }
        let room = u64::try_from(MAX_HEAD_BYTES + 1 - head.len()).map_err(|_| None)?;
        let read = (&mut *stream)
            .take(room)
            .read_buf(&mut head)
            .await
            .map_err(|_| None)?;
        if read == 0 {
            return Err(None);
        }
    }
}

async fn verdict(query: String, callbacks: &mpsc::Sender<Callback>) -> AnswerPage {
    let (answer, page) = oneshot::channel();
    if callbacks.send(Callback { query, answer }).await.is_err() {
        return AnswerPage::Refused;
    }
    match timeout(VERDICT, page).await {
        Ok(Ok(page)) => page,
        Ok(Err(_)) | Err(_) => AnswerPage::Refused,
    }
}

fn page(page: AnswerPage) -> String {
    let (status, body) = match page {
        AnswerPage::Taken => ("200 OK", include_str!("loopback/taken.html")),
        AnswerPage::Refused => ("400 Bad Request", include_str!("loopback/refused.html")),
    };
    answer(status, &body.replace("STYLE", STYLE))
}

fn empty(refusal: Refusal) -> String {
    answer(refusal.status(), "")
}

fn answer(status: &str, body: &str) -> String {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {length}\r\n\
         Cache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'\r\n\
         Connection: close\r\n\r\n{body}",
        length = body.len(),
    )
}

#[cfg(test)]
mod tests;
