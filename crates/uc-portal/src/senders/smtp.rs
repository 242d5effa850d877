//! E-mail by SMTP (RFC 5321), with TLS 1.3 from the first byte (RFC 8314 §3).
//!
//! lettre writes the message and speaks the protocol; the connection is ours, because lettre's own brings TLS 1.2.

use std::time::Duration;

use lettre::{
    Message,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::AsyncSmtpConnection,
        extension::ClientId,
    },
};
use tokio::time::timeout;
use uc_model::SecretString;
use url::Url;

use super::{
    Carrier, CarryError, Carrying, Letter, RouteError,
    server::{Server, unescaped},
};

/// A letter is taken within this, or it is tried again.
const PATIENCE: Duration = Duration::from_secs(30);

const SUBMISSIONS_PORT: u16 = 465;
const LOCAL_PORT: u16 = 25;

/// Where the mail server is and who writes.
#[derive(Debug, Clone)]
pub struct SmtpAddress {
    /// `smtps://user:password@host:465`; `smtp://127.0.0.1:25` for a relay on this machine alone: nothing else is sent
    /// in the clear.
    pub url: SecretString,
    /// `Unified client <no-reply@example.org>`.
    pub from: String,
    /// The authority of the server's certificate in PEM; absent for those that the system trusts.
    pub authority: Option<String>,
}

/// Hands letters to a mail server.
pub struct SmtpCarrier {
    server: Server,
    credentials: Option<Credentials>,
    from: Mailbox,
    patience: Duration,
}

impl SmtpCarrier {
    /// The server at `address`; it is not asked yet.
    pub fn new(address: &SmtpAddress) -> Result<Self, RouteError> {
        let url = Url::parse(address.url.expose()).map_err(|_| RouteError::Malformed)?;
        let schemes = [("smtps", SUBMISSIONS_PORT), ("smtp", LOCAL_PORT)];
        Ok(Self {
            server: Server::at(&url, schemes, address.authority.as_deref())?,
            credentials: credentials(&url)?,
            from: address.from.parse().map_err(|_| RouteError::Malformed)?,
            patience: PATIENCE,
        })
    }

    /// With another patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    fn message(&self, letter: &Letter) -> Result<Message, CarryError> {
        let to: Mailbox = letter
            .to
            .address()
            .parse()
            .map_err(|_| CarryError::Refused)?;
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .map_err(|_| CarryError::Refused)
    }

    async fn send(&self, message: Message) -> Result<(), CarryError> {
        let mut server = self.connect().await?;
        if let Some(credentials) = &self.credentials {
            server
                .auth(DEFAULT_MECHANISMS, credentials)
                .await
                .map_err(|error| fault(&error))?;
        }
        let sent = server.send(message.envelope(), &message.formatted()).await;
        // The server has it or not, however the goodbye goes.
        let _ = server.quit().await;
        sent.map(drop).map_err(|error| fault(&error))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, CarryError> {
        let wire = self.server.connect().await?;
        AsyncSmtpConnection::connect_with_transport(wire, &ClientId::default())
            .await
            .map_err(|error| fault(&error))
    }
}

impl Carrier for SmtpCarrier {
    fn carry<'a>(&'a self, letter: &'a Letter) -> Carrying<'a> {
        Box::pin(async move {
            let message = self.message(letter)?;
            timeout(self.patience, self.send(message))
                .await
                .unwrap_or(Err(CarryError::TimedOut))
        })
    }
}

/// 5yz is for good (RFC 5321 §4.2.1); all else may pass.
fn fault(error: &lettre::transport::smtp::Error) -> CarryError {
    if error.is_permanent() {
        CarryError::Refused
    } else {
        CarryError::Unreachable
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, RouteError> {
    let Some(password) = url.password() else {
        return Ok(None);
    };
    Ok(Some(Credentials::new(
        unescaped(url.username())?,
        unescaped(password)?,
    )))
}
