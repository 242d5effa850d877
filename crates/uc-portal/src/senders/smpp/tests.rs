use rusmpp::pdus::{BindTransmitterResp, SubmitSmResp};
use tokio::{net::TcpListener, task::JoinHandle};

use super::*;
use crate::senders::Recipient;

/// No centre of these tests is that slow unless it says nothing at all.
const SHORT: Duration = Duration::from_millis(100);

const RUSSIAN: &str =
    "Единый клиент: код 123456. Никому его не сообщайте, даже сотрудникам. Действует 5 минут.";

fn letter(body: &str) -> Letter {
    Letter {
        to: Recipient::Sms("+79000000001".parse().unwrap()),
        subject: String::new(),
        body: body.to_owned(),
    }
}

/// What a message centre says to a bind and to each part.
#[derive(Clone, Copy)]
struct Answers {
    bind: CommandStatus,
    part: CommandStatus,
}

const WILLING: Answers = Answers {
    bind: CommandStatus::EsmeRok,
    part: CommandStatus::EsmeRok,
};

/// What it heard.
#[derive(Default)]
struct Heard {
    system_id: String,
    password: String,
    parts: Vec<SubmitSm>,
    goodbye: bool,
}

/// A message centre for one client, which asks between any two answers whether the client is still there.
async fn centre(answers: Answers) -> (String, JoinHandle<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smpp://portal:p%40ss@{}", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut wire = Framed::new(stream, CommandCodec::new());
        let mut heard = Heard::default();
        while let Some(Ok(command)) = wire.next().await {
            let number = command.sequence_number();
            let Some((status, answer)) = heard.hear(&command, answers) else {
                continue;
            };
            let question = Command::new(CommandStatus::EsmeRok, 1000, Pdu::EnquireLink);
            wire.send(question).await.unwrap();
            let answer = Command::new(status, number, answer);
            wire.send(answer).await.unwrap();
            if heard.goodbye {
                break;
            }
        }
        heard
    });
    (url, heard)
}

impl Heard {
    fn hear(&mut self, command: &Command, answers: Answers) -> Option<(CommandStatus, Pdu)> {
        let pdu = command.pdu()?;
        if let Pdu::BindTransmitter(bind) = pdu {
            self.system_id = bind.system_id.to_string();
            self.password = bind.password.to_string();
            Some((answers.bind, BindTransmitterResp::default().into()))
        } else if let Pdu::SubmitSm(part) = pdu {
            self.parts.push(part.clone());
            Some((answers.part, SubmitSmResp::default().into()))
        } else if *pdu == Pdu::Unbind {
            self.goodbye = true;
            Some((CommandStatus::EsmeRok, Pdu::UnbindResp))
        } else {
            None
        }
    }

    /// The words of a part, behind its header if it has one.
    fn words(&self, part: usize) -> String {
        let bytes = self.parts[part].short_message().as_ref();
        let header = if self.parts.len() > 1 {
            1 + usize::from(bytes[0])
        } else {
            0
        };
        let units: Vec<u16> = bytes[header..]
            .chunks(2)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).unwrap()
    }
}

fn carrier(url: &str) -> SmppCarrier {
    let address = SmppAddress {
        url: url.to_owned().into(),
        from: "EdKlient".to_owned(),
        authority: None,
    };
    SmppCarrier::new(&address).unwrap()
}

#[tokio::test]
async fn note_02_an_sms_reaches_the_message_centre_in_parts() {
    let (url, heard) = centre(WILLING).await;
    carrier(&url).carry(&letter(RUSSIAN)).await.unwrap();
    let heard = heard.await.unwrap();
    assert_eq!(
        (heard.system_id.as_str(), heard.password.as_str()),
        ("portal", "p@ss")
    );
    assert!(heard.goodbye);
    assert_eq!(heard.parts.len(), 2);
    for part in &heard.parts {
        assert_eq!(part.destination_addr.to_string(), "79000000001");
        assert_eq!(part.source_addr.to_string(), "EdKlient");
        assert!(part.short_message().as_ref().len() <= 140);
    }
    assert_eq!(heard.words(0) + &heard.words(1), RUSSIAN);
}

#[tokio::test]
async fn note_02_a_short_sms_is_one_message() {
    let (url, heard) = centre(WILLING).await;
    carrier(&url).carry(&letter("код 123456")).await.unwrap();
    let heard = heard.await.unwrap();
    assert_eq!(
        (heard.parts.len(), heard.words(0).as_str()),
        (1, "код 123456")
    );
}

#[tokio::test]
async fn note_05_what_a_message_centre_answers_is_told_apart() {
    let own = CommandStatus::Other(0x0000_0401);
    for (bind, part, told) in [
        (CommandStatus::EsmeRok, own, CarryError::Unreachable),
        (
            CommandStatus::EsmeRok,
            CommandStatus::EsmeRthrottled,
            CarryError::Unreachable,
        ),
        (
            CommandStatus::EsmeRok,
            CommandStatus::EsmeRmsgqful,
            CarryError::Unreachable,
        ),
        (
            CommandStatus::EsmeRok,
            CommandStatus::EsmeRsyserr,
            CarryError::Unreachable,
        ),
        (
            CommandStatus::EsmeRok,
            CommandStatus::EsmeRinvdstadr,
            CarryError::Refused,
        ),
        (
            CommandStatus::EsmeRinvpaswd,
            CommandStatus::EsmeRok,
            CarryError::Unreachable,
        ),
    ] {
        let (url, heard) = centre(Answers { bind, part }).await;
        let carried = carrier(&url).carry(&letter(RUSSIAN)).await;
        assert_eq!(carried, Err(told), "{bind:?} {part:?}");
        // Nothing more is said after a refusal.
        assert!(heard.await.unwrap().parts.len() <= 1);
    }
}

#[tokio::test]
async fn note_05_a_message_centre_that_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smpp://portal:p@{}", silent.local_addr().unwrap());
    let patient = carrier(&url).with_patience(SHORT);
    assert_eq!(patient.carry(&letter("1")).await, Err(CarryError::TimedOut));
    drop(silent);
    assert_eq!(
        carrier(&url).carry(&letter("1")).await,
        Err(CarryError::Unreachable)
    );
}

#[test]
fn nw_01_nothing_leaves_this_machine_in_the_clear() {
    let refused = |url: &str, from: &str| {
        let address = SmppAddress {
            url: url.to_owned().into(),
            from: from.to_owned(),
            authority: None,
        };
        SmppCarrier::new(&address).is_err()
    };
    assert!(refused("smpp://portal:p@192.0.2.1:2775", "EdKlient"));
    assert!(refused("http://127.0.0.1", "EdKlient"));
    assert!(refused("smpp://127.0.0.1", "a name that no centre takes"));
    assert!(refused(
        "smpp://a-system-id-that-is-too-long:p@127.0.0.1",
        "EdKlient"
    ));
    assert!(!refused("smpps://portal:p@192.0.2.1", "79000000000"));
}
