//! Certificates and protocols that are refused before a byte is sent (NW-01 to NW-03), and the planted bug.

use std::time::Duration;

use anyhow::Result;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, date_time_ymd};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use uc_core::ports::{Http as _, HttpError, Limits};

use super::{Row, answers, hostile::Hostile, memory::Watch};

/// A client that reads 512 MiB because nobody told it not to: how many MiB it held.
pub(super) async fn read_without_bound() -> Result<f64> {
    let hostile = Hostile::serve(answers::flood()).await?;
    let http = hostile.client()?;
    let watch = Watch::begin()?;
    let limits = Limits {
        body_bytes: usize::MAX,
        total: Duration::from_mins(2),
    };
    drop(http.send(get(&hostile.address)?, limits).await);
    watch.growth()
}

pub(super) async fn rows() -> Result<Vec<Row>> {
    let mut rows = vec![good_one().await?, another_authority().await?];
    for (what, params) in bad_certificates()? {
        rows.push(refused(what, params).await?);
    }
    rows.push(older_protocol().await?);
    rows.push(plain().await?);
    Ok(rows)
}

fn ours() -> Result<CertificateParams> {
    Ok(CertificateParams::new(vec!["127.0.0.1".to_owned()])?)
}

fn bad_certificates() -> Result<Vec<(&'static str, CertificateParams)>> {
    let mut expired = ours()?;
    expired.not_after = date_time_ymd(2020, 1, 1);
    let mut early = ours()?;
    early.not_before = date_time_ymd(2120, 1, 1);
    early.not_after = date_time_ymd(2121, 1, 1);
    let mut for_clients = ours()?;
    for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    Ok(vec![
        ("an expired certificate", expired),
        ("a certificate of the future", early),
        ("a certificate for clients", for_clients),
        (
            "another host's certificate",
            CertificateParams::new(vec!["portal.example".to_owned()])?,
        ),
        (
            "a certificate without a host",
            CertificateParams::new(Vec::new())?,
        ),
    ])
}

/// The rows show something: a good certificate is taken.
async fn good_one() -> Result<Row> {
    let mut row = Row::new("NW-01", "a good certificate, which must be taken");
    let hostile = Hostile::serve(answers::no_content()).await?;
    let told = ask(&hostile, &hostile.address).await?;
    row.check(told == Ok(204), format!("{told:?}"));
    row.check(hostile.asked() == 1, "not asked");
    Ok(row)
}

async fn another_authority() -> Result<Row> {
    let mut row = Row::new("NW-01", "an unknown authority");
    let known = Hostile::serve(answers::no_content()).await?;
    let stranger = Hostile::serve(answers::no_content()).await?;
    let told = ask(&known, &stranger.address).await?;
    row.check(told == Err(HttpError::Untrusted), format!("{told:?}"));
    row.check(stranger.asked() == 0, "something was sent");
    Ok(row)
}

async fn refused(what: &'static str, params: CertificateParams) -> Result<Row> {
    let mut row = Row::new("NW-01", what);
    let hostile = Hostile::serve_as(answers::no_content(), params).await?;
    let told = ask(&hostile, &hostile.address).await?;
    row.check(told == Err(HttpError::Untrusted), format!("{told:?}"));
    row.check(hostile.asked() == 0, "something was sent");
    Ok(row)
}

/// A server that chooses TLS 1.2: its first words (RFC 5246 §7.4.1.3), to which nothing may follow but an alert.
async fn older_protocol() -> Result<Row> {
    let mut row = Row::new("NW-02", "TLS 1.2");
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("https://{}", listener.local_addr()?);
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let mut buffer = [0; 16 << 10];
        if stream.read(&mut buffer).await? == 0 {
            return Ok(None);
        }
        stream.write_all(&hello_of_tls_1_2()).await?;
        let more = stream.read(&mut buffer).await?;
        std::io::Result::Ok(buffer.first().copied().filter(|_| more > 0))
    });
    let trusted = Hostile::serve(answers::no_content()).await?;
    let told = ask(&trusted, &address).await?;
    row.check(told == Err(HttpError::Untrusted), format!("{told:?}"));
    let heard = heard.await??;
    row.check(
        heard.is_none_or(|kind| kind == ALERT),
        format!("after the server's choice came {heard:?}"),
    );
    Ok(row)
}

/// The kind of a record that says why a connection ends.
const ALERT: u8 = 21;

fn hello_of_tls_1_2() -> Vec<u8> {
    let choices = [0x00, 0xc0, 0x2f, 0x00, 0x00, 0x00];
    let hello = [&[3, 3], [7; 32].as_slice(), &choices].concat();
    let length = u8::try_from(hello.len()).unwrap_or_default();
    let handshake = [&[2, 0, 0, length], hello.as_slice()].concat();
    [&[22, 3, 3, 0, length + 4], handshake.as_slice()].concat()
}

async fn plain() -> Result<Row> {
    let mut row = Row::new("NW-03", "plain HTTP");
    let hostile = Hostile::serve(answers::no_content()).await?;
    let told = ask(&hostile, &hostile.address.replace("https", "http")).await?;
    row.check(told == Err(HttpError::NotAllowed), format!("{told:?}"));
    Ok(row)
}

/// The status that a client which trusts `trusted` gets from an address.
async fn ask(trusted: &Hostile, address: &str) -> Result<Result<u16, HttpError>> {
    let http = trusted.client()?;
    let answer = http.send(get(address)?, Limits::ANSWER).await;
    Ok(answer.map(|answer| answer.status().as_u16()))
}

fn get(address: &str) -> Result<http::Request<Vec<u8>>> {
    Ok(http::Request::get(address).body(Vec::new())?)
}
