//! The order in which services stand.

/// A service's place among all: the most popular ones first, those of equal popularity as they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub(crate) i64);

impl Key {
    const SERIAL_BITS: u32 = 32;
    const MOST_POPULAR: i64 = 127;

    pub(super) fn new(popularity: u8, serial: i64) -> Self {
        let rank = Self::MOST_POPULAR - i64::from(popularity).min(Self::MOST_POPULAR);
        Self(rank << Self::SERIAL_BITS | serial)
    }

    /// 0 to 127.
    pub(crate) const fn popularity(self) -> i64 {
        Self::MOST_POPULAR - (self.0 >> Self::SERIAL_BITS)
    }

    pub(super) const fn serial(self) -> i64 {
        self.0 & ((1 << Self::SERIAL_BITS) - 1)
    }
}
