//! Checked texts about persons and organisations. Parsed once; valid from then on.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A text that does not keep the rules of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Wrong number of characters, or characters that do not belong.
    #[error("wrong shape")]
    Shape,
    /// The check digits do not agree with the others.
    #[error("wrong check digits")]
    CheckDigits,
}

macro_rules! checked_text {
    ($($(#[$doc:meta])* $name:ident by $parse:path;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The text in its written form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidText;

            fn from_str(text: &str) -> Result<Self, InvalidText> {
                $parse(text).map(|text| Self(text.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidText;

            fn try_from(text: String) -> Result<Self, InvalidText> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0.into()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(•••)"))
            }
        }
    )+};
}

checked_text! {
    /// СНИЛС, written `112-233-445 95`: nine digits and two check digits.
    Snils by parse_snils;
    /// ИНН of a person: twelve digits, the last two of them check digits.
    InnPerson by parse_inn_person;
    /// ИНН of an organisation: ten digits, the last a check digit.
    InnOrganisation by parse_inn_organisation;
    /// ОГРН of an organisation: thirteen digits, the last a check digit.
    Ogrn by parse_ogrn;
    /// ОГРНИП of a sole proprietor: fifteen digits, the last a check digit.
    Ogrnip by parse_ogrnip;
    /// A Russian phone number, written `+79001234567`.
    Phone by parse_phone;
    /// Series and number of the internal passport, written `4510 123456`.
    PassportNumber by parse_passport;
}

impl Phone {
    /// The country, and the last two digits: enough for its owner to know which one it is.
    #[must_use]
    pub fn masked(&self) -> String {
        let last = self.0.len().saturating_sub(2);
        format!("+7 ••• •••-••-{}", self.0.get(last..).unwrap_or_default())
    }
}

/// The digits of a text that may hold spaces, hyphens and brackets between them, and nothing else.
fn digits(text: &str, count: usize) -> Result<Vec<u32>, InvalidText> {
    let mut found = Vec::with_capacity(count);
    for character in text.trim().chars() {
        match character {
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '(' | ')' => {}
            _ => found.push(character.to_digit(10).ok_or(InvalidText::Shape)?),
        }
    }
    if found.len() == count {
        Ok(found)
    } else {
        Err(InvalidText::Shape)
    }
}

fn written(digits: &[u32]) -> String {
    digits
        .iter()
        .filter_map(|digit| char::from_digit(*digit, 10))
        .collect()
}

/// Sum of digits times weights, the rule behind all the check digits here.
fn weighted(digits: &[u32], weights: impl IntoIterator<Item = u32>) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

fn parse_snils(text: &str) -> Result<String, InvalidText> {
    let digits = digits(text, 11)?;
    let control = weighted(&digits[..9], (1..=9).rev()) % 101 % 100;
    if digits[9] * 10 + digits[10] != control || digits[..9].iter().all(|digit| *digit == 0) {
        return Err(InvalidText::CheckDigits);
    }
    let plain = written(&digits);
    Ok(format!(
        "{}-{}-{} {}",
        &plain[..3],
        &plain[3..6],
        &plain[6..9],
        &plain[9..]
    ))
}

const INN_WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/// The check digit after the given ones: their count picks how much of the weights is used.
fn inn_control(digits: &[u32]) -> u32 {
    weighted(
        digits,
        INN_WEIGHTS[INN_WEIGHTS.len() - digits.len()..]
            .iter()
            .copied(),
    ) % 11
        % 10
}

fn parse_inn_person(text: &str) -> Result<String, InvalidText> {
    let digits = digits(text, 12)?;
    check(inn_control(&digits[..10]) == digits[10] && inn_control(&digits[..11]) == digits[11])?;
    Ok(written(&digits))
}

fn parse_inn_organisation(text: &str) -> Result<String, InvalidText> {
    let digits = digits(text, 10)?;
    check(inn_control(&digits[..9]) == digits[9])?;
    Ok(written(&digits))
}

fn parse_ogrn(text: &str) -> Result<String, InvalidText> {
    parse_registered(text, 13, 11)
}

fn parse_ogrnip(text: &str) -> Result<String, InvalidText> {
    parse_registered(text, 15, 13)
}

/// A number of a state register: its last digit is that of the remainder of the others.
fn parse_registered(text: &str, count: usize, divisor: u64) -> Result<String, InvalidText> {
    let digits = digits(text, count)?;
    let number = digits[..count - 1]
        .iter()
        .fold(0_u64, |number, digit| number * 10 + u64::from(*digit));
    check(number % divisor % 10 == u64::from(digits[count - 1]))?;
    Ok(written(&digits))
}

fn check(holds: bool) -> Result<(), InvalidText> {
    if holds {
        Ok(())
    } else {
        Err(InvalidText::CheckDigits)
    }
}

fn parse_phone(text: &str) -> Result<String, InvalidText> {
    let text = text.trim();
    let national = text
        .strip_prefix("+7")
        .or_else(|| text.strip_prefix('8'))
        .unwrap_or(text);
    let digits = digits(national, 10)?;
    if digits[0] < 3 {
        return Err(InvalidText::Shape);
    }
    Ok(format!("+7{}", written(&digits)))
}

fn parse_passport(text: &str) -> Result<String, InvalidText> {
    let digits = digits(text, 10)?;
    let plain = written(&digits);
    Ok(format!("{} {}", &plain[..4], &plain[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: FromStr<Err = InvalidText> + Into<String>>(
        text: &str,
        expected: Result<&str, InvalidText>,
    ) {
        let parsed = text.parse::<T>().map(Into::<String>::into);
        assert_eq!(
            parsed.as_deref().map_err(|error| *error),
            expected,
            "{text}"
        );
    }

    #[test]
    fn app_01_check_digits_are_checked() {
        check::<Snils>("11223344595", Ok("112-233-445 95"));
        check::<Snils>("112-233-445 95", Ok("112-233-445 95"));
        check::<Snils>("112-233-445 96", Err(InvalidText::CheckDigits));
        check::<Snils>("087-654-303 00", Ok("087-654-303 00"));
        check::<Snils>("000-000-000 00", Err(InvalidText::CheckDigits));
        check::<Snils>("112-233-445", Err(InvalidText::Shape));
        check::<InnPerson>("500100732259", Ok("500100732259"));
        check::<InnPerson>("500100732258", Err(InvalidText::CheckDigits));
        check::<InnOrganisation>("7830002293", Ok("7830002293"));
        check::<InnOrganisation>("7830002294", Err(InvalidText::CheckDigits));
        check::<Ogrn>("1027700132195", Ok("1027700132195"));
        check::<Ogrn>("1027700132196", Err(InvalidText::CheckDigits));
        check::<Ogrnip>("304500116000157", Ok("304500116000157"));
        check::<Ogrnip>("304500116000158", Err(InvalidText::CheckDigits));
        check::<Ogrnip>("1027700132195", Err(InvalidText::Shape));
    }

    #[test]
    fn phones_are_written_one_way() {
        check::<Phone>("8 (900) 123-45-67", Ok("+79001234567"));
        check::<Phone>("+7 900 123 45 67", Ok("+79001234567"));
        check::<Phone>("112", Err(InvalidText::Shape));
        check::<PassportNumber>("4510 123456", Ok("4510 123456"));
    }
}
