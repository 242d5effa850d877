//! Servers of carriers: under TLS 1.3 from the first byte, or in the clear on this machine alone.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::TLS13,
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use super::{
    CarryError, RouteError,
    wire::{Sealed, Wire},
};

/// Where a server is, and how it is reached.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Server {
    /// The one that an URL names, by its sealed scheme or its open one, each with its usual port.
    pub(super) fn at(
        url: &Url,
        [sealed, open]: [(&str, u16); 2],
        authority: Option<&str>,
    ) -> Result<Self, RouteError> {
        let host = url.host_str().ok_or(RouteError::Malformed)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let (tls, usual) = if url.scheme() == sealed.0 {
            (Some(connector(&host, authority)?), sealed.1)
        } else if url.scheme() == open.0 && is_this_machine(&host) {
            (None, open.1)
        } else {
            return Err(RouteError::Malformed);
        };
        Ok(Self {
            port: url.port().unwrap_or(usual),
            host,
            tls,
        })
    }

    pub(super) async fn connect(&self) -> Result<Wire, CarryError> {
        let unreachable = |_| CarryError::Unreachable;
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(unreachable)?;
        let Some((connector, name)) = &self.tls else {
            return Ok(Box::new(stream));
        };
        let sealed = connector.connect(name.clone(), stream).await;
        Ok(Box::new(Sealed(sealed.map_err(unreachable)?)))
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

/// What an URL writes as `%40` and its like, because it cannot hold it.
pub(super) fn unescaped(text: &str) -> Result<String, RouteError> {
    url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .ok_or(RouteError::Malformed)
}
