//! A server on loopback that speaks TLS and gives one answer to everything.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, version::TLS13};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use uc_platform::{PortalSettings, RustlsHttp};

use super::answers::{Answer, Then};

/// A chunk of a flood.
const CHUNK: usize = 64 << 10;
/// Chunks of a flood: 512 MiB.
const CHUNKS: usize = (512 << 20) / CHUNK;

/// A running server. It ends when this is dropped.
pub(super) struct Hostile {
    pub(super) address: String,
    pub(super) authority: Vec<u8>,
    said: Arc<Mutex<Answer>>,
    asked: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Hostile {
    /// Under an authority of its own, for 127.0.0.1.
    pub(super) async fn serve(answer: Answer) -> Result<Self> {
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()])?;
        Self::serve_as(answer, params).await
    }

    /// With a certificate of this kind.
    pub(super) async fn serve_as(answer: Answer, certificate: CertificateParams) -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let certificate = certificate.signed_by(&key, &authority)?;
        let config = ServerConfig::builder_with_protocol_versions(&[&TLS13])
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                key.serialize_der()
                    .try_into()
                    .map_err(|_| anyhow::anyhow!("no key"))?,
            )?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("https://{}", listener.local_addr()?);
        let (said, asked) = (Arc::new(Mutex::new(answer)), Arc::new(AtomicU32::new(0)));
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let task = tokio::spawn(accept(
            listener,
            acceptor,
            Arc::clone(&said),
            Arc::clone(&asked),
        ));
        Ok(Self {
            address,
            authority: authority.pem().into_bytes(),
            said,
            asked,
            task,
        })
    }

    /// What it says from now on.
    pub(super) fn say(&self, answer: Answer) {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }

    /// Requests that arrived.
    pub(super) fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    /// The client's network, which trusts it.
    pub(super) fn client(&self) -> Result<RustlsHttp> {
        let mut settings = PortalSettings::new(&self.address, None)?;
        settings.authority = Some(self.authority.clone());
        Ok(RustlsHttp::new(&settings)?)
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    said: Arc<Mutex<Answer>>,
    asked: Arc<AtomicU32>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, asked) = (acceptor.clone(), Arc::clone(&asked));
        let answer = said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        tokio::spawn(async move {
            // A client that does not trust it, or has heard enough, ends the connection.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            if let Ok(1..) = stream.read(&mut [0; 16 << 10]).await {
                asked.fetch_add(1, Ordering::SeqCst);
                let _ = give(&mut stream, &answer).await;
            }
        });
    }
}

async fn give(stream: &mut TlsStream<TcpStream>, answer: &Answer) -> std::io::Result<()> {
    stream.write_all(&answer.bytes).await?;
    stream.flush().await?;
    match answer.then {
        Then::End => stream.shutdown().await,
        Then::Reset => stream.get_ref().0.set_zero_linger(),
        Then::Silence => std::future::pending().await,
        Then::Drip => loop {
            stream.write_all(b" ").await?;
            stream.flush().await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
        },
        Then::Flood => {
            let chunk = format!("{CHUNK:x}\r\n{}\r\n", " ".repeat(CHUNK));
            for _ in 0..CHUNKS {
                stream.write_all(chunk.as_bytes()).await?;
            }
            stream.write_all(b"0\r\n\r\n").await
        }
    }
}
