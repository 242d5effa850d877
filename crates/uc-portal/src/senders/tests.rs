use std::{sync::Arc, time::Duration};

use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode, routing::post};
use jiff::Timestamp;
use rustls::ServerConfig;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    sync::mpsc,
};
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{data_dir::DataDir, pki, store::DeliveryEnd};

/// No server of these tests is that slow unless it says nothing at all.
const SHORT: Duration = Duration::from_millis(100);

fn letter() -> Letter {
    Letter {
        to: Recipient::Email("anna@example.org".into()),
        subject: "Вход в новом браузере".into(),
        body: "Firefox, Linux".into(),
    }
}

fn sms() -> Letter {
    Letter {
        to: Recipient::Sms("+79000000001".parse().unwrap()),
        ..letter()
    }
}

/// Answers one client as a mail server does; `refused` is the command that it does not take. Tells what it got.
async fn speak(wire: impl AsyncRead + AsyncWrite + Unpin, refused: Option<&str>) -> Vec<String> {
    let mut wire = BufReader::new(wire);
    wire.write_all(b"220 here\r\n").await.unwrap();
    let (mut heard, mut in_letter) = (Vec::new(), false);
    loop {
        let mut line = String::new();
        if wire.read_line(&mut line).await.unwrap_or(0) == 0 {
            return heard;
        }
        let line = line.trim_end().to_owned();
        let answer = if in_letter {
            in_letter = line != ".";
            (!in_letter).then_some("250 taken\r\n")
        } else if refused.is_some_and(|command| line.starts_with(command)) {
            Some("550 no\r\n")
        } else if line.starts_with("EHLO") {
            Some("250-here\r\n250 AUTH PLAIN\r\n")
        } else if line.starts_with("AUTH") {
            Some("235 yes\r\n")
        } else if line == "DATA" {
            in_letter = true;
            Some("354 go on\r\n")
        } else {
            Some("250 yes\r\n")
        };
        heard.push(line);
        if let Some(answer) = answer {
            wire.write_all(answer.as_bytes()).await.unwrap();
        }
    }
}

struct MailServer {
    port: u16,
    heard: tokio::task::JoinHandle<Vec<String>>,
}

async fn mail_server(tls: Option<Arc<ServerConfig>>, refused: Option<&'static str>) -> MailServer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        match tls {
            None => speak(stream, refused).await,
            Some(tls) => match TlsAcceptor::from(tls).accept(stream).await {
                Ok(stream) => speak(stream, refused).await,
                Err(_) => Vec::new(),
            },
        }
    });
    MailServer { port, heard }
}

fn carrier(url: String, authority: Option<String>) -> SmtpCarrier {
    SmtpCarrier::new(&SmtpAddress {
        url: url.into(),
        from: "Единый клиент <no-reply@example.org>".into(),
        authority,
    })
    .unwrap()
}

fn certificates(dir: &std::path::Path) -> pki::Pki {
    let dir = DataDir::open(dir).unwrap();
    pki::load_or_create(&dir, None, "2026-03-02T09:00:00Z".parse().unwrap()).unwrap()
}

#[tokio::test]
async fn note_02_a_letter_reaches_the_mail_server_under_tls() {
    let dir = tempfile::tempdir().unwrap();
    let now = crate::clock::PortalClock::now(&crate::SystemClock);
    let pki = pki::load_or_create(&DataDir::open(dir.path()).unwrap(), None, now).unwrap();
    let server = mail_server(Some(pki.tls), None).await;
    let url = format!("smtps://portal:p%40ss@127.0.0.1:{}", server.port);
    carrier(url, Some(pki.ca_pem))
        .carry(&letter())
        .await
        .unwrap();
    let heard = server.heard.await.unwrap();
    let has = |text: &str| heard.iter().any(|line| line.contains(text));
    for text in [
        "MAIL FROM:<no-reply@example.org>",
        "RCPT TO:<anna@example.org>",
        "Subject: =?utf-8?b?",
        "Firefox, Linux",
    ] {
        assert!(has(text), "{text} in {heard:?}");
    }
    // NUL portal NUL p@ss.
    assert!(has("AUTH PLAIN AHBvcnRhbABwQHNz"));
}

#[tokio::test]
async fn nw_01_a_mail_server_of_another_authority_gets_nothing() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = mail_server(Some(certificates(one.path()).tls), None).await;
    let url = format!("smtps://127.0.0.1:{}", server.port);
    let carrier = carrier(url, Some(certificates(other.path()).ca_pem));
    assert_eq!(carrier.carry(&letter()).await, Err(CarryError::Unreachable));
    assert!(server.heard.await.unwrap().is_empty());
}

#[tokio::test]
async fn note_05_what_a_mail_server_answers_is_told_apart() {
    for (refused, told) in [
        (None, Ok(())),
        (Some("RCPT"), Err(CarryError::Refused)),
        (Some("DATA"), Err(CarryError::Refused)),
    ] {
        let server = mail_server(None, refused).await;
        let carrier = carrier(format!("smtp://127.0.0.1:{}", server.port), None);
        assert_eq!(carrier.carry(&letter()).await, told, "{refused:?}");
    }
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let patient = carrier(url.clone(), None).with_patience(SHORT);
    assert_eq!(patient.carry(&letter()).await, Err(CarryError::TimedOut));
    drop(silent);
    let gone = carrier(url, None).carry(&letter()).await;
    assert_eq!(gone, Err(CarryError::Unreachable));
}

#[test]
fn nw_02_nothing_is_sent_in_the_clear_but_on_this_machine() {
    for (url, taken) in [
        ("smtp://127.0.0.1:25", true),
        ("smtp://[::1]", true),
        ("smtp://mail.example.org:587", false),
        ("http://127.0.0.1", false),
        ("mail.example.org", false),
    ] {
        let address = SmtpAddress {
            url: url.to_owned().into(),
            from: "no-reply@example.org".into(),
            authority: None,
        };
        assert_eq!(SmtpCarrier::new(&address).is_ok(), taken, "{url}");
    }
    let gateway = |url| SmsGateway::new(url, "key".to_owned().into()).is_ok();
    assert!(gateway("https://sms.example.org/send"));
    assert!(!gateway("http://sms.example.org/send"));
}

async fn gateway(status: StatusCode) -> (SmsGateway, mpsc::UnboundedReceiver<(HeaderMap, Bytes)>) {
    let (tell, told) = mpsc::unbounded_channel();
    let answer = move |headers: HeaderMap, body: Bytes| async move {
        tell.send((headers, body)).unwrap();
        status
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    let router = Router::new().route("/send", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let gateway = SmsGateway::new(&url, "the-key".to_owned().into()).unwrap();
    (gateway, told)
}

#[tokio::test]
async fn note_02_a_text_message_is_handed_to_the_gateway() {
    let (gateway, mut told) = gateway(StatusCode::ACCEPTED).await;
    gateway.carry(&sms()).await.unwrap();
    let (headers, body) = told.recv().await.unwrap();
    assert_eq!(headers["authorization"], "Bearer the-key");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"to": "+79000000001", "text": "Firefox, Linux"})
    );
}

#[tokio::test]
async fn note_05_what_a_gateway_answers_is_told_apart() {
    for (status, told) in [
        (StatusCode::OK, Ok(())),
        (StatusCode::BAD_REQUEST, Err(CarryError::Refused)),
        (StatusCode::FOUND, Err(CarryError::Refused)),
        (StatusCode::TOO_MANY_REQUESTS, Err(CarryError::Unreachable)),
        (StatusCode::BAD_GATEWAY, Err(CarryError::Unreachable)),
    ] {
        let (gateway, _told) = gateway(status).await;
        assert_eq!(gateway.carry(&sms()).await, told, "{status}");
    }
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let gateway = SmsGateway::new(&url, "key".to_owned().into()).unwrap();
    let late = gateway.with_patience(SHORT).carry(&sms()).await;
    assert_eq!(late, Err(CarryError::TimedOut));
}

#[test]
fn note_05_tries_are_few_and_end_with_the_messages_worth() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let passing = CarryError::Unreachable;
    let again = |second| DeliveryEnd::Again {
        at: at(second),
        error: passing,
    };
    for (carried, tries, expires, ended) in [
        (Ok(()), 3, 1000, DeliveryEnd::Sent),
        (Err(passing), 0, 1000, again(102)),
        (Err(passing), 1, 1000, again(115)),
        (Err(passing), 2, 1000, again(160)),
        (
            Err(passing),
            3,
            1000,
            DeliveryEnd::Failed { error: passing },
        ),
        (
            Err(passing),
            2,
            160,
            DeliveryEnd::Expired { error: passing },
        ),
        (
            Err(CarryError::Refused),
            0,
            1000,
            DeliveryEnd::Failed {
                error: CarryError::Refused,
            },
        ),
    ] {
        let delivery = Delivery {
            id: uuid::Uuid::nil(),
            letter: letter(),
            tries,
            expires_at: at(expires),
        };
        assert_eq!(run::end(carried, &delivery, at(100)), ended, "{tries}");
    }
}

#[test]
fn pr_04_a_printed_letter_tells_neither_address_nor_words() {
    assert_eq!(format!("{:?}", letter()), "Letter(Recipient(Email, •••))");
}
