//! The server's clock, as its answers tell it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};

use crate::AuthError;

/// How far the clocks of device and server may be apart.
pub(crate) const LEEWAY: SignedDuration = SignedDuration::from_mins(5);

/// What the `Date` of the newest answer told, and the device's uptime then: setting the device's clock changes nothing.
#[derive(Debug, Default)]
pub struct ServerClock(Mutex<Option<Reading>>);

#[derive(Debug, Clone, Copy)]
struct Reading {
    date: Timestamp,
    uptime: Duration,
}

impl ServerClock {
    /// Takes the time of an answer that arrived at this uptime over. Says whether it told one.
    pub fn learn(&self, headers: &HeaderMap, uptime: Duration) -> bool {
        let Some(date) = read_date(headers) else {
            return false;
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Reading { date, uptime });
        true
    }

    /// What it shows at this uptime, if it was ever heard of.
    #[must_use]
    pub fn now(&self, uptime: Duration) -> Option<Timestamp> {
        let reading = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let passed = uptime.saturating_sub(reading.uptime);
        reading
            .date
            .checked_add(SignedDuration::try_from(passed).ok()?)
            .ok()
    }
}

/// Refuses clocks that are too far apart for any check of times to mean something.
pub(crate) fn compare(device: Timestamp, server: Timestamp) -> Result<(), AuthError> {
    if device.duration_since(server).abs() > LEEWAY {
        return Err(AuthError::Clock);
    }
    Ok(())
}

/// An HTTP date (RFC 9110 §5.6.7) in its one modern form.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    text.ends_with("GMT").then_some(date)
}

/// When an answer was made.
pub(crate) fn read_date(headers: &HeaderMap) -> Option<Timestamp> {
    parse_date(headers.get(header::DATE)?.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(date: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::DATE, date.parse().unwrap())])
    }

    #[test]
    fn rp_23_the_servers_clock_goes_on_with_the_uptime() {
        let clock = ServerClock::default();
        let secs = Duration::from_secs;
        assert_eq!(clock.now(secs(5)), None);
        assert!(clock.learn(&headers("Mon, 23 Nov 2026 12:00:00 GMT"), secs(100)));
        let noon: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(clock.now(secs(100)), Some(noon));
        assert_eq!(
            clock.now(secs(160)),
            Some(noon + SignedDuration::from_mins(1))
        );
        // Started anew since: it cannot have gone back.
        assert_eq!(clock.now(secs(3)), Some(noon));
    }

    #[test]
    fn rp_23_a_date_that_is_none_tells_nothing() {
        let clock = ServerClock::default();
        for text in [
            "",
            "now",
            "2026-11-23T12:00:00Z",
            "Mon, 23 Nov 2026 12:00:00 +0300",
            "GMT",
        ] {
            assert!(!clock.learn(&headers(text), Duration::ZERO), "{text}");
        }
        assert!(!clock.learn(&HeaderMap::new(), Duration::ZERO));
        assert_eq!(clock.now(Duration::ZERO), None);
    }

    #[test]
    fn rp_23_five_minutes_are_tolerated() {
        let noon: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        for (seconds, fits) in [
            (0, true),
            (300, true),
            (-300, true),
            (301, false),
            (-301, false),
        ] {
            let device = noon + SignedDuration::from_secs(seconds);
            assert_eq!(compare(device, noon).is_ok(), fits, "{seconds}");
        }
    }
}
