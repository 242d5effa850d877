//! How long a server wants to be left alone (RFC 9110 §10.2.3).

use std::time::Duration;

use http::{HeaderMap, header};

use crate::server_clock::{parse_date, read_date};

/// The pause that an answer asks for, however long; absent where it asks for none or for nonsense. A date counts from the
/// answer's own, so that the device's clock does not matter; one that is past asks for no pause.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let wish = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = wish.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let pause = parse_date(wish)?.duration_since(read_date(headers)?);
    Some(Duration::try_from(pause).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Fri, 06 Nov 2026 08:49:37 GMT";

    fn asked(wish: &str, date: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::from_iter([(header::RETRY_AFTER, wish.parse().unwrap())]);
        if let Some(date) = date {
            headers.insert(header::DATE, date.parse().unwrap());
        }
        retry_after(&headers)
    }

    #[test]
    fn ob_09_seconds_are_taken_as_they_are() {
        assert_eq!(asked("120", None), Some(Duration::from_mins(2)));
        assert_eq!(
            asked("1000000000000", None),
            Some(Duration::from_secs(1_000_000_000_000))
        );
    }

    #[test]
    fn ob_09_a_date_counts_from_the_servers_own() {
        let wish = "Fri, 06 Nov 2026 08:51:37 GMT";
        assert_eq!(asked(wish, Some(DATE)), Some(Duration::from_mins(2)));
        assert_eq!(asked(wish, None), None);
        let past = "Thu, 05 Nov 2026 08:51:37 GMT";
        assert_eq!(asked(past, Some(DATE)), Some(Duration::ZERO));
    }

    #[test]
    fn ob_09_nonsense_asks_for_nothing() {
        for wish in ["", "-1", "1.5", "soon", "Fri, 31 Feb 2026 08:49:37 GMT"] {
            assert_eq!(asked(wish, Some(DATE)), None, "{wish}");
        }
    }
}
