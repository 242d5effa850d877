//! LB rows of the list of faults, against the real port.

use tokio::net::TcpStream;

use super::*;

async fn talk(port: u16, request: &[u8]) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap();
    // A server that refuses early may close before all is written.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(port: u16, target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").into_bytes()
}

async fn listen() -> (u16, Listening) {
    let listening = Listening::open().await.unwrap();
    (listening.port(), listening)
}

#[tokio::test]
async fn lb_01_the_port_is_loopback_only_and_closes_with_the_flow() {
    let (port, listening) = listen().await;
    assert!(
        TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_ok()
    );
    drop(listening);
    let mut refused = false;
    for _ in 0..100 {
        refused = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_err();
        if refused {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(refused, "the port stays open");
}

#[tokio::test]
async fn lb_03_strangers_get_an_error_and_the_flow_goes_on() {
    let (port, mut listening) = listen().await;
    let long = format!("GET /callback?{} HTTP/1.1\r\n", "a".repeat(1 << 20));
    let headers = format!("GET /callback HTTP/1.1\r\n{}", "X: y\r\n".repeat(10_000));
    for (request, status) in [
        (
            b"GET /callback?x=1 HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_vec(),
            "421",
        ),
        (
            format!("POST /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").into_bytes(),
            "405",
        ),
        (
            format!("HEAD /callback HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").into_bytes(),
            "405",
        ),
        (get(port, "/other"), "404"),
        (long.into_bytes(), "431"),
        (headers.into_bytes(), "431"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01".to_vec(), "400"),
    ] {
        let answer = talk(port, &request).await;
        // A reset instead of an answer is as good, when the rest of a huge request was thrown away.
        assert!(
            answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
    }
    let (answer, ()) = tokio::join!(talk(port, &get(port, "/callback?code=1")), async {
        let callback = listening.next().await.unwrap();
        assert_eq!(callback.query, "code=1");
        callback.answer.send(AnswerPage::Taken).unwrap();
    });
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn lb_06_the_answer_reflects_nothing() {
    let (port, mut listening) = listen().await;
    let request = get(port, "/callback?code=marker-1&state=marker-2");
    let (answer, ()) = tokio::join!(talk(port, &request), async {
        listening
            .next()
            .await
            .unwrap()
            .answer
            .send(AnswerPage::Taken)
            .unwrap();
    });
    assert!(!answer.contains("marker"), "{answer}");
    for header in ["no-store", "no-referrer", "default-src 'none'", "nosniff"] {
        assert!(answer.contains(header), "{header}");
    }
    assert!(!answer.contains("STYLE"));
}

#[tokio::test]
async fn lb_04_a_callback_nobody_answers_for_is_refused() {
    let (port, mut listening) = listen().await;
    let (answer, ()) = tokio::join!(talk(port, &get(port, "/callback?state=forged")), async {
        drop(listening.next().await.unwrap());
    });
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}
