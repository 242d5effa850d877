//! By when an agency must decide.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, time},
    tz::Offset,
};
use uc_model::Term;

use super::WorkingDays;

/// The last second of the term's last day in the agency's zone; `None` when the term is not known in days. Counting
/// begins on the day after registration; a term in calendar days that ends on a day off ends on the next working day
/// (Civil Code, articles 191 and 193).
#[must_use]
pub fn due_at(
    registered_at: Timestamp,
    term: Option<&Term>,
    zone: Offset,
    calendar: &WorkingDays,
) -> Option<Timestamp> {
    let term = term?;
    let registered_on = today(registered_at, zone);
    let last = match (term.working_days, term.calendar_days) {
        (Some(days), _) => calendar.after(registered_on, days),
        (None, Some(days)) => {
            calendar.at_or_after(registered_on.saturating_add(i32::from(days).days()))
        }
        (None, None) => return None,
    };
    zone.to_timestamp(last.to_datetime(time(23, 59, 59, 0)))
        .ok()
}

/// The day that it is in a zone.
#[must_use]
pub fn today(now: Timestamp, zone: Offset) -> Date {
    zone.to_datetime(now).date()
}
