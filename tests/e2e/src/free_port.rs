//! Ports for programs that cannot choose one themselves.

use std::net::{Ipv4Addr, TcpListener};

use crate::Result;

/// A loopback port nobody listens on at this moment.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
