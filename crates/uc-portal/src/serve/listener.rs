//! The port that the portal keeps.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::StartError;
use crate::data_dir::DataDir;

const PORT_FILE: &str = "port";

/// Listens on `asked`. With port 0 the port of the last run comes first, so that the issuer stays the same.
pub(super) async fn bind(dir: &DataDir, asked: SocketAddr) -> Result<TcpListener, StartError> {
    let refused = |source| StartError::Listen {
        address: asked,
        source,
    };
    let listener = match kept_port(dir, asked)? {
        Some(kept) => match TcpListener::bind(kept).await {
            Ok(listener) => listener,
            Err(error) => {
                tracing::warn!(%error, address = %kept, "the last port is taken: clients must be pointed to the new one");
                TcpListener::bind(asked).await.map_err(refused)?
            }
        },
        None => TcpListener::bind(asked).await.map_err(refused)?,
    };
    let port = listener.local_addr().map_err(refused)?.port();
    dir.write(PORT_FILE, &port.to_string())?;
    Ok(listener)
}

fn kept_port(dir: &DataDir, asked: SocketAddr) -> Result<Option<SocketAddr>, StartError> {
    if asked.port() != 0 {
        return Ok(None);
    }
    let port = dir
        .read(PORT_FILE)?
        .and_then(|text| text.trim().parse::<u16>().ok());
    Ok(port.map(|port| SocketAddr::new(asked.ip(), port)))
}
