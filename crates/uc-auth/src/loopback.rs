//! The browser's answer on the loopback port (RFC 8252 §7.3): the head of an HTTP/1 request, from anybody at all.

/// The one path that is answered.
pub const CALLBACK_PATH: &str = "/callback";
/// The longest head of a request, in bytes.
pub const MAX_HEAD_BYTES: usize = 8 * 1024;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not an HTTP/1 request.
    #[error("malformed request")]
    Malformed,
    /// Not a GET.
    #[error("method not allowed")]
    Method,
    /// Another path.
    #[error("no such path")]
    Path,
    /// The host header names another host: a name may have been rebound to this address.
    #[error("another host")]
    Host,
    /// The head does not end within [`MAX_HEAD_BYTES`].
    #[error("head too large")]
    TooLarge,
}

impl Refusal {
    /// The HTTP status and its reason.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Self::Malformed => "400 Bad Request",
            Self::Method => "405 Method Not Allowed",
            Self::Path => "404 Not Found",
            Self::Host => "421 Misdirected Request",
            Self::TooLarge => "431 Request Header Fields Too Large",
        }
    }
}

/// What the bytes read so far are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// The head goes on.
    Partial,
    /// A request to the callback, with its query as it came.
    Callback(String),
}

/// Reads the head of a request to the loopback `port` out of all bytes received so far.
pub fn parse_head(bytes: &[u8], port: u16) -> Result<Head, Refusal> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return partial(bytes);
    };
    if end + 4 > MAX_HEAD_BYTES {
        return Err(Refusal::TooLarge);
    }
    let head = std::str::from_utf8(&bytes[..end]).map_err(|_| Refusal::Malformed)?;
    let mut lines = head.split("\r\n");
    let query = parse_request_line(lines.next().unwrap_or_default())?;
    check_host(lines, port)?;
    Ok(Head::Callback(query.to_owned()))
}

/// Heads that cannot become a request are refused before their end is seen: TLS, other methods.
fn partial(bytes: &[u8]) -> Result<Head, Refusal> {
    const START: &[u8] = b"GET /";
    let seen = bytes.len().min(START.len());
    if bytes[..seen] != START[..seen] {
        let is_text = bytes.iter().take(8).all(|byte| matches!(byte, b' '..=b'~'));
        return Err(if is_text {
            Refusal::Method
        } else {
            Refusal::Malformed
        });
    }
    if bytes.len() >= MAX_HEAD_BYTES {
        return Err(Refusal::TooLarge);
    }
    Ok(Head::Partial)
}

fn parse_request_line(line: &str) -> Result<&str, Refusal> {
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refusal::Malformed);
    };
    if !matches!(version, "HTTP/1.1" | "HTTP/1.0") || !target.bytes().all(|b| b.is_ascii_graphic())
    {
        return Err(Refusal::Malformed);
    }
    if method != "GET" {
        return Err(Refusal::Method);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path == CALLBACK_PATH {
        Ok(query)
    } else {
        Err(Refusal::Path)
    }
}

/// Exactly one host header, and it is ours.
fn check_host<'a>(lines: impl Iterator<Item = &'a str>, port: u16) -> Result<(), Refusal> {
    let mut hosts = 0;
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(Refusal::Malformed)?;
        if name.eq_ignore_ascii_case("host") {
            hosts += 1;
            check_authority(value.trim(), port)?;
        }
    }
    if hosts == 1 {
        Ok(())
    } else {
        Err(Refusal::Host)
    }
}

fn check_authority(authority: &str, port: u16) -> Result<(), Refusal> {
    let ours = ["127.0.0.1", "[::1]"].iter().any(|host| {
        authority
            .strip_prefix(host)
            .and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|rest| rest.parse() == Ok(port))
    });
    if ours { Ok(()) } else { Err(Refusal::Host) }
}

#[cfg(test)]
mod tests;
