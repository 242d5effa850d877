//! SMS by SMPP 5.0 (SMS Forum, 2003): a bind, the parts of one letter, an unbind.
//!
//! rusmpp writes and reads the protocol, finds the alphabet and cuts long letters; the exchange is ours, because a letter
//! is a handful of questions, each answered before the next.

use std::{
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use rusmpp::{
    Command, CommandId, CommandStatus, Pdu,
    extra::{concatenation::SubmitSmMultipartExt, encoding::ucs2::Ucs2},
    pdus::{BindTransmitter, SubmitSm},
    tokio_codec::CommandCodec,
    types::COctetString,
    values::{Npi, Ton},
};
use tokio::time::timeout;
use tokio_util::codec::Framed;
use uc_model::SecretString;
use url::Url;

use super::{
    Carrier, CarryError, Carrying, Letter, RouteError,
    server::{Server, unescaped},
    wire::Wire,
};

/// A letter is taken within this, or it is tried again.
const PATIENCE: Duration = Duration::from_secs(30);

const SEALED_PORT: u16 = 3550;
const OPEN_PORT: u16 = 2775;

/// Where the message centre is and who writes.
#[derive(Debug, Clone)]
pub struct SmppAddress {
    /// `smpps://system-id:password@host:3550`; `smpp://127.0.0.1:2775` for a tunnel on this machine alone: nothing else is
    /// sent in the clear.
    pub url: SecretString,
    /// The name or number that letters come from: 11 letters and digits, or a number.
    pub from: String,
    /// The authority of the server's certificate in PEM; absent for those that the system trusts.
    pub authority: Option<String>,
}

/// Hands letters to a message centre.
pub struct SmppCarrier {
    server: Server,
    bind: BindTransmitter,
    from: (Ton, COctetString<1, 21>),
    /// Tells the parts of one letter from those of another.
    reference: AtomicU16,
    patience: Duration,
}

impl SmppCarrier {
    /// The message centre at `address`; it is not asked yet.
    pub fn new(address: &SmppAddress) -> Result<Self, RouteError> {
        let url = Url::parse(address.url.expose()).map_err(|_| RouteError::Malformed)?;
        let schemes = [("smpps", SEALED_PORT), ("smpp", OPEN_PORT)];
        let is_number = address.from.bytes().all(|byte| byte.is_ascii_digit());
        let kind = if is_number {
            Ton::International
        } else {
            Ton::Alphanumeric
        };
        Ok(Self {
            server: Server::at(&url, schemes, address.authority.as_deref())?,
            bind: BindTransmitter::builder()
                .system_id(octets(&unescaped(url.username())?)?)
                .password(octets(&unescaped(url.password().unwrap_or_default())?)?)
                .build(),
            from: (kind, octets(&address.from)?),
            reference: AtomicU16::new(0),
            patience: PATIENCE,
        })
    }

    /// With another patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// In the alphabet of GSM where it has the letters, else in UCS-2; cut where one message cannot hold it.
    fn parts(&self, letter: &Letter) -> Result<Vec<SubmitSm>, CarryError> {
        let to = letter.to.address().trim_start_matches('+');
        let (kind, from) = &self.from;
        let parts = SubmitSm::builder()
            .source_addr_ton(*kind)
            .source_addr_npi(Npi::Isdn)
            .source_addr(from.clone())
            .dest_addr_ton(Ton::International)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(octets(to).map_err(|_| CarryError::Refused)?)
            .build()
            .multipart(&letter.body)
            .reference_u16(self.reference.fetch_add(1, Ordering::Relaxed))
            .gsm7bit_unpacked()
            .fallback(Ucs2::new())
            .build();
        parts.map_err(|_| CarryError::Refused)
    }

    async fn send(&self, parts: Vec<SubmitSm>) -> Result<(), CarryError> {
        let wire = self.server.connect().await?;
        let mut talk = Talk {
            wire: Framed::new(wire, CommandCodec::new()),
            asked: 0,
        };
        // A wrong password is the keeper's to mend, and letters wait for that.
        let bound = talk.ask(self.bind.clone()).await?;
        if bound != CommandStatus::EsmeRok {
            return Err(CarryError::Unreachable);
        }
        for part in parts {
            judge(talk.ask(part).await?)?;
        }
        // The centre has it, however the goodbye goes.
        let _ = talk.ask(Pdu::Unbind).await;
        Ok(())
    }
}

impl Carrier for SmppCarrier {
    fn carry<'a>(&'a self, letter: &'a Letter) -> Carrying<'a> {
        Box::pin(async move {
            let parts = self.parts(letter)?;
            timeout(self.patience, self.send(parts))
                .await
                .unwrap_or(Err(CarryError::TimedOut))
        })
    }
}

fn octets<const MIN: usize, const MAX: usize>(
    text: &str,
) -> Result<COctetString<MIN, MAX>, RouteError> {
    text.parse().map_err(|_| RouteError::Malformed)
}

/// Questions and answers on one connection.
struct Talk {
    wire: Framed<Wire, CommandCodec>,
    asked: u32,
}

impl Talk {
    /// Asks, and waits for the answer to just that.
    async fn ask(&mut self, question: impl Into<Pdu>) -> Result<CommandStatus, CarryError> {
        self.asked += 1;
        let question = Command::new(CommandStatus::EsmeRok, self.asked, question);
        self.say(question).await?;
        loop {
            let heard = self.wire.next().await.ok_or(CarryError::Unreachable)?;
            let heard = heard.map_err(|_| CarryError::Unreachable)?;
            if heard.id() == CommandId::EnquireLink {
                let here = Command::new(
                    CommandStatus::EsmeRok,
                    heard.sequence_number(),
                    Pdu::EnquireLinkResp,
                );
                self.say(here).await?;
            } else if heard.sequence_number() == self.asked {
                return Ok(heard.status());
            }
        }
    }

    async fn say(&mut self, command: Command) -> Result<(), CarryError> {
        let said = self.wire.send(command).await;
        said.map_err(|_| CarryError::Unreachable)
    }
}

/// A centre that is busy or broken may take it later (SMPP 5.0 §4.7.6), and nobody knows what codes of its own mean; all
/// else is about the letter.
const fn judge(status: CommandStatus) -> Result<(), CarryError> {
    let is_passing = matches!(
        status,
        CommandStatus::EsmeRthrottled
            | CommandStatus::EsmeRmsgqful
            | CommandStatus::EsmeRsyserr
            | CommandStatus::EsmeRsubmitfail
            | CommandStatus::EsmeRxTAppn
            | CommandStatus::Other(_)
    );
    if matches!(status, CommandStatus::EsmeRok) {
        Ok(())
    } else if is_passing {
        Err(CarryError::Unreachable)
    } else {
        Err(CarryError::Refused)
    }
}

#[cfg(test)]
mod tests;
