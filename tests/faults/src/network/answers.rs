//! Answers that no portal gives (NW-04, NW-05, NW-07).

use std::{io::Write as _, sync::Arc};

use anyhow::Result;
use flate2::{Compression, write::GzEncoder};

/// What goes on after the answer's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The connection ends.
    End,
    /// It ends by a reset.
    Reset,
    /// Nothing comes, and it stays open.
    Silence,
    /// Now and then a byte, without end.
    Drip,
    /// 512 MiB in chunks.
    Flood,
}

/// A hostile answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) name: &'static str,
    pub(super) bytes: Arc<[u8]>,
    pub(super) then: Then,
}

impl Answer {
    fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            name,
            bytes: bytes.into(),
            then: Then::End,
        }
    }

    fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }
}

const JSON: &str = "application/json";
const HTML: &[u8] = "<html><body>Войдите в сеть</body></html>".as_bytes();

/// Those that are over at once.
pub(super) fn swift(elsewhere: &str) -> Result<Vec<Answer>> {
    let deep = [b"{\"changes\":".as_slice(), &[b'['; 10_000]].concat();
    let item = r#"{"type":"deleted","kind":"service","id":"nothing"},"#;
    let million = format!("{{\"changes\":[{}", item.repeat(1_000_000)).into_bytes();
    let redirect =
        format!("HTTP/1.1 302 Found\r\nLocation: {elsewhere}/stolen\r\nContent-Length: 0\r\n\r\n");
    Ok(vec![
        Answer::new("500", answer("500 Internal Server Error", JSON, b"{}")),
        Answer::new("502 of HTML", answer("502 Bad Gateway", "text/html", HTML)),
        no_content(),
        Answer::new("nothing", answer("200 OK", JSON, b"")),
        Answer::new(
            "half of JSON",
            answer("200 OK", JSON, b"{\"changes\":[{\"ty"),
        ),
        Answer::new("another type", answer("200 OK", "image/png", b"{}")),
        Answer::new(
            "no UTF-8",
            answer("200 OK", JSON, b"{\"next\":\"\xff\xfe\"}"),
        ),
        Answer::new(
            "a BOM",
            answer("200 OK", JSON, b"\xef\xbb\xbf{\"changes\":[]}"),
        ),
        Answer::new("depth 10,000", answer("200 OK", JSON, &deep)),
        Answer::new("a million items", answer("200 OK", JSON, &million)),
        Answer::new("a million items, packed", packed(&million)?),
        Answer::new("a bomb", packed(&vec![b' '; 64 << 20])?),
        flood(),
        Answer::new(
            "a longer body than said",
            b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec(),
        ),
        Answer::new(
            "a head alone, then a reset",
            b"HTTP/1.1 200 OK\r\n".to_vec(),
        )
        .then(Then::Reset),
        Answer::new("no HTTP", b"220 mail.example ESMTP\r\n".to_vec()),
        Answer::new("a captive portal", answer("200 OK", "text/html", HTML)),
        Answer::new("a redirect elsewhere", redirect.into_bytes()),
    ])
}

/// Those that would go on.
pub(super) fn endless() -> Vec<Answer> {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n";
    vec![
        Answer::new("a drip", head.to_vec()).then(Then::Drip),
        Answer::new("a head, then silence", head.to_vec()).then(Then::Silence),
        Answer::new("silence", Vec::new()).then(Then::Silence),
    ]
}

/// The one that a server which is not looked at gives.
pub(super) fn no_content() -> Answer {
    Answer::new("204", b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())
}

/// 512 MiB in chunks.
pub(super) fn flood() -> Answer {
    Answer::new("512 MiB in chunks", chunked()).then(Then::Flood)
}

fn chunked() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        .to_vec()
}

fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn packed(body: &[u8]) -> Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(body)?;
    let body = packer.finish()?;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
    );
    Ok([head.into_bytes(), body].concat())
}
