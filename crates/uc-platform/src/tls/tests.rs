//! NW rows of the list of faults that need no portal: whom we talk to at all.

use std::{net::Ipv4Addr, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::*;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Serves one certificate for `name` and answers every request with `answer`; returns the port.
async fn serve(issuer: &Authority, name: &str, answer: &'static [u8]) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new([name.to_owned()])
        .unwrap()
        .signed_by(&key, issuer)
        .unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    port
}

fn client(trusted: &Authority) -> RustlsHttp {
    let pem = trusted.pem().into_bytes();
    RustlsHttp::new(Some(&TrustedAuthority::from_pem(pem))).unwrap()
}

async fn fetch(http: &RustlsHttp, address: &str) -> Result<http::Response<Vec<u8>>, HttpError> {
    let request = http::Request::get(address).body(Vec::new()).unwrap();
    let limits = Limits {
        body_bytes: 1024,
        ..Limits::ANSWER
    };
    http.send(request, limits).await
}

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

#[tokio::test]
async fn nw_01_only_the_trusted_authority_is_talked_to() {
    let (ours, strange) = (authority(), authority());
    let good = serve(&ours, "127.0.0.1", HELLO).await;
    let foreign = serve(&strange, "127.0.0.1", HELLO).await;
    let other_host = serve(&ours, "portal.example", HELLO).await;
    let http = client(&ours);
    let address = |port| format!("https://127.0.0.1:{port}/");
    assert_eq!(fetch(&http, &address(good)).await.unwrap().body(), b"hello");
    assert_eq!(
        fetch(&http, &address(foreign)).await.unwrap_err(),
        HttpError::Untrusted
    );
    assert_eq!(
        fetch(&http, &address(other_host)).await.unwrap_err(),
        HttpError::Untrusted
    );
}

#[tokio::test]
async fn nw_03_plain_http_is_not_sent() {
    let http = client(&authority());
    assert_eq!(
        fetch(&http, "http://127.0.0.1:9/").await.unwrap_err(),
        HttpError::NotAllowed
    );
}

#[tokio::test]
async fn nw_04_an_endless_answer_is_cut() {
    const LONG: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n";
    static ANSWER: [u8; 4096 + LONG.len()] = {
        let mut answer = [b'x'; 4096 + LONG.len()];
        let mut at = 0;
        while at < LONG.len() {
            answer[at] = LONG[at];
            at += 1;
        }
        answer
    };
    let ours = authority();
    let port = serve(&ours, "127.0.0.1", &ANSWER).await;
    let error = fetch(&client(&ours), &format!("https://127.0.0.1:{port}/"))
        .await
        .unwrap_err();
    assert_eq!(error, HttpError::TooLarge);
}

#[tokio::test]
async fn nw_05_redirects_are_not_followed() {
    const AWAY: &[u8] =
        b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n";
    let ours = authority();
    let port = serve(&ours, "127.0.0.1", AWAY).await;
    let response = fetch(&client(&ours), &format!("https://127.0.0.1:{port}/"))
        .await
        .unwrap();
    assert_eq!(response.status(), 302);
}

#[tokio::test]
async fn nw_04_nobody_there_is_told_apart() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let http = client(&authority());
    let error = fetch(&http, &format!("https://127.0.0.1:{port}/"))
        .await
        .unwrap_err();
    assert_eq!(error, HttpError::Unreachable);
}
