use super::*;

const HOST: &str = "Host: 127.0.0.1:4711\r\n";

fn parse(head: &str) -> Result<Head, Refusal> {
    parse_head(head.as_bytes(), 4711)
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn lb_03_only_a_get_of_the_callback_from_this_host_is_heard() {
    let check = |line: &str, headers: &str, expected: Result<&str, Refusal>| {
        let found = parse(&format!("{line}\r\n{headers}\r\n"));
        assert_eq!(
            found,
            expected.map(|query| Head::Callback(query.to_owned())),
            "{line} {headers}"
        );
    };
    check(
        "GET /callback?code=a&state=b HTTP/1.1",
        HOST,
        Ok("code=a&state=b"),
    );
    check(
        "GET /callback?code=a HTTP/1.1",
        "hOsT:[::1]:4711\r\n",
        Ok("code=a"),
    );
    check("GET /callback HTTP/1.0", HOST, Ok(""));
    check("POST /callback?code=a HTTP/1.1", HOST, Err(Refusal::Method));
    check("HEAD /callback?code=a HTTP/1.1", HOST, Err(Refusal::Method));
    check("GET / HTTP/1.1", HOST, Err(Refusal::Path));
    check("GET /callback/ HTTP/1.1", HOST, Err(Refusal::Path));
    check("GET /callback%3fcode=a HTTP/1.1", HOST, Err(Refusal::Path));
    check(
        "GET http://127.0.0.1/callback HTTP/1.1",
        HOST,
        Err(Refusal::Path),
    );
    check("GET /callback HTTP/2", HOST, Err(Refusal::Malformed));
    check("GET /callback", HOST, Err(Refusal::Malformed));
    check("GET  /callback HTTP/1.1", HOST, Err(Refusal::Malformed));
    check(
        "GET /callback?\u{1f600} HTTP/1.1",
        HOST,
        Err(Refusal::Malformed),
    );
    check("GET /callback HTTP/1.1", "", Err(Refusal::Host));
    check(
        "GET /callback HTTP/1.1",
        "Host: evil.example:4711\r\n",
        Err(Refusal::Host),
    );
    check(
        "GET /callback HTTP/1.1",
        "Host: 127.0.0.1\r\n",
        Err(Refusal::Host),
    );
    check(
        "GET /callback HTTP/1.1",
        "Host: 127.0.0.1:4712\r\n",
        Err(Refusal::Host),
    );
    check(
        "GET /callback HTTP/1.1",
        "Host: localhost:4711\r\n",
        Err(Refusal::Host),
    );
    check(
        "GET /callback HTTP/1.1",
        &HOST.repeat(2),
        Err(Refusal::Host),
    );
    check(
        "GET /callback HTTP/1.1",
        "no colon\r\n",
        Err(Refusal::Malformed),
    );
}

#[test]
fn lb_03_heads_without_end_are_refused_early() {
    assert_eq!(parse("GET /callback?code"), Ok(Head::Partial));
    assert_eq!(parse(""), Ok(Head::Partial));
    assert_eq!(parse("POST /callback"), Err(Refusal::Method));
    assert_eq!(
        parse_head(&[0x16, 0x03, 0x01, 0x02, 0x00], 4711),
        Err(Refusal::Malformed)
    );
    let endless = format!("GET /{}", "a".repeat(MAX_HEAD_BYTES));
    assert_eq!(parse(&endless), Err(Refusal::TooLarge));
    let many = format!(
        "GET /callback HTTP/1.1\r\n{}\r\n",
        "a: b\r\n".repeat(10_000)
    );
    assert_eq!(parse(&many), Err(Refusal::TooLarge));
}

proptest::proptest! {
    #[test]
    fn lb_03_no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = parse_head(&bytes, 4711);
    }
}
