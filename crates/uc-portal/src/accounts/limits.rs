//! How many guesses are compared, and how the pauses between them grow.
//!
//! A guess counts for several subjects, and each must allow it. In browsers where a person is not known, 70 guesses a
//! day are compared for an account, wherever they come from; in those where they are known, 30 in all: never more than
//! 100 a day (NIST SP 800-63B §5.2.2). The two are counted apart, so that strangers who use up theirs do not keep the
//! person out.

use jiff::{SignedDuration, Timestamp};
use uc_model::PersonId;

use super::{CountedAddress, DeviceId};
use crate::{data_dir::hex, entropy::TokenHash};

/// What guesses are counted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An account, in browsers where its person is not known.
    Account(PersonId),
    /// A login name that is nobody's: as much is allowed as for an account, so that neither is told from the other.
    Name(TokenHash),
    /// Where guesses for anybody come from.
    Address(CountedAddress),
    /// A browser where the person is known.
    Device(DeviceId),
    /// All browsers where a person is known.
    Devices(PersonId),
    /// The second factor of an account, in browsers where its person is not known.
    Factor(PersonId),
    /// The second factor in a browser where the person is known.
    FactorAtDevice(DeviceId),
}

/// What one subject allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Guesses without a pause, since the last right one.
    pub free: u32,
    /// The pause after those; it doubles with every further guess.
    pub first_pause: SignedDuration,
    /// The longest pause: from there on the subject counts as locked.
    pub longest_pause: SignedDuration,
    /// Guesses within [`Allowance::DAY`].
    pub in_a_day: u32,
}

/// The guesses of a subject within the last day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All that were not right.
    pub in_a_day: u32,
    /// Those since the last right one.
    pub since_right: u32,
    /// The first of all.
    pub first: Option<Timestamp>,
    /// The last since the last right one.
    pub last: Option<Timestamp>,
}

impl Subject {
    /// What it is stored by.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Account(person) => format!("account:{person}"),
            Self::Name(name) => format!("name:{}", hex(&name.0).as_str()),
            Self::Address(address) => format!("address:{address}"),
            Self::Device(device) => format!("device:{device}"),
            Self::Devices(person) => format!("devices:{person}"),
            Self::Factor(person) => format!("factor:{person}"),
            Self::FactorAtDevice(device) => format!("factor-device:{device}"),
        }
    }

    /// What it allows.
    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        match self {
            Self::Account(_) | Self::Name(_) => Allowance::new(5, 10, 15 * 60, 70),
            // Many people may share an address.
            Self::Address(_) => Allowance::new(30, 1, 60, 1000),
            Self::Device(_) | Self::FactorAtDevice(_) => Allowance::new(5, 10, 5 * 60, 15),
            Self::Devices(_) => Allowance::new(u32::MAX, 0, 0, 30),
            // Who comes here has the password: a code of six digits allows fewer.
            Self::Factor(_) => Allowance::new(5, 10, 15 * 60, 30),
        }
    }

    /// Whether a right guess ends its pauses. Not for an address: a stranger has an account of their own to be right
    /// with.
    #[must_use]
    pub const fn forgives(&self) -> bool {
        match self {
            Self::Address(_) => false,
            Self::Account(_)
            | Self::Name(_)
            | Self::Device(_)
            | Self::Devices(_)
            | Self::Factor(_)
            | Self::FactorAtDevice(_) => true,
        }
    }
}

impl Allowance {
    /// How long a guess is remembered.
    pub const DAY: SignedDuration = SignedDuration::from_hours(24);

    const fn new(free: u32, first_pause: i64, longest_pause: i64, in_a_day: u32) -> Self {
        Self {
            free,
            first_pause: SignedDuration::from_secs(first_pause),
            longest_pause: SignedDuration::from_secs(longest_pause),
            in_a_day,
        }
    }

    /// When the next guess may come, if it may not come now.
    #[must_use]
    pub fn wait(&self, tally: &Tally, now: Timestamp) -> Option<Timestamp> {
        let pause = tally.last.map(|last| later(last, self.pause(tally)));
        let day = tally
            .first
            .filter(|_| tally.in_a_day >= self.in_a_day)
            .map(|first| later(first, Self::DAY));
        pause.max(day).filter(|until| *until > now)
    }

    /// The pause that follows these guesses.
    fn pause(&self, tally: &Tally) -> SignedDuration {
        let Some(over) = tally.since_right.checked_sub(self.free) else {
            return SignedDuration::ZERO;
        };
        1_i32
            .checked_shl(over)
            .and_then(|times| self.first_pause.checked_mul(times))
            .filter(SignedDuration::is_positive)
            .map_or(self.longest_pause, |pause| pause.min(self.longest_pause))
    }

    /// Whether these guesses lock it.
    #[must_use]
    pub fn locks(&self, tally: &Tally) -> bool {
        tally.in_a_day >= self.in_a_day
            || (tally.since_right >= self.free && self.pause(tally) == self.longest_pause)
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn account() -> Allowance {
        Subject::Account("demo-anna".parse().unwrap()).allowance()
    }

    fn failed(times: u32, last: i64) -> Tally {
        Tally {
            in_a_day: times,
            since_right: times,
            first: Some(at(0)),
            last: Some(at(last)),
        }
    }

    #[test]
    fn au_01_pauses_double_up_to_a_quarter_of_an_hour() {
        for (times, pause) in [
            (0, 0),
            (4, 0),
            (5, 10),
            (6, 20),
            (9, 160),
            (11, 640),
            (12, 900),
            (40, 900),
            (69, 900),
        ] {
            let wait = account().wait(&failed(times, 1000), at(1000));
            let expected = (pause > 0).then(|| at(1000 + pause));
            assert_eq!(wait, expected, "after {times}");
        }
    }

    #[test]
    fn au_01_seventy_a_day_then_none_until_the_first_is_a_day_old() {
        let tally = failed(70, 50_000);
        assert_eq!(account().wait(&tally, at(60_000)), Some(at(24 * 3600)));
        assert_eq!(account().wait(&tally, at(24 * 3600)), None);
    }

    #[test]
    fn au_01_strangers_and_known_browsers_together_get_a_hundred() {
        let person: PersonId = "demo-anna".parse().unwrap();
        let strangers = Subject::Account(person.clone()).allowance().in_a_day;
        let known = Subject::Devices(person).allowance().in_a_day;
        assert_eq!(strangers + known, 100);
    }

    #[test]
    fn auth_08_an_account_locks_when_the_pause_is_longest() {
        assert!(!account().locks(&failed(11, 0)));
        assert!(account().locks(&failed(12, 0)));
        let forgiven = Tally {
            since_right: 0,
            ..failed(70, 0)
        };
        assert!(account().locks(&forgiven), "the day is used up");
        let known = Subject::Devices("demo-anna".parse().unwrap()).allowance();
        assert!(!known.locks(&failed(29, 0)));
    }
}
