use super::*;

/// Nothing takes so long but what never ends.
const HANGS: Duration = Duration::from_mins(1);

async fn listen() -> Box<dyn Callbacks> {
    LoopbackPort.listen().await.expect("a loopback port")
}

/// Sends bytes and reads the answer to its end; empty when nobody listens.
async fn talk(port: u16, request: &[u8]) -> String {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else {
        return String::new();
    };
    // The other side may refuse before it has read everything.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(port: u16, query: &str) -> Vec<u8> {
    format!("GET /callback?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").into_bytes()
}

/// Takes callbacks until the one with this query, which is answered as taken.
async fn take(callbacks: &mut dyn Callbacks, query: &str) {
    while let Some(callback) = callbacks.next().await {
        let ours = callback.query == query;
        let page = if ours {
            AnswerPage::Taken
        } else {
            AnswerPage::Refused
        };
        let _ = callback.answer.send(page);
        if ours {
            return;
        }
    }
    panic!("the port closed");
}

#[tokio::test]
async fn lb_01_it_listens_on_loopback_only_and_only_while_it_is_wanted() {
    let callbacks = listen().await;
    let port = callbacks.port();
    assert!(
        TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_ok()
    );
    // Another address of the machine, but not the one listened on.
    assert!(
        TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), port))
            .await
            .is_err()
    );
    drop(callbacks);
    let closing = async {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_ok()
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(1), closing)
        .await
        .expect("closed within a second");
}

#[tokio::test]
async fn lb_02_every_flow_has_a_port_of_its_own() {
    let (first, second) = (listen().await, listen().await);
    assert_ne!(first.port(), second.port());
}

#[tokio::test]
async fn lb_03_what_is_no_callback_is_refused_and_the_port_goes_on() {
    let mut callbacks = listen().await;
    let port = callbacks.port();
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let long = format!(
        "GET /callback?{} HTTP/1.1\r\n{host}\r\n",
        "a".repeat(1 << 20)
    );
    let many = format!(
        "GET /callback HTTP/1.1\r\n{}{host}\r\n",
        "a: b\r\n".repeat(10_000)
    );
    for (request, status) in [
        (
            "GET /callback HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
            "421",
        ),
        (format!("POST /callback HTTP/1.1\r\n{host}\r\n"), "405"),
        (format!("HEAD /callback HTTP/1.1\r\n{host}\r\n"), "405"),
        (format!("GET /other HTTP/1.1\r\n{host}\r\n"), "404"),
        ("\u{16}\u{3}\u{1}".to_owned(), "400"),
    ] {
        let answer = talk(port, request.as_bytes()).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request} {answer}"
        );
    }
    for request in [long, many] {
        let answer = talk(port, request.as_bytes()).await;
        // The connection may be reset before the answer is read.
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
            "{answer}"
        );
    }
    let slow = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .expect("a connection");
    let (answer, ()) = tokio::join!(
        async { talk(port, &get(port, "code=a")).await },
        take(&mut *callbacks, "code=a")
    );
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    drop(slow);
}

#[tokio::test]
async fn lb_04_a_thousand_forgeries_do_not_keep_the_true_one_out() {
    let mut callbacks = listen().await;
    let port = callbacks.port();
    let mut talking = JoinSet::new();
    for n in 0..1_000 {
        talking.spawn(async move { talk(port, &get(port, &format!("state={n}"))).await });
    }
    talking.spawn(async move { talk(port, &get(port, "state=true")).await });
    let found = timeout(HANGS, take(&mut *callbacks, "state=true")).await;
    found.expect("the true answer was taken");
    drop(callbacks);
    let answers = timeout(HANGS, talking.join_all()).await.expect("answers");
    let taken = answers.iter().filter(|answer| answer.contains(" 200 "));
    assert_eq!(taken.count(), 1);
}

#[tokio::test]
async fn lb_05_after_the_flow_nobody_answers() {
    let mut callbacks = listen().await;
    let port = callbacks.port();
    let (answer, ()) = tokio::join!(
        async { talk(port, &get(port, "code=a")).await },
        take(&mut *callbacks, "code=a")
    );
    assert!(answer.starts_with("HTTP/1.1 200 "));
    let late = get(port, "code=a");
    let again = tokio::spawn(async move { talk(port, &late).await });
    let second = callbacks.next().await.expect("heard");
    drop(second.answer);
    assert!(again.await.expect("an answer").starts_with("HTTP/1.1 403 "));
}

#[tokio::test]
async fn lb_06_the_page_is_fixed_and_repeats_nothing() {
    let mut callbacks = listen().await;
    let port = callbacks.port();
    let query = "code=MARKER&state=%3Cscript%3E";
    let (answer, ()) = tokio::join!(
        async { talk(port, &get(port, query)).await },
        take(&mut *callbacks, query)
    );
    for header in [
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Content-Security-Policy: default-src 'none'",
        "X-Content-Type-Options: nosniff",
    ] {
        assert!(answer.contains(header), "{answer}");
    }
    assert!(
        !answer.contains("MARKER") && !answer.contains("script"),
        "{answer}"
    );
    assert!(answer.ends_with(TAKEN));
}
