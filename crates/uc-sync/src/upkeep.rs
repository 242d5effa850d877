//! What the client asks the portal for by itself, and how often.

use std::time::Duration;

use jiff::SignedDuration;

/// How often the portal is asked without a reason.
const PERIOD: Duration = Duration::from_mins(15);
/// How soon it is asked again after it could not be reached.
const RETRY: Duration = Duration::from_secs(30);
/// How much seldomer while the battery is low.
const SELDOMER: u32 = 4;
/// A catalogue of this age is fetched over a network that costs by volume, too.
const STALE: SignedDuration = SignedDuration::from_hours(24);

/// What decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Situation {
    /// The person wants nothing to be asked for.
    pub paused: bool,
    /// The network costs by volume.
    pub metered: bool,
    /// The battery is nearly empty.
    pub low_battery: bool,
    /// How long ago the catalogue was known to be whole; absent while it never was.
    pub catalogue_age: Option<SignedDuration>,
}

/// What is asked for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The catalogue's changes.
    pub catalogue: bool,
    /// The person's history: small, and what they wait for.
    pub history: bool,
}

/// What to ask for.
#[must_use]
pub fn plan(situation: Situation) -> Plan {
    let stale = situation.catalogue_age.is_none_or(|age| age >= STALE);
    Plan {
        catalogue: !situation.paused && (!situation.metered || stale),
        history: !situation.paused,
    }
}

/// How long to wait for the next time, after the portal answered or did not.
#[must_use]
pub fn pause(situation: Situation, answered: bool) -> Duration {
    let pause = if answered { PERIOD } else { RETRY };
    if situation.low_battery {
        pause * SELDOMER
    } else {
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYTHING: Plan = Plan {
        catalogue: true,
        history: true,
    };

    fn metered(hours: Option<i64>) -> Situation {
        Situation {
            metered: true,
            catalogue_age: hours.map(SignedDuration::from_hours),
            ..Situation::default()
        }
    }

    #[test]
    fn everything_is_asked_for_where_it_costs_nothing() {
        assert_eq!(plan(Situation::default()), EVERYTHING);
    }

    #[test]
    fn a_metered_network_carries_the_catalogue_once_a_day() {
        assert_eq!(plan(metered(None)), EVERYTHING);
        assert_eq!(plan(metered(Some(24))), EVERYTHING);
        let history = Plan {
            catalogue: false,
            history: true,
        };
        assert_eq!(plan(metered(Some(23))), history);
    }

    #[test]
    fn a_pause_asks_for_nothing() {
        let paused = Situation {
            paused: true,
            ..metered(None)
        };
        let nothing = Plan {
            catalogue: false,
            history: false,
        };
        assert_eq!(plan(paused), nothing);
    }

    #[test]
    fn a_low_battery_asks_seldomer() {
        let low = Situation {
            low_battery: true,
            ..Situation::default()
        };
        for answered in [true, false] {
            assert_eq!(
                pause(low, answered),
                4 * pause(Situation::default(), answered)
            );
        }
        assert!(pause(low, false) < pause(low, true));
    }
}
