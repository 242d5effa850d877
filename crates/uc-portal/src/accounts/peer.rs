//! Where a request came from.

use std::{
    convert::Infallible,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{Serialize, Serializer};

/// The other end of the connection. What a request says of itself (`X-Forwarded-For`) is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(IpAddr);

impl Peer {
    /// This address; an IPv4 address in IPv6's clothes is taken as what it is.
    #[must_use]
    pub const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// As the journal keeps it.
    #[must_use]
    pub const fn coarse(self) -> CoarseAddress {
        CoarseAddress::of(self.0)
    }

    /// As guesses are counted.
    #[must_use]
    pub const fn counted(self) -> CountedAddress {
        CountedAddress(match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    /// The accept loop says it of every connection; requests made inside the process are of this machine.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let said = parts.extensions.get::<Self>().copied();
        Ok(said.unwrap_or(Self(IpAddr::V4(Ipv4Addr::LOCALHOST))))
    }
}

/// What one subscriber has: an address of IPv4, a /64 of IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedAddress(IpAddr);

impl fmt::Display for CountedAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A neighbourhood of addresses: /24 of IPv4, /48 of IPv6. Enough to tell home from abroad, not to find a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoarseAddress(IpAddr);

impl CoarseAddress {
    /// The neighbourhood of an address.
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(address) => IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & !0xff)),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 80 << 80)),
        })
    }

    /// Reads what [`fmt::Display`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (address, _) = text.split_once('/')?;
        address.parse().ok().map(Self::of)
    }
}

impl fmt::Display for CoarseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = if self.0.is_ipv4() { 24 } else { 48 };
        write!(f, "{}/{bits}", self.0)
    }
}

impl Serialize for CoarseAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_01_a_subscriber_of_ipv6_has_one_count() {
        let counted = |text: &str| Peer::new(text.parse().unwrap()).counted();
        assert_eq!(counted("2001:db8::1"), counted("2001:db8::ffff:0:1"));
        assert_ne!(counted("2001:db8:0:1::1"), counted("2001:db8:0:2::1"));
        assert_ne!(counted("127.0.0.1"), counted("127.0.0.2"));
        assert_eq!(counted("::ffff:127.0.0.1"), counted("127.0.0.1"));
    }

    #[test]
    fn auth_08_the_journal_knows_neighbourhoods_only() {
        for (address, coarse) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("127.0.0.1", "127.0.0.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ] {
            let shown = Peer::new(address.parse().unwrap()).coarse();
            assert_eq!(shown.to_string(), coarse);
            assert_eq!(CoarseAddress::read(coarse), Some(shown));
        }
    }
}
