//! Formats of texts: what a text may be typed like, and the one way it is written.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uc_model::{InnOrganisation, InnPerson, InvalidText, Ogrn, PassportNumber, Phone, Snils};

use crate::BrokenRule;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// A day that exists, written `1990-05-14`; typed so or `14.05.1990`.
    Date,
    /// An address of electronic mail with a domain.
    Email,
    /// СНИЛС, written `112-233-445 95`.
    Snils,
    /// ИНН of a person, twelve digits.
    InnPerson,
    /// ИНН of an organisation, ten digits.
    InnOrganisation,
    /// ОГРН, thirteen digits.
    Ogrn,
    /// A Russian phone number, written `+79001234567`.
    Phone,
    /// Series and number of the internal passport, written `4510 123456`.
    PassportRf,
    /// The code of the division that issued a passport, written `770-001`.
    PassportDivisionCode,
    /// A postal code, six digits.
    PostalCode,
    /// The number of a health insurance policy, sixteen digits.
    OmsPolicy,
    /// A bank account, twenty digits.
    BankAccount,
    /// БИК of a bank, nine digits.
    Bik,
    /// A vehicle's number, seventeen letters (not I, O, Q) and digits.
    Vin,
    /// A cadastral number, written `77:01:0001001:1`.
    CadastralNumber,
}

impl Format {
    /// All formats, in the order of the enum.
    pub const ALL: [Self; 15] = [
        Self::Date,
        Self::Email,
        Self::Snils,
        Self::InnPerson,
        Self::InnOrganisation,
        Self::Ogrn,
        Self::Phone,
        Self::PassportRf,
        Self::PassportDivisionCode,
        Self::PostalCode,
        Self::OmsPolicy,
        Self::BankAccount,
        Self::Bik,
        Self::Vin,
        Self::CadastralNumber,
    ];

    /// The name in a schema's `format`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Email => "email",
            Self::Snils => "snils",
            Self::InnPerson => "inn-person",
            Self::InnOrganisation => "inn-organisation",
            Self::Ogrn => "ogrn",
            Self::Phone => "phone",
            Self::PassportRf => "passport-rf",
            Self::PassportDivisionCode => "passport-division-code",
            Self::PostalCode => "postal-code",
            Self::OmsPolicy => "oms-policy",
            Self::BankAccount => "bank-account",
            Self::Bik => "bik",
            Self::Vin => "vin",
            Self::CadastralNumber => "cadastral-number",
        }
    }
}

/// The format a schema names.
#[must_use]
pub fn parse_name(name: &str) -> Option<Format> {
    Format::ALL.into_iter().find(|format| format.name() == name)
}

/// The text in its written form, or the rule it breaks: [`BrokenRule::Format`] or [`BrokenRule::CheckDigits`].
/// The written form checks as itself.
pub fn check(format: Format, text: &str) -> Result<String, BrokenRule> {
    written(format, text.trim()).map_err(|error| match error {
        InvalidText::Shape => BrokenRule::Format(format),
        InvalidText::CheckDigits => BrokenRule::CheckDigits(format),
    })
}

fn written(format: Format, text: &str) -> Result<String, InvalidText> {
    match format {
        Format::Date => date(text).ok_or(InvalidText::Shape),
        Format::Email => email(text).ok_or(InvalidText::Shape),
        Format::Snils => text.parse::<Snils>().map(Into::into),
        Format::InnPerson => text.parse::<InnPerson>().map(Into::into),
        Format::InnOrganisation => text.parse::<InnOrganisation>().map(Into::into),
        Format::Ogrn => text.parse::<Ogrn>().map(Into::into),
        Format::Phone => text.parse::<Phone>().map(Into::into),
        Format::PassportRf => text.parse::<PassportNumber>().map(Into::into),
        Format::PassportDivisionCode => {
            digits(text, 6).map(|code| format!("{}-{}", &code[..3], &code[3..]))
        }
        Format::PostalCode => digits(text, 6),
        Format::OmsPolicy => digits(text, 16),
        Format::BankAccount => digits(text, 20),
        Format::Bik => digits(text, 9),
        Format::Vin => vin(text),
        Format::CadastralNumber => cadastral_number(text),
    }
}

/// So many digits, written together; spaces and hyphens between them are how people read them.
fn digits(text: &str, count: usize) -> Result<String, InvalidText> {
    let digits = text.replace([' ', '\u{a0}', '\u{202f}', '-'], "");
    if digits.len() == count && all_digits(&digits) {
        Ok(digits)
    } else {
        Err(InvalidText::Shape)
    }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn date(text: &str) -> Option<String> {
    let [year, month, day] = parts(text, '-').or_else(|| {
        let [day, month, year] = parts(text, '.')?;
        Some([year, month, day])
    })?;
    if [year, month, day].map(str::len) != [4, 2, 2]
        || ![year, month, day].into_iter().all(all_digits)
    {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(date.to_string())
}

/// Exactly three parts.
fn parts(text: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = text.split(separator);
    let found = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(found)
}

/// The common part of RFC 5321 §4.1.2 and RFC 6531: no quoted names and no addresses by number. Lengths by RFC 5321
/// §4.5.3.1.
fn email(text: &str) -> Option<String> {
    let (name, domain) = text.rsplit_once('@')?;
    let good_name = name.len() <= 64 && name.split('.').all(is_atom);
    let good_domain = domain.contains('.') && domain.split('.').all(is_domain_label);
    (text.len() <= 254 && good_name && good_domain)
        .then(|| format!("{name}@{}", domain.to_ascii_lowercase()))
}

fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|character| {
            character.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character)
        })
}

fn is_domain_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .chars()
            .all(|character| character.is_alphanumeric() || character == '-')
}

/// ISO 3779: capital Latin letters and digits, without I, O and Q.
fn vin(text: &str) -> Result<String, InvalidText> {
    let vin = text.replace([' ', '-'], "").to_ascii_uppercase();
    let belongs =
        |byte: u8| byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !b"IOQ".contains(&byte));
    if vin.len() == 17 && vin.bytes().all(belongs) {
        Ok(vin)
    } else {
        Err(InvalidText::Shape)
    }
}

/// District, area, block of six or seven digits, object.
fn cadastral_number(text: &str) -> Result<String, InvalidText> {
    let number = text.replace(' ', "");
    let parts: Vec<&str> = number.split(':').collect();
    let lengths = [2..=2, 2..=2, 6..=7, 1..=9];
    let fits = parts.len() == lengths.len()
        && parts
            .iter()
            .zip(&lengths)
            .all(|(part, length)| length.contains(&part.len()) && all_digits(part));
    if fits {
        Ok(number)
    } else {
        Err(InvalidText::Shape)
    }
}
