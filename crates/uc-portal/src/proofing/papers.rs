//! What a person says of their passport and numbers, and the rules that it keeps.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use uc_model::{InnPerson, InvalidText, PassportNumber, Snils};

/// The documents of a citizen, each number by its own rule.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Papers {
    /// Series and number of the passport.
    pub passport: PassportNumber,
    /// The day of its issue.
    pub issued_on: Date,
    /// Who issued it, as it says.
    pub issued_by: String,
    /// The code of who issued it.
    pub division_code: DivisionCode,
    /// СНИЛС.
    pub snils: Snils,
    /// ИНН, where the person has one.
    pub inn: Option<InnPerson>,
}

impl std::fmt::Debug for Papers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Papers(•••)")
    }
}

/// Code of the department that issued a passport, written `770-001`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DivisionCode(Box<str>);

impl DivisionCode {
    /// The code in its written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for DivisionCode {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let digits: Vec<char> = text
            .chars()
            .filter(|char| !(char.is_whitespace() || "-–—".contains(*char)))
            .collect();
        if digits.len() != 6 || !digits.iter().all(char::is_ascii_digit) {
            return Err(InvalidText::Shape);
        }
        let digits: String = digits.iter().collect();
        Ok(Self(format!("{}-{}", &digits[..3], &digits[3..]).into()))
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = InvalidText;

    fn try_from(text: String) -> Result<Self, InvalidText> {
        text.parse()
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> Self {
        code.0.into()
    }
}

impl std::fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DivisionCode(•••)")
    }
}

/// What is asked, in the order of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperField {
    /// Series and number of the passport.
    Passport,
    /// The day of its issue.
    IssuedOn,
    /// Who issued it.
    IssuedBy,
    /// The code of who issued it.
    DivisionCode,
    /// СНИЛС.
    Snils,
    /// ИНН.
    Inn,
}

impl PaperField {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Passport,
        Self::IssuedOn,
        Self::IssuedBy,
        Self::DivisionCode,
        Self::Snils,
        Self::Inn,
    ];

    /// The field's name in the form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::IssuedOn => "issued_on",
            Self::IssuedBy => "issued_by",
            Self::DivisionCode => "division_code",
            Self::Snils => "snils",
            Self::Inn => "inn",
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperFault {
    /// It is empty, or written as nothing of the kind.
    Shape,
    /// The check digits do not agree with the others.
    CheckDigits,
    /// No passport is issued to this person on this day.
    NotThen,
    /// The passport had to be changed by now.
    Expired,
}

impl From<InvalidText> for PaperFault {
    fn from(invalid: InvalidText) -> Self {
        match invalid {
            InvalidText::Shape => Self::Shape,
            InvalidText::CheckDigits => Self::CheckDigits,
        }
    }
}

/// Letters of the longest name of a department.
const MAX_ISSUER_CHARS: usize = 200;

impl Papers {
    /// Reads what somebody born on this day typed today.
    pub fn read<'a>(
        typed: impl Fn(PaperField) -> &'a str,
        born: Date,
        today: Date,
    ) -> Result<Self, Vec<(PaperField, PaperFault)>> {
        let mut faults = Faults(Vec::new());
        let text = |field| typed(field).trim();
        let passport = faults.take(PaperField::Passport, parse(text(PaperField::Passport)));
        let issued_on = read_issue(text(PaperField::IssuedOn), born, today);
        let issued_on = faults.take(PaperField::IssuedOn, issued_on);
        let issued_by = read_issuer(text(PaperField::IssuedBy));
        let issued_by = faults.take(PaperField::IssuedBy, issued_by);
        let division_code = parse(text(PaperField::DivisionCode));
        let division_code = faults.take(PaperField::DivisionCode, division_code);
        let snils = faults.take(PaperField::Snils, parse(text(PaperField::Snils)));
        let inn = match text(PaperField::Inn) {
            "" => Ok(None),
            inn => parse(inn).map(Some),
        };
        let inn = faults.take(PaperField::Inn, inn);
        match (passport, issued_on, issued_by, division_code, snils, inn) {
            (
                Some(passport),
                Some(issued_on),
                Some(issued_by),
                Some(division_code),
                Some(snils),
                Some(inn),
            ) => Ok(Self {
                passport,
                issued_on,
                issued_by,
                division_code,
                snils,
                inn,
            }),
            _ => Err(faults.0),
        }
    }

    /// A field as it is written.
    #[must_use]
    pub fn written(&self, field: PaperField) -> String {
        match field {
            PaperField::Passport => self.passport.as_str().to_owned(),
            PaperField::IssuedOn => self.issued_on.strftime("%d.%m.%Y").to_string(),
            PaperField::IssuedBy => self.issued_by.clone(),
            PaperField::DivisionCode => self.division_code.as_str().to_owned(),
            PaperField::Snils => self.snils.as_str().to_owned(),
            PaperField::Inn => self.inn.as_ref().map_or("", InnPerson::as_str).to_owned(),
        }
    }
}

struct Faults(Vec<(PaperField, PaperFault)>);

impl Faults {
    fn take<T>(&mut self, field: PaperField, read: Result<T, PaperFault>) -> Option<T> {
        read.map_err(|fault| self.0.push((field, fault))).ok()
    }
}

fn parse<T: std::str::FromStr<Err = InvalidText>>(text: &str) -> Result<T, PaperFault> {
    text.parse().map_err(PaperFault::from)
}

fn read_issuer(text: &str) -> Result<String, PaperFault> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = words.join(" ");
    let serves = name.chars().count() <= MAX_ISSUER_CHARS
        && name.chars().any(char::is_alphabetic)
        && !name.chars().any(char::is_control);
    serves.then_some(name).ok_or(PaperFault::Shape)
}

fn read_issue(text: &str, born: Date, today: Date) -> Result<Date, PaperFault> {
    let issued_on = read_date(text).ok_or(PaperFault::Shape)?;
    let first = birthday(born, MIN_YEARS).ok_or(PaperFault::NotThen)?;
    if issued_on < first || issued_on > today {
        Err(PaperFault::NotThen)
    } else if serves(born, issued_on, today) {
        Ok(issued_on)
    } else {
        Err(PaperFault::Expired)
    }
}

/// Years at which a citizen gets a passport, and those at which it is changed (Regulation on the passport of a citizen,
/// approved by Decree of the Government of 23.12.2023 № 2267).
const MIN_YEARS: i16 = 14;
const CHANGE_YEARS: [i16; 2] = [20, 45];
/// An old passport serves that many days after such a birthday.
const GRACE_DAYS: i64 = 90;

/// Whether a passport issued on this day to somebody born then still serves today.
fn serves(born: Date, issued_on: Date, today: Date) -> bool {
    CHANGE_YEARS.into_iter().all(|years| {
        let Some(change) = birthday(born, years) else {
            return true;
        };
        let until = change.checked_add(GRACE_DAYS.days()).unwrap_or(Date::MAX);
        issued_on >= change || today <= until
    })
}

/// The day on which somebody is so many years old: who was born on 29 February, on 1 March where there is none.
pub(crate) fn birthday(born: Date, years: i16) -> Option<Date> {
    let year = born.year().checked_add(years)?;
    Date::new(year, born.month(), born.day())
        .or_else(|_| Date::new(year, 3, 1))
        .ok()
}

/// A day as people write it, `14.02.1981`, or as browsers fill it in, `1981-02-14`.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let text = text.trim();
    Date::strptime("%d.%m.%Y", text)
        .or_else(|_| text.parse())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn read(
        change: impl Fn(PaperField) -> Option<&'static str>,
    ) -> Result<Papers, Vec<(PaperField, PaperFault)>> {
        let typed = |field| {
            change(field).unwrap_or(match field {
                PaperField::Passport => "4510123456",
                PaperField::IssuedOn => "21.06.2001",
                PaperField::IssuedBy => " ОВД  «Тверской» ",
                PaperField::DivisionCode => "770001",
                PaperField::Snils => "11223344595",
                PaperField::Inn => "",
            })
        };
        Papers::read(typed, day("1981-02-14"), day("2026-03-02"))
    }

    #[test]
    fn auth_01_papers_are_read_as_people_write_them() {
        let papers = read(|_| None);
        // Forty-five years and sixteen days: the old passport still serves.
        let papers = papers.unwrap();
        let written = PaperField::ALL.map(|field| papers.written(field));
        assert_eq!(
            written,
            [
                "4510 123456",
                "21.06.2001",
                "ОВД «Тверской»",
                "770-001",
                "112-233-445 95",
                ""
            ]
        );
        assert_eq!(
            read(|field| Some(match field {
                PaperField::IssuedOn => "2001-06-21",
                PaperField::Inn => "500100732259",
                PaperField::DivisionCode => "770–001",
                PaperField::Passport => "45 10 123456",
                PaperField::IssuedBy => "ОВД «Тверской»",
                PaperField::Snils => "112-233-445 95",
            }))
            .unwrap()
            .written(PaperField::Inn),
            "500100732259"
        );
    }

    #[test]
    fn auth_01_each_wrong_paper_is_named() {
        for (field, typed, fault) in [
            (PaperField::Passport, "", PaperFault::Shape),
            (PaperField::Passport, "451012345", PaperFault::Shape),
            (PaperField::IssuedOn, "31.02.2001", PaperFault::Shape),
            (PaperField::IssuedOn, "13.02.1995", PaperFault::NotThen),
            (PaperField::IssuedOn, "03.03.2026", PaperFault::NotThen),
            (PaperField::IssuedOn, "13.02.2001", PaperFault::Expired),
            (PaperField::IssuedBy, "123", PaperFault::Shape),
            (PaperField::IssuedBy, "", PaperFault::Shape),
            (PaperField::DivisionCode, "77-001", PaperFault::Shape),
            (PaperField::DivisionCode, "77A-001", PaperFault::Shape),
            (PaperField::Snils, "112-233-445 96", PaperFault::CheckDigits),
            (PaperField::Snils, "112-233", PaperFault::Shape),
            (PaperField::Inn, "500100732258", PaperFault::CheckDigits),
            (PaperField::Inn, "5001007322", PaperFault::Shape),
        ] {
            let faults = read(|asked| (asked == field).then_some(typed)).unwrap_err();
            assert_eq!(faults, [(field, fault)], "{typed}");
        }
        let faults = read(|_| Some("-")).unwrap_err();
        assert_eq!(faults.len(), PaperField::ALL.len());
    }

    #[test]
    fn auth_01_a_passport_serves_until_ninety_days_after_a_change_is_due() {
        let born = day("1981-02-14");
        for (issued_on, today, serves_then) in [
            ("1995-02-14", "2001-05-15", true),
            ("1995-02-14", "2001-05-16", false),
            ("2001-02-14", "2026-05-15", true),
            ("2001-02-14", "2026-05-16", false),
            ("2026-02-14", "2090-01-01", true),
        ] {
            assert_eq!(
                serves(born, day(issued_on), day(today)),
                serves_then,
                "{issued_on} {today}"
            );
        }
        assert_eq!(birthday(day("2012-02-29"), 14), Some(day("2026-03-01")));
    }
}
