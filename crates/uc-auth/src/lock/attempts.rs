//! Counting wrong passcodes: four, a minute; four more, five minutes; two more, and the keys are gone.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// Wrong passcodes in a row after which the keys are wiped.
pub const MAX_ATTEMPTS: u8 = 10;

const VALUE_BYTES: usize = 9;
const CHECK_BYTES: usize = 4;

/// Wrong passcodes in a row, and when the last one was. Kept twice; the greater one counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempts {
    /// How many. A try counts before it is checked, so that killing the client gives none for free.
    pub wrong: u8,
    /// The machine's uptime at the last one, in milliseconds.
    pub at_uptime_ms: u64,
}

/// Whether a passcode is taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Allowed,
    /// Only after this time.
    Wait(Duration),
    /// Never: the keys are to be wiped.
    UsedUp,
}

impl Attempts {
    /// One more.
    #[must_use]
    pub fn counted(self, uptime: Duration) -> Self {
        Self {
            wrong: self.wrong.saturating_add(1),
            at_uptime_ms: millis(uptime),
        }
    }

    /// Tries left.
    #[must_use]
    pub const fn left(self) -> u8 {
        MAX_ATTEMPTS.saturating_sub(self.wrong)
    }

    /// Whether a passcode is taken at this uptime. The wall clock has no say.
    #[must_use]
    pub fn verdict(self, uptime: Duration) -> Verdict {
        if self.wrong >= MAX_ATTEMPTS {
            return Verdict::UsedUp;
        }
        match self.pause().saturating_sub(self.surely_passed(uptime)) {
            Duration::ZERO => Verdict::Allowed,
            remaining => Verdict::Wait(remaining),
        }
    }

    /// As stored: the value, and four bytes that show damage, which must not read as wrong passcodes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; VALUE_BYTES + CHECK_BYTES] {
        let mut value = [0; VALUE_BYTES];
        value[0] = self.wrong;
        value[1..].copy_from_slice(&self.at_uptime_ms.to_le_bytes());
        let mut bytes = [0; VALUE_BYTES + CHECK_BYTES];
        bytes[..VALUE_BYTES].copy_from_slice(&value);
        bytes[VALUE_BYTES..].copy_from_slice(&check(value));
        bytes
    }

    /// As read back; a damaged record counts as none, the other copy decides.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (value, kept) = bytes.split_first_chunk::<VALUE_BYTES>()?;
        let (wrong, at) = value.split_first()?;
        (check(*value) == kept).then_some(Self {
            wrong: *wrong,
            at_uptime_ms: u64::from_le_bytes(at.try_into().ok()?),
        })
    }

    fn pause(self) -> Duration {
        match self.wrong {
            4 => Duration::from_mins(1),
            8 => Duration::from_mins(5),
            _ => Duration::ZERO,
        }
    }

    /// After a restart of the machine only the time since then is certain to have passed.
    fn surely_passed(self, uptime: Duration) -> Duration {
        uptime
            .checked_sub(Duration::from_millis(self.at_uptime_ms))
            .unwrap_or(uptime)
    }
}

fn check(value: [u8; VALUE_BYTES]) -> [u8; CHECK_BYTES] {
    let mut check = [0; CHECK_BYTES];
    check.copy_from_slice(&Sha256::digest(value)[..CHECK_BYTES]);
    check
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
