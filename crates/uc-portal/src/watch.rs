//! Watching over sign-ins: what of the journal an administrator looks at first. The rules are few and can be read here
//! and on the page; each finding names its rule.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp, tz::Offset};
use uc_model::PersonId;

use crate::{
    accounts::CoarseAddress,
    journal::{AuthEvent, GrantEnd, JournalEntry},
};

/// What the page tells of.
pub const SHOWN: SignedDuration = SignedDuration::from_hours(24);
/// What a person's habits are known from.
pub const KNOWN: SignedDuration = SignedDuration::from_hours(24 * 90);
/// Rates are counted within this.
const WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// Accounts that are tried from one neighbourhood before that is no mistake.
const MANY_ACCOUNTS: usize = 5;
/// Sign-ins of one person.
const MANY_SIGN_INS: usize = 20;
/// Persons whose documents an operator opens.
const MANY_OPENED: usize = 50;
/// Sign-ins from which a habit of hours is known.
const HABIT: usize = 10;
/// Hours around a habit that belong to it.
const NEAR_HOURS: i8 = 3;

/// Why something is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// An account was locked.
    Locked,
    /// A copy of a client's keys, or a used code, was shown.
    Copied,
    /// Five accounts or more were tried from one neighbourhood in an hour.
    ManyAccounts,
    /// Twenty sign-ins or more of one person in an hour.
    ManySignIns,
    /// A new browser in a neighbourhood where the person never signed in.
    NewPlace,
    /// A person with ten sign-ins or more signed in three hours or more away from all their hours.
    NewHour,
    /// A password was replaced from a neighbourhood where the person never signed in.
    RecoveredElsewhere,
    /// An operator opened the documents of fifty persons or more in an hour.
    ManyOpened,
}

impl Rule {
    /// All of them, the gravest first.
    pub const ALL: [Self; 8] = [
        Self::Copied,
        Self::RecoveredElsewhere,
        Self::ManyAccounts,
        Self::ManyOpened,
        Self::Locked,
        Self::NewPlace,
        Self::ManySignIns,
        Self::NewHour,
    ];
}

/// Something worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Why.
    pub rule: Rule,
    /// When it was so for the last time.
    pub at: Timestamp,
    /// Whose account, or which operator; absent where it is about a place.
    pub person: Option<PersonId>,
    /// From where, where it is known.
    pub address: Option<CoarseAddress>,
}

/// How often each thing happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sign-ins.
    pub signed_in: u32,
    /// Passwords refused.
    pub passwords_refused: u32,
    /// Second factors refused.
    pub factors_refused: u32,
    /// Guesses that were not even compared.
    pub turned_away: u32,
    /// Accounts locked.
    pub locked: u32,
    /// Browsers seen for the first time.
    pub new_devices: u32,
    /// Passwords replaced.
    pub recovered: u32,
}

impl Counts {
    fn add(&mut self, event: &AuthEvent) {
        let counts = [
            (matches!(event, AuthEvent::SignedIn), &mut self.signed_in),
            (
                matches!(event, AuthEvent::PasswordRefused { .. }),
                &mut self.passwords_refused,
            ),
            (
                matches!(event, AuthEvent::FactorRefused),
                &mut self.factors_refused,
            ),
            (
                matches!(event, AuthEvent::TurnedAway),
                &mut self.turned_away,
            ),
            (matches!(event, AuthEvent::Locked), &mut self.locked),
            (
                matches!(event, AuthEvent::NewDevice { .. }),
                &mut self.new_devices,
            ),
            (
                matches!(event, AuthEvent::PasswordRecovered),
                &mut self.recovered,
            ),
        ];
        for (_, count) in counts.into_iter().filter(|(is_it, _)| *is_it) {
            *count += 1;
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watch {
    /// Of the last [`SHOWN`].
    pub counts: Counts,
    /// Of the same time, the gravest and newest first. One for each rule, person and place.
    pub findings: Vec<Finding>,
}

/// Looks through the journal of [`KNOWN`], oldest first.
#[must_use]
pub fn watch(entries: &[JournalEntry], now: Timestamp) -> Watch {
    let since = now - SHOWN;
    let mut watch = Watch::default();
    let mut known = Known::default();
    for entry in entries {
        let rules = known.judge(entry);
        if entry.at < since {
            continue;
        }
        watch.counts.add(&entry.event);
        for rule in rules {
            watch.find(finding(rule, entry));
        }
    }
    let rank = |rule| Rule::ALL.iter().position(|own| *own == rule);
    let mut findings = std::mem::take(&mut watch.findings);
    findings.sort_by_key(|found| (rank(found.rule), std::cmp::Reverse(found.at)));
    Watch { findings, ..watch }
}

fn finding(rule: Rule, entry: &JournalEntry) -> Finding {
    let person = if let AuthEvent::DocumentsOpened { by } = &entry.event {
        Some(by.clone())
    } else {
        let person = entry.person.clone();
        person.filter(|_| rule != Rule::ManyAccounts)
    };
    Finding {
        rule,
        at: entry.at,
        person,
        address: entry.address,
    }
}

impl Watch {
    /// The same again only moves the time on.
    fn find(&mut self, found: Finding) {
        let same = self.findings.iter_mut().find(|known| {
            (known.rule, &known.person) == (found.rule, &found.person)
                && known.address == found.address
        });
        match same {
            Some(known) => known.at = found.at,
            None => self.findings.push(found),
        }
    }
}

/// What is known up to an entry.
#[derive(Default)]
struct Known {
    habits: HashMap<PersonId, Habits>,
    /// Accounts tried from a neighbourhood lately.
    tried: HashMap<String, Vec<(Timestamp, Option<PersonId>)>>,
    /// Persons whose documents an operator opened lately.
    opened: HashMap<PersonId, Vec<(Timestamp, Option<PersonId>)>>,
}

#[derive(Default)]
struct Habits {
    places: HashSet<String>,
    hours: Vec<i8>,
    lately: Vec<Timestamp>,
}

impl Known {
    /// What is remarkable about an entry; afterwards it is known, too.
    fn judge(&mut self, entry: &JournalEntry) -> Vec<Rule> {
        let event = &entry.event;
        if let AuthEvent::DocumentsOpened { by } = event {
            self.opened(entry, by)
        } else if is_copy(event) {
            vec![Rule::Copied]
        } else if *event == AuthEvent::Locked {
            vec![Rule::Locked]
        } else if *event == AuthEvent::SignedIn {
            self.signed_in(entry)
        } else if *event == AuthEvent::PasswordRecovered {
            self.elsewhere(entry, Rule::RecoveredElsewhere)
        } else if matches!(event, AuthEvent::NewDevice { .. }) {
            self.elsewhere(entry, Rule::NewPlace)
        } else if is_guess(event) {
            self.tried(entry)
        } else {
            Vec::new()
        }
    }

    fn tried(&mut self, entry: &JournalEntry) -> Vec<Rule> {
        let Some(address) = entry.address else {
            return Vec::new();
        };
        let tried = self.tried.entry(address.to_string()).or_default();
        let persons = persons_lately(tried, entry.at, entry.person.clone());
        rule_if(persons >= MANY_ACCOUNTS, Rule::ManyAccounts)
    }

    fn opened(&mut self, entry: &JournalEntry, by: &PersonId) -> Vec<Rule> {
        let opened = self.opened.entry(by.clone()).or_default();
        let persons = persons_lately(opened, entry.at, entry.person.clone());
        rule_if(persons >= MANY_OPENED, Rule::ManyOpened)
    }

    /// Of nobody who has not signed in before a place is unusual.
    fn elsewhere(&self, entry: &JournalEntry, rule: Rule) -> Vec<Rule> {
        let habits = entry
            .person
            .as_ref()
            .and_then(|person| self.habits.get(person));
        let (Some(habits), Some(address)) = (habits, entry.address) else {
            return Vec::new();
        };
        rule_if(!habits.places.contains(&address.to_string()), rule)
    }

    fn signed_in(&mut self, entry: &JournalEntry) -> Vec<Rule> {
        let Some(person) = entry.person.clone() else {
            return Vec::new();
        };
        let habits = self.habits.entry(person).or_default();
        let hour = Offset::UTC.to_datetime(entry.at).hour();
        let is_new =
            habits.hours.len() >= HABIT && habits.hours.iter().all(|known| !is_near(*known, hour));
        habits.hours.push(hour);
        habits
            .places
            .extend(entry.address.map(|address| address.to_string()));
        habits
            .lately
            .retain(|at| entry.at.duration_since(*at) < WITHIN);
        habits.lately.push(entry.at);
        let many = habits.lately.len() >= MANY_SIGN_INS;
        let rules = [(is_new, Rule::NewHour), (many, Rule::ManySignIns)];
        let rules = rules.into_iter().filter(|(holds, _)| *holds);
        rules.map(|(_, rule)| rule).collect()
    }
}

const fn is_guess(event: &AuthEvent) -> bool {
    matches!(
        event,
        AuthEvent::PasswordRefused { .. } | AuthEvent::TurnedAway
    )
}

const fn is_copy(event: &AuthEvent) -> bool {
    matches!(
        event,
        AuthEvent::GrantEnded {
            end: GrantEnd::TokenReused | GrantEnd::CodeReplayed,
            ..
        }
    )
}

fn rule_if(holds: bool, rule: Rule) -> Vec<Rule> {
    if holds { vec![rule] } else { Vec::new() }
}

/// How many persons there are within the last hour. All accounts that do not exist count as one.
fn persons_lately(
    seen: &mut Vec<(Timestamp, Option<PersonId>)>,
    at: Timestamp,
    person: Option<PersonId>,
) -> usize {
    seen.retain(|(then, _)| at.duration_since(*then) < WITHIN);
    seen.push((at, person));
    let persons: HashSet<_> = seen.iter().map(|(_, person)| person).collect();
    persons.len()
}

/// Around the clock.
const fn is_near(known: i8, hour: i8) -> bool {
    let apart = (known - hour).abs();
    apart < NEAR_HOURS || 24 - apart < NEAR_HOURS
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::journal::Refusal;

    const HOME: [u8; 4] = [192, 0, 2, 1];
    const ABROAD: [u8; 4] = [203, 0, 113, 1];

    fn at(hours: i64) -> Timestamp {
        Timestamp::constant(1_770_000_000, 0) + SignedDuration::from_hours(hours)
    }

    fn entry(at: Timestamp, person: &str, address: [u8; 4], event: AuthEvent) -> JournalEntry {
        JournalEntry {
            seq: 1,
            at,
            person: Some(person.parse().unwrap()),
            address: Some(CoarseAddress::of(IpAddr::from(address))),
            device: None,
            event,
        }
    }

    fn refused(at: Timestamp, person: &str) -> JournalEntry {
        let refusal = Refusal::WrongPassword;
        entry(at, person, ABROAD, AuthEvent::PasswordRefused { refusal })
    }

    fn rules(entries: &[JournalEntry], now: Timestamp) -> Vec<Rule> {
        let found = watch(entries, now).findings;
        found.into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn ops_04_an_ordinary_day_has_nothing_to_look_at() {
        let day = [
            entry(at(0), "a", HOME, AuthEvent::NewDevice { known: false }),
            entry(at(0), "a", HOME, AuthEvent::SignedIn),
            refused(at(1), "a"),
            entry(at(2), "a", HOME, AuthEvent::NewDevice { known: true }),
            entry(at(2), "a", HOME, AuthEvent::SignedIn),
        ];
        let watch = watch(&day, at(3));
        assert!(watch.findings.is_empty());
        let counts = Counts {
            signed_in: 2,
            passwords_refused: 1,
            new_devices: 2,
            ..Counts::default()
        };
        assert_eq!(watch.counts, counts);
        // A day later all of it is past.
        assert_eq!(super::watch(&day, at(27)), Watch::default());
    }

    #[test]
    fn ops_04_many_accounts_tried_from_one_place_are_found_once() {
        let minute = SignedDuration::from_mins(1);
        let tries: Vec<_> = (0..8)
            .map(|number| refused(at(0) + minute * number, &format!("person-{number}")))
            .collect();
        assert!(rules(&tries[..4], at(1)).is_empty());
        let found = watch(&tries, at(1)).findings;
        assert_eq!((found.len(), found[0].rule), (1, Rule::ManyAccounts));
        assert_eq!((&found[0].person, found[0].at), (&None, at(0) + minute * 7));
        let slow: Vec<_> = (0..8)
            .map(|number| refused(at(0) + minute * 20 * number, &format!("person-{number}")))
            .collect();
        assert!(rules(&slow, at(3)).is_empty());
    }

    #[test]
    fn ops_04_a_strange_place_is_found_for_those_who_have_a_usual_one() {
        let home = entry(at(0), "a", HOME, AuthEvent::SignedIn);
        let device = AuthEvent::NewDevice { known: false };
        let abroad = entry(at(1), "a", ABROAD, device.clone());
        assert_eq!(rules(&[home.clone(), abroad], at(2)), [Rule::NewPlace]);
        let recovered = entry(at(1), "a", ABROAD, AuthEvent::PasswordRecovered);
        assert_eq!(
            rules(&[home.clone(), recovered], at(2)),
            [Rule::RecoveredElsewhere]
        );
        let newcomer = entry(at(1), "b", ABROAD, device);
        assert!(rules(&[home, newcomer], at(2)).is_empty());
    }

    #[test]
    fn ops_04_a_strange_hour_is_found_for_those_who_have_usual_ones() {
        let days =
            |count: i64| (0..count).map(|day| entry(at(24 * day), "a", HOME, AuthEvent::SignedIn));
        let with = |count: i64, later: i64| {
            let last = at(24 * count + later);
            let odd = entry(last, "a", HOME, AuthEvent::SignedIn);
            rules(&days(count).chain([odd]).collect::<Vec<_>>(), last)
        };
        assert_eq!(with(10, 12), [Rule::NewHour]);
        assert!(with(10, 2).is_empty() && with(9, 12).is_empty());
        assert!(is_near(23, 1) && !is_near(23, 2));
    }

    #[test]
    fn ops_04_rates_locks_and_copies_are_found_gravest_first() {
        let minute = SignedDuration::from_mins(1);
        let mut entries: Vec<_> = (0..20)
            .map(|number| entry(at(0) + minute * number, "a", HOME, AuthEvent::SignedIn))
            .collect();
        entries.push(entry(at(1), "b", HOME, AuthEvent::Locked));
        let end = GrantEnd::TokenReused;
        let grant = uuid::Uuid::nil();
        entries.push(entry(
            at(1),
            "c",
            HOME,
            AuthEvent::GrantEnded { grant, end },
        ));
        let by: PersonId = "operator".parse().unwrap();
        for number in 0..50 {
            let opened = AuthEvent::DocumentsOpened { by: by.clone() };
            entries.push(entry(at(2), &format!("person-{number}"), HOME, opened));
        }
        let found = watch(&entries, at(3)).findings;
        let rules: Vec<_> = found.iter().map(|finding| finding.rule).collect();
        assert_eq!(
            rules,
            [
                Rule::Copied,
                Rule::ManyOpened,
                Rule::Locked,
                Rule::ManySignIns
            ]
        );
        assert_eq!(found[1].person, Some(by));
    }
}
