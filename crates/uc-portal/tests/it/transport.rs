use reqwest::{Method, StatusCode, header};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{Browser, Fixture, problem};

const ROUTES: &[(&str, &str)] = &[
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/openapi.json"),
    ("GET", "/assets/portal.css"),
    ("GET", "/.well-known/openid-configuration"),
    ("GET", "/oauth2/jwks"),
    ("GET", "/oauth2/authorize"),
    ("POST", "/oauth2/token"),
    ("POST", "/oauth2/revoke"),
    ("GET", "/oauth2/userinfo"),
    ("GET", "/oauth2/logout"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/consent"),
    ("POST", "/consent"),
    ("GET", "/v1/profile"),
    ("GET", "/nowhere"),
    ("DELETE", "/healthz"),
];

#[tokio::test]
async fn sv_12_every_answer_carries_the_security_headers() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    for (method, path) in ROUTES {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = browser
            .http
            .request(method, browser.url(path))
            .header(header::ORIGIN, "https://evil.example")
            .header("x-request-id", "forged");
        let response = request.send().await.unwrap();
        let headers = response.headers();
        assert_eq!(
            headers[header::STRICT_TRANSPORT_SECURITY],
            "max-age=31536000"
        );
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer", "{path}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert!(headers.contains_key(header::CACHE_CONTROL), "{path}");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert_ne!(headers["x-request-id"], "forged");
        assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
}

#[tokio::test]
async fn rp_23_answers_bear_the_portals_own_time() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let told = async || {
        let response = browser.http.get(browser.url("/healthz")).send().await;
        response.unwrap().headers()[header::DATE].clone()
    };
    assert_eq!(told().await, "Mon, 02 Mar 2026 09:00:00 GMT");
    fixture.advance(90);
    assert_eq!(told().await, "Mon, 02 Mar 2026 09:01:30 GMT");
}

#[tokio::test]
async fn errors_are_problems_with_the_request_id() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let missing = browser
        .http
        .get(browser.url("/nowhere"))
        .send()
        .await
        .unwrap();
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(problem(missing).await, "not_found");
    let wrong = browser
        .http
        .delete(browser.url("/healthz"))
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong.headers()[header::ALLOW], "GET,HEAD");
    assert_eq!(problem(wrong).await, "bad_request");
}

#[tokio::test]
async fn sv_07_a_body_over_the_limit_is_refused() {
    let fixture = Fixture::start().await;
    let browser = fixture.browser();
    let request = browser.http.post(browser.url("/oauth2/token"));
    let response = request
        .body(vec![b'a'; 1024 * 1024 + 1])
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(problem(response).await, "too_large");
}

#[tokio::test]
async fn readiness_ends_when_the_portal_drains() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    assert_eq!(browser.get("/readyz").await.status(), StatusCode::OK);
    assert_eq!(browser.get("/healthz").await.text().await.unwrap(), "ok\n");
}

#[tokio::test]
async fn the_api_describes_itself() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let document: Value = browser.get("/api/openapi.json").await.json().await.unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    for (path, method) in [
        ("/v1/profile", "get"),
        ("/v1/catalogue", "get"),
        ("/v1/applications/{id}", "put"),
        ("/v1/applications/{id}", "get"),
        ("/v1/feed", "get"),
        ("/v1/events", "get"),
    ] {
        assert!(document["paths"][path][method].is_object(), "{path}");
    }
    for reference in references(&document) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

/// All `$ref`s in a document.
fn references(value: &Value) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if let Some(members) = value.as_object() {
        let reference = members.get("$ref").and_then(Value::as_str);
        found.extend(reference.map(str::to_owned));
        found.extend(members.values().flat_map(references));
    }
    if let Some(items) = value.as_array() {
        found.extend(items.iter().flat_map(references));
    }
    found
}

#[tokio::test]
async fn http_2_is_agreed_by_alpn() {
    let fixture = Fixture::start().await;
    let mut browser = fixture.browser();
    let response = browser.get("/healthz").await;
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
}

#[tokio::test]
async fn nw_01_a_stranger_to_the_authority_is_refused() {
    let fixture = Fixture::start().await;
    let other = Fixture::start().await;
    let mistaken = Browser::new(fixture.running.issuer(), other.running.ca_pem());
    let answer = mistaken.http.get(mistaken.url("/healthz")).send().await;
    assert!(answer.unwrap_err().is_connect());
}

/// A TLS 1.2 hello: no `supported_versions`, suites of 1.2 only.
fn hello_of_tls_1_2() -> Vec<u8> {
    let extensions: &[u8] = &[
        0, 10, 0, 4, 0, 2, 0, 23, // secp256r1
        0, 13, 0, 4, 0, 2, 4, 3, // ecdsa_secp256r1_sha256
        0, 11, 0, 2, 1, 0, // uncompressed points
    ];
    let mut body = vec![3, 3];
    body.extend([7; 32]);
    body.extend([
        0,
        0,
        2,
        0xc0,
        0x2b,
        1,
        0,
        0,
        u8::try_from(extensions.len()).unwrap(),
    ]);
    body.extend(extensions);
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(body);
    record
}

#[tokio::test]
async fn nw_02_tls_1_2_is_refused() {
    let fixture = Fixture::start().await;
    let mut stream = TcpStream::connect(fixture.running.address()).await.unwrap();
    stream.write_all(&hello_of_tls_1_2()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    // A fatal alert: protocol_version (RFC 8446 §6).
    assert_eq!((answer[0], answer[5], answer[6]), (21, 2, 70));
}

#[tokio::test]
async fn plain_http_gets_no_answer() {
    let fixture = Fixture::start().await;
    let mut stream = TcpStream::connect(fixture.running.address()).await.unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.starts_with(b"HTTP"));
}
