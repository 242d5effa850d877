use jiff::{Timestamp, civil::Date, tz::offset};
use uc_model::{ApplicationStatus, Term};

use super::{
    Refusal, WorkingDays, due_at,
    rules::{self, Held, Place, Received},
};
use crate::fingerprint::Fingerprint;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn working_days_leave_out_weekends_holidays_and_transfers() {
    let calendar = WorkingDays::load().unwrap();
    for (from, count, expected) in [
        ("2026-03-02", 5, "2026-03-10"),
        ("2026-04-30", 1, "2026-05-04"),
        ("2026-05-08", 1, "2026-05-12"),
        ("2025-12-30", 1, "2026-01-12"),
        ("2026-11-03", 1, "2026-11-05"),
        ("2025-10-31", 1, "2025-11-01"),
        ("2025-11-01", 1, "2025-11-05"),
        ("2026-12-30", 1, "2027-01-11"),
        ("2027-04-30", 1, "2027-05-04"),
        ("2027-05-07", 1, "2027-05-11"),
        ("2027-06-11", 1, "2027-06-15"),
    ] {
        assert_eq!(
            calendar.after(date(from), count),
            date(expected),
            "{from} + {count}"
        );
    }
}

#[test]
fn a_deadline_is_the_last_second_of_its_day_where_the_agency_is() {
    let calendar = WorkingDays::load().unwrap();
    let due = |registered: &str, working, days, hours| {
        let term = Term {
            text: String::new(),
            working_days: working,
            calendar_days: days,
        };
        let at: Timestamp = registered.parse().unwrap();
        due_at(at, Some(&term), offset(hours), &calendar).map(|due| due.to_string())
    };
    let monday = "2026-03-02T09:00:00Z";
    assert_eq!(
        due(monday, Some(5), None, 3).unwrap(),
        "2026-03-10T20:59:59Z"
    );
    assert_eq!(
        due(monday, Some(5), None, 7).unwrap(),
        "2026-03-10T16:59:59Z"
    );
    // It is the third already in Novosibirsk.
    assert_eq!(
        due("2026-03-02T18:00:00Z", Some(1), None, 7).unwrap(),
        "2026-03-04T16:59:59Z"
    );
    // The thirtieth day is a day of rest.
    assert_eq!(
        due("2026-04-01T09:00:00Z", None, Some(30), 3).unwrap(),
        "2026-05-04T20:59:59Z"
    );
    assert_eq!(due(monday, None, None, 3), None);
}

fn held(status: ApplicationStatus) -> Held {
    Held {
        person: "me".parse().unwrap(),
        service: "a".parse().unwrap(),
        status,
        submission: 1,
        fingerprint: Fingerprint([1; 32]),
    }
}

/// The place of a submission: who sends it, for what, its number and the byte of its fingerprint.
fn check(
    status: Option<ApplicationStatus>,
    (person, service, submission, byte): (&str, &str, u32, u8),
    expected: &Result<Place, Refusal>,
) {
    let received = Received {
        person: &person.parse().unwrap(),
        service: &service.parse().unwrap(),
        submission,
        fingerprint: Fingerprint([byte; 32]),
    };
    let found = rules::place(status.map(held).as_ref(), received);
    assert_eq!(&found, expected, "{status:?} {received:?}");
}

#[test]
fn app_05_a_submission_follows_what_is_held() {
    use ApplicationStatus::{Approved, InProgress, NeedsCorrection};
    use Refusal::{AlreadyDecided, NotFound, OutOfOrder};
    check(None, ("me", "a", 1, 1), &Ok(Place::First));
    check(None, ("me", "a", 2, 1), &Err(OutOfOrder));
    check(Some(InProgress), ("me", "a", 1, 1), &Ok(Place::Repeated));
    check(Some(Approved), ("me", "a", 1, 1), &Ok(Place::Repeated));
    check(Some(InProgress), ("me", "a", 1, 2), &Err(OutOfOrder));
    check(Some(InProgress), ("me", "a", 2, 2), &Err(OutOfOrder));
    check(
        Some(NeedsCorrection),
        ("me", "a", 2, 2),
        &Ok(Place::Correction),
    );
    check(Some(NeedsCorrection), ("me", "a", 3, 2), &Err(OutOfOrder));
    check(Some(NeedsCorrection), ("me", "b", 2, 2), &Err(OutOfOrder));
    check(Some(Approved), ("me", "a", 2, 2), &Err(AlreadyDecided));
    check(Some(NeedsCorrection), ("other", "a", 2, 2), &Err(NotFound));
    check(Some(Approved), ("other", "a", 1, 1), &Err(NotFound));
}
