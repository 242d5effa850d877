//! Days and instants as people write them.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
};
use yew::AttrValue;

use super::{I18n, t};
use crate::backend::clock;

impl I18n {
    /// «12 марта 2026 г.»
    pub(crate) fn date(&self, date: Date) -> AttrValue {
        t!(
            self,
            "date-long",
            day = i64::from(date.day()),
            month = i64::from(date.month()),
            year = date.year().to_string()
        )
    }

    /// «12 марта», with the year where it is not the present one.
    pub(crate) fn day(&self, at: Timestamp) -> AttrValue {
        self.day_in(clock::local(at).date(), clock::local(clock::now()).date())
    }

    pub(super) fn day_in(&self, date: Date, today: Date) -> AttrValue {
        if date.year() != today.year() {
            return self.date(date);
        }
        t!(
            self,
            "date-short",
            day = i64::from(date.day()),
            month = i64::from(date.month())
        )
    }

    /// «12:40»
    #[expect(clippy::unused_self, reason = "both languages of now write it alike")]
    pub(crate) fn time(&self, at: Timestamp) -> AttrValue {
        AttrValue::from(wall_time(clock::local(at).time()))
    }

    /// «сегодня в 12:40», «вчера в 12:40», «12 марта в 12:40»
    pub(crate) fn moment(&self, at: Timestamp) -> AttrValue {
        self.moment_in(clock::local(at), clock::local(clock::now()))
    }

    pub(super) fn moment_in(&self, at: DateTime, now: DateTime) -> AttrValue {
        let time = wall_time(at.time());
        if at.date() == now.date() {
            t!(self, "moment-today", time = time)
        } else if at.date().tomorrow().is_ok_and(|next| next == now.date()) {
            t!(self, "moment-yesterday", time = time)
        } else {
            let day = self.day_in(at.date(), now.date());
            t!(self, "moment-day", day = day.as_str(), time = time)
        }
    }

    /// How long a deadline is away: «осталось 5 дней», «сегодня», «срок прошёл».
    pub(crate) fn countdown(&self, due: Timestamp) -> AttrValue {
        self.countdown_in(clock::local(due).date(), clock::local(clock::now()).date())
    }

    pub(super) fn countdown_in(&self, due: Date, today: Date) -> AttrValue {
        let days = due.duration_since(today).as_hours() / 24;
        match days {
            ..=-1 => t!(self, "deadline-passed", n = -days),
            0 => t!(self, "deadline-today"),
            1.. => t!(self, "deadline-days", n = days),
        }
    }

    /// A wait: «2 минуты», «40 секунд».
    pub(crate) fn wait(&self, wait: SignedDuration) -> AttrValue {
        let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
        if seconds < 90 {
            t!(self, "wait-seconds", n = seconds)
        } else if seconds < 90 * 60 {
            t!(self, "wait-minutes", n = (seconds + 59) / 60)
        } else {
            t!(self, "wait-hours", n = (seconds + 3599) / 3600)
        }
    }
}

fn wall_time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
