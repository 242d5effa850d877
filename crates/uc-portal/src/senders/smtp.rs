//! E-mail by SMTP (RFC 5321), with TLS 1.3 from the first byte (RFC 8314 §3).
//!
//! lettre writes the message and speaks the protocol; the connection is ours, because lettre's own brings TLS 1.2.

use std::{sync::Arc, time::Duration};

use lettre::{
    Message,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::AsyncSmtpConnection,
        extension::ClientId,
    },
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::TLS13,
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;
use uc_model::SecretString;
use url::Url;

use super::{
    Carrier, CarryError, Carrying, Letter, RouteError,
    wire::{Sealed, Wire},
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
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    credentials: Option<Credentials>,
    from: Mailbox,
    patience: Duration,
}

impl SmtpCarrier {
    /// The server at `address`; it is not asked yet.
    pub fn new(address: &SmtpAddress) -> Result<Self, RouteError> {
        let url = Url::parse(address.url.expose()).map_err(|_| RouteError::Malformed)?;
        let host = url.host_str().ok_or(RouteError::Malformed)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let tls = match url.scheme() {
            "smtps" => Some(connector(&host, address.authority.as_deref())?),
            "smtp" if is_this_machine(&host) => None,
            _ => return Err(RouteError::Malformed),
        };
        let usual = if tls.is_some() {
            SUBMISSIONS_PORT
        } else {
            LOCAL_PORT
        };
        Ok(Self {
            port: url.port().unwrap_or(usual),
            host,
            tls,
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
        let unreachable = |_| CarryError::Unreachable;
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(unreachable)?;
        let wire: Wire = match &self.tls {
            None => Box::new(stream),
            Some((connector, name)) => Box::new(Sealed(
                connector
                    .connect(name.clone(), stream)
                    .await
                    .map_err(unreachable)?,
            )),
        };
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

fn connector(
    host: &str,
    authority: Option<&str>,
) -> Result<(TlsConnector, ServerName<'static>), RouteError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(|_| RouteError::Client)?;
    let config = match authority {
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            let authority = CertificateDer::from_pem_slice(pem.as_bytes())
                .map_err(|_| RouteError::Authority)?;
            roots.add(authority).map_err(|_| RouteError::Authority)?;
            builder.with_root_certificates(roots)
        }
        None => builder
            .with_platform_verifier()
            .map_err(|_| RouteError::Client)?,
    };
    let name = ServerName::try_from(host.to_owned()).map_err(|_| RouteError::Malformed)?;
    Ok((
        TlsConnector::from(Arc::new(config.with_no_client_auth())),
        name,
    ))
}

/// A relay on the loopback interface, by its address.
fn is_this_machine(host: &str) -> bool {
    host.parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

fn credentials(url: &Url) -> Result<Option<Credentials>, RouteError> {
    let Some(password) = url.password() else {
        return Ok(None);
    };
    let read = |text: &str| {
        // `%40` and its like, as URLs write what they cannot hold.
        url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes())
            .next()
            .map(|(name, _)| name.into_owned())
            .ok_or(RouteError::Malformed)
    };
    Ok(Some(Credentials::new(
        read(url.username())?,
        read(password)?,
    )))
}
