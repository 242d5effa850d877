//! Working days of Russia's five-day week.

use std::collections::BTreeSet;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use serde::Deserialize;

/// Which days are worked: the holidays of the Labour Code, article 112, and the Government's yearly transfers as far as
/// `data/working-days.toml` has them.
#[derive(Debug, Clone)]
pub struct WorkingDays {
    holidays: Vec<MonthDay>,
    off: BTreeSet<Date>,
    worked: BTreeSet<Date>,
    decreed: BTreeSet<i16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DataFile {
    #[expect(dead_code, reason = "for readers of the file")]
    as_of: Date,
    #[expect(dead_code, reason = "for readers of the file")]
    source: String,
    holidays: Vec<MonthDay>,
    year: Vec<Year>,
}

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct MonthDay {
    month: i8,
    day: i8,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    #[serde(rename = "year")]
    number: i16,
    #[expect(dead_code, reason = "for readers of the file")]
    source: String,
    off: Vec<Date>,
    #[serde(default)]
    worked: Vec<Date>,
}

impl WorkingDays {
    /// The embedded table.
    pub fn load() -> Result<Self, toml::de::Error> {
        let data: DataFile = toml::from_str(include_str!("../../data/working-days.toml"))?;
        let days = |pick: fn(&Year) -> &Vec<Date>| {
            let all = data
                .year
                .iter()
                .flat_map(move |year| pick(year).iter().copied());
            all.collect::<BTreeSet<_>>()
        };
        Ok(Self {
            off: days(|year| &year.off),
            worked: days(|year| &year.worked),
            decreed: data.year.iter().map(|year| year.number).collect(),
            holidays: data.holidays,
        })
    }

    /// The day on which the `count`th working day after `day` falls; `day` itself is not counted.
    #[must_use]
    pub fn after(&self, day: Date, count: u16) -> Date {
        let mut day = day;
        for _ in 0..count {
            day = self.next(day);
        }
        day
    }

    /// The first working day that is `day` or later.
    #[must_use]
    pub fn at_or_after(&self, day: Date) -> Date {
        if self.is_worked(day) {
            day
        } else {
            self.next(day)
        }
    }

    /// Whether a day is worked.
    #[must_use]
    pub fn is_worked(&self, day: Date) -> bool {
        if self.off.contains(&day) {
            return false;
        }
        if self.worked.contains(&day) {
            return true;
        }
        !is_weekend(day) && !self.is_holiday(day) && !self.is_moved_to(day)
    }

    fn next(&self, day: Date) -> Date {
        let mut next = day.saturating_add(1.day());
        while !self.is_worked(next) && next < Date::MAX {
            next = next.saturating_add(1.day());
        }
        next
    }

    fn is_holiday(&self, day: Date) -> bool {
        self.holidays
            .iter()
            .any(|holiday| holiday.month == day.month() && holiday.day == day.day())
    }

    /// A holiday that falls on a weekend is moved to the next working day, those of January by decree alone. In years
    /// with a decree the table says where to.
    fn is_moved_to(&self, day: Date) -> bool {
        if self.decreed.contains(&day.year()) {
            return false;
        }
        let days_back = |count: i32| day.saturating_sub(count.days());
        let weekend: Vec<Date> = (1..=3)
            .map(days_back)
            .take_while(|day| is_weekend(*day) || self.is_holiday(*day))
            .collect();
        weekend
            .into_iter()
            .any(|day| is_weekend(day) && self.is_holiday(day) && day.month() != 1)
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}
