//! Who carries messages.

use std::{fmt, pin::Pin, sync::Arc};

use super::Letter;

/// Why a letter was not taken. Says nothing of the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CarryError {
    /// The other side cannot be reached, or is busy: worth another try.
    #[error("not reached")]
    Unreachable,
    /// No answer in time: worth another try.
    #[error("no answer in time")]
    TimedOut,
    /// The other side will not take it.
    #[error("refused")]
    Refused,
    /// Nobody carries on this channel.
    #[error("no carrier")]
    NoCarrier,
}

impl CarryError {
    /// Whether another try may help.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut => true,
            Self::Refused | Self::NoCarrier => false,
        }
    }

    /// The word that the log keeps.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Refused => "refused",
            Self::NoCarrier => "no_carrier",
        }
    }
}

/// A letter on its way.
pub type Carrying<'a> = Pin<Box<dyn Future<Output = Result<(), CarryError>> + Send + 'a>>;

/// Takes letters of one channel to their recipients.
pub trait Carrier: Send + Sync + 'static {
    /// Takes one; done when the other side has it.
    fn carry<'a>(&'a self, letter: &'a Letter) -> Carrying<'a>;
}

/// How letters of a channel travel.
#[derive(Clone)]
pub enum Route {
    /// Into the demo's mailbox.
    Mailbox,
    /// By this carrier.
    By(Arc<dyn Carrier>),
    /// Not at all.
    Nowhere,
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mailbox => "Mailbox",
            Self::By(_) => "By(..)",
            Self::Nowhere => "Nowhere",
        })
    }
}

/// Why there is no such route.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// The address of the server, or of the sender, does not read.
    #[error("the mail server's URL or the sender's address is malformed")]
    Malformed,
    /// The authority to trust does not read.
    #[error("the mail server's certificate authority is malformed")]
    Authority,
    /// The HTTP client cannot be made.
    #[error("the gateway's client cannot be made")]
    Client,
}

/// Carries nothing.
pub(super) struct Nobody;

impl Carrier for Nobody {
    fn carry<'a>(&'a self, _: &'a Letter) -> Carrying<'a> {
        Box::pin(async { Err(CarryError::NoCarrier) })
    }
}
