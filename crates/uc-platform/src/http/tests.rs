use std::{io::Write as _, sync::Arc, time::Duration};

use flate2::{Compression, write::GzEncoder};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};

use super::*;

/// A certificate authority and a server for `host` that gives one fixed answer.
struct Server {
    address: String,
    authority: Vec<u8>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What comes after the answer was written.
#[derive(Debug, Clone, Copy)]
enum Then {
    /// The connection is closed.
    End,
    /// Nothing, and it stays open.
    Silence,
    /// Now and then a byte, without end.
    Drip,
}

impl Then {
    async fn go_on(self, stream: &mut TlsStream<TcpStream>) {
        match self {
            Self::End => {}
            Self::Silence => std::future::pending().await,
            Self::Drip => {
                let mut drops = tokio::time::interval(Duration::from_millis(20));
                while stream.write_all(b" ").await.is_ok() && stream.flush().await.is_ok() {
                    drops.tick().await;
                }
            }
        }
        let _ = stream.shutdown().await;
    }
}

async fn serve(host: &str, answer: Vec<u8>) -> Server {
    serve_then(host, answer, Then::End).await
}

async fn serve_then(host: &str, answer: Vec<u8>, then: Then) -> Server {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![host.to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let config = ServerConfig::builder_with_protocol_versions(&[&rustls::version::TLS13])
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            key.serialize_der().try_into().unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(&answer).await;
            then.go_on(&mut stream).await;
        }
    });
    Server {
        address,
        authority: authority.pem().into_bytes(),
        task,
    }
}

fn client(server: &Server, authority: &[u8]) -> RustlsHttp {
    let mut portal = PortalSettings::new(&server.address, None).unwrap();
    portal.authority = Some(authority.to_vec());
    RustlsHttp::new(&portal).unwrap()
}

async fn fetch(http: &RustlsHttp, address: &str) -> Result<::http::Response<Vec<u8>>, HttpError> {
    let request = ::http::Request::get(address).body(Vec::new()).unwrap();
    http.send(
        request,
        Limits {
            body_bytes: 1_000,
            ..Limits::ANSWER
        },
    )
    .await
}

fn plain(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

#[tokio::test]
async fn nw_01_only_the_configured_authority_is_trusted_and_only_for_its_host() {
    let server = serve("127.0.0.1", plain("200 OK", "", "hello")).await;
    let response = fetch(&client(&server, &server.authority), &server.address).await;
    assert_eq!(response.unwrap().body(), b"hello");

    let other = serve("127.0.0.1", plain("200 OK", "", "hello")).await;
    let refused = fetch(&client(&server, &other.authority), &server.address).await;
    assert_eq!(refused.unwrap_err(), HttpError::Untrusted);

    let elsewhere = serve("portal.example", plain("200 OK", "", "hello")).await;
    let refused = fetch(
        &client(&elsewhere, &elsewhere.authority),
        &elsewhere.address,
    )
    .await;
    assert_eq!(refused.unwrap_err(), HttpError::Untrusted);
}

#[tokio::test]
async fn nw_03_plain_http_is_not_sent() {
    let server = serve("127.0.0.1", plain("200 OK", "", "")).await;
    let plain = server.address.replace("https", "http");
    let refused = fetch(&client(&server, &server.authority), &plain).await;
    assert_eq!(refused.unwrap_err(), HttpError::NotAllowed);
}

#[tokio::test]
async fn nw_04_answers_are_bounded() {
    let large = serve("127.0.0.1", plain("200 OK", "", &"x".repeat(1_001))).await;
    let refused = fetch(&client(&large, &large.authority), &large.address).await;
    assert_eq!(refused.unwrap_err(), HttpError::TooLarge);

    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec();
    let cut = serve("127.0.0.1", cut).await;
    let refused = fetch(&client(&cut, &cut.authority), &cut.address).await;
    assert_eq!(refused.unwrap_err(), HttpError::Interrupted);
}

/// A mebibyte of blanks, a thousandth of that on the wire.
fn bomb() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    let body = packed.finish().unwrap();
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nContent-Encoding: gzip\r\n\r\n");
    [head.into_bytes(), body].concat()
}

#[tokio::test]
async fn rp_18_answers_without_end_end() {
    let head =
        |length: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    for (name, answer, then, expected) in [
        ("a bomb", bomb(), Then::End, HttpError::TooLarge),
        ("64 MiB", head("67108864"), Then::Drip, HttpError::TooLarge),
        ("a drip", head("999"), Then::Drip, HttpError::Interrupted),
        ("silence", Vec::new(), Then::Silence, HttpError::Interrupted),
        (
            "half a head",
            b"HTTP/1.1 200 OK\r\n".to_vec(),
            Then::Silence,
            HttpError::Interrupted,
        ),
        (
            "a head alone",
            head("10"),
            Then::Silence,
            HttpError::Interrupted,
        ),
    ] {
        let server = serve_then("127.0.0.1", answer, then).await;
        let http = client(&server, &server.authority);
        let request = ::http::Request::get(&server.address)
            .body(Vec::new())
            .unwrap();
        let limits = Limits {
            body_bytes: 1_000,
            total: Duration::from_secs(1),
        };
        let refused = http.send(request, limits).await;
        assert_eq!(refused.unwrap_err(), expected, "{name}");
    }
}

#[tokio::test]
async fn nw_05_redirects_are_answers() {
    let target = "Location: https://127.0.0.1:1/stolen\r\n";
    let server = serve("127.0.0.1", plain("302 Found", target, "")).await;
    let response = fetch(&client(&server, &server.authority), &server.address).await;
    assert_eq!(response.unwrap().status(), 302);
}

#[tokio::test]
async fn nothing_listening_is_known_as_not_sent() {
    let server = serve("127.0.0.1", Vec::new()).await;
    let address = server.address.clone();
    let http = client(&server, &server.authority);
    let task = &server.task;
    task.abort();
    while !task.is_finished() {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        fetch(&http, &address).await.unwrap_err(),
        HttpError::Unreachable
    );
}
