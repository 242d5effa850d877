//! What a new password must be (ASVS 6.2; NIST SP 800-63B §5.1.1.2): long enough and none of those that are guessed
//! first. No rule of composition, no shortening.

use uc_model::SecretString;

use crate::passwords::MAX_PASSWORD_BYTES;

/// Characters of the shortest password.
const MIN_PASSWORD_CHARS: usize = 8;

/// Guesses that a password must outlast: the 3000 most frequent ones, their usual spellings and short patterns do not.
const GUESSES: u64 = 1_000_000;

/// Characters that are looked at for patterns: longer ones are judged by their beginning, and count whole.
const JUDGED_CHARS: usize = 64;

/// Words of this country and product that passwords are made of.
const COMMON_WORDS: &str = include_str!("../../data/common-words.txt");

/// The letters of the Russian keyboard, and in the next line those of the Latin one, key by key.
const KEYBOARDS: &str = include_str!("../../data/keyboards.txt");

/// Why a password does not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than eight characters.
    #[error("the password is too short")]
    Short,
    /// More than [`MAX_PASSWORD_BYTES`] bytes.
    #[error("the password is too long")]
    Long,
    /// Guessed early: a frequent one, a pattern, or made of what is known of the person.
    #[error("the password is easily guessed")]
    Common,
}

/// Judges a new password. `known` is what others know of the person: names, phone, day of birth.
pub fn judge_password(password: &SecretString, known: &[&str]) -> Result<(), WeakPassword> {
    let text = password.expose();
    if text.len() > MAX_PASSWORD_BYTES {
        return Err(WeakPassword::Long);
    }
    if text.chars().count() < MIN_PASSWORD_CHARS {
        return Err(WeakPassword::Short);
    }
    let judged: String = text.chars().take(JUDGED_CHARS).collect();
    let words: Vec<&str> = known.iter().copied().chain(COMMON_WORDS.lines()).collect();
    let outlasts = |text: &str| zxcvbn::zxcvbn(text, &words).guesses() >= GUESSES;
    if outlasts(&judged) && outlasts(&on_latin_keys(&judged)) {
        Ok(())
    } else {
        Err(WeakPassword::Common)
    }
}

/// The same keys on the other keyboard: `йцукен` is as frequent as `qwerty`.
fn on_latin_keys(text: &str) -> String {
    let (russian, latin) = KEYBOARDS.split_once('\n').unwrap_or_default();
    let keys: Vec<(char, char)> = russian.chars().zip(latin.chars()).collect();
    let latin = |letter: char| keys.iter().find(|(own, _)| *own == letter);
    text.to_lowercase()
        .chars()
        .map(|letter| latin(letter).map_or(letter, |(_, latin)| *latin))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Result<(), WeakPassword> {
        let known = ["Маркерова", "Злата", "79000000042", "14021981"];
        judge_password(&text.to_owned().into(), &known)
    }

    #[test]
    fn au_06_length_is_counted_in_characters_and_nothing_is_cut() {
        assert_eq!(judge("чаща-7!"), Err(WeakPassword::Short));
        assert_eq!(judge("щукаг-7!"), Ok(()));
        assert_eq!(judge(&"дуб-сосна ".repeat(7)), Ok(()));
        let tree = "x7-Ель, y3-дуб; ";
        let longest: String = tree.chars().cycle().take(700).collect();
        assert_eq!(judge(&longest), Ok(()));
        let longer = longest.repeat(2);
        assert_eq!(judge(&longer), Err(WeakPassword::Long));
    }

    #[test]
    fn au_06_the_most_frequent_passwords_are_refused() {
        for text in [
            "password",
            "12345678",
            "123456789",
            "qwertyuiop",
            "iloveyou",
            "1q2w3e4r",
            "Password1",
            "p@ssw0rd",
            "football",
            "11111111",
            "abcdefgh",
            "йцукенгш",
            "пароль12",
            "Пароль123",
            "приветпривет",
            "gfhjkm12",
            "любовь2010",
            "госуслуги",
            "qazwsxedc",
            "аааааааааа",
        ] {
            assert_eq!(judge(text), Err(WeakPassword::Common), "{text}");
        }
    }

    #[test]
    fn au_06_what_is_known_of_the_person_is_refused() {
        for text in [
            "маркерова",
            "Маркерова1",
            "79000000042",
            "14021981",
            "маркероваЗлата",
        ] {
            assert_eq!(judge(text), Err(WeakPassword::Common), "{text}");
        }
    }

    #[test]
    fn au_06_no_rule_of_composition() {
        for text in ["сиреньмаякчайник", "три зелёных слона", "kvxqzjwp"]
        {
            assert_eq!(judge(text), Ok(()), "{text}");
        }
    }
}
