//! Time-based one-time codes (RFC 6238): HMAC-SHA-1, six digits, 30 seconds, as all authenticator apps know them.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq;
use uc_model::{SecretBytes, SecretString};
use url::{Url, form_urlencoded};

use crate::entropy::Entropy;

/// Bytes of a secret: as long as the hash (RFC 4226 §4, R6).
pub const SECRET_BYTES: usize = 20;

/// Seconds that a code is of use.
const STEP_SECONDS: i64 = 30;

/// Codes have six digits.
const MODULUS: u32 = 1_000_000;

/// An interval of 30 seconds, counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub i64);

impl Step {
    /// The interval of an instant.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(now.as_second().div_euclid(STEP_SECONDS))
    }
}

/// A code of six digits as a person types it: blanks and hyphens between the digits are theirs.
#[derive(Clone, Copy)]
pub struct OneTimeCode([u8; 6]);

impl OneTimeCode {
    /// Reads it; `None` when it is not six digits.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let mut digits = text
            .chars()
            .filter(|char| !char.is_whitespace() && *char != '-');
        let mut code = [0; 6];
        for place in &mut code {
            let digit = digits.next().filter(char::is_ascii_digit)?;
            *place = u8::try_from(digit).ok()?;
        }
        digits.next().is_none().then_some(Self(code))
    }

    /// A code of chance: all are as likely.
    #[must_use]
    pub fn draw(entropy: &Entropy) -> Self {
        loop {
            let number = u32::from_be_bytes(entropy.bytes());
            // The numbers above the last whole million would favour some codes.
            if number < u32::MAX / MODULUS * MODULUS {
                return Self::of_number(number % MODULUS);
            }
        }
    }

    fn of_number(mut number: u32) -> Self {
        let mut code = [b'0'; 6];
        for place in code.iter_mut().rev() {
            // A remainder of ten is one digit.
            *place += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
        }
        Self(code)
    }

    /// The digits.
    #[must_use]
    pub fn digits(&self) -> String {
        self.0.iter().copied().map(char::from).collect()
    }
}

/// The secret that an authenticator app and the portal share.
#[derive(Debug, Clone)]
pub struct TotpSecret(SecretBytes<SECRET_BYTES>);

impl TotpSecret {
    /// A secret of these bytes, which are chance.
    #[must_use]
    pub fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(SecretBytes::new(bytes))
    }

    /// Its bytes, to be stored.
    #[must_use]
    pub fn expose(&self) -> &[u8; SECRET_BYTES] {
        self.0.expose()
    }

    /// As a person types it into an app.
    #[must_use]
    pub fn text(&self) -> SecretString {
        BASE32_NOPAD.encode(self.0.expose()).into()
    }

    /// Reads [`TotpSecret::text`]; blanks are left out.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|char| !char.is_whitespace()).collect();
        let bytes = BASE32_NOPAD.decode(plain.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self::new)
    }

    /// As an app reads it from a QR code: the address that authenticator apps agreed on.
    #[must_use]
    pub fn address(&self, product: &str, account: &str) -> SecretString {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("secret", self.text().expose())
            .append_pair("issuer", product)
            .append_pair("algorithm", "SHA1")
            .append_pair("digits", "6")
            .append_pair("period", "30")
            .finish();
        let mut url = app_address();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(&format!("{product}:{account}"));
        }
        // Apps show a form's `+` as it is; a plus of the text itself is `%2B` already.
        url.set_query(Some(&query.replace('+', "%20")));
        String::from(url).into()
    }

    /// The code of an interval (RFC 4226 §5.3).
    #[must_use]
    pub fn code(&self, step: Step) -> OneTimeCode {
        let mut mac = self.mac();
        mac.update(&step.0.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let offset = usize::from(hash[19] & 0xf);
        let word = [
            hash[offset] & 0x7f,
            hash[offset + 1],
            hash[offset + 2],
            hash[offset + 3],
        ];
        OneTimeCode::of_number(u32::from_be_bytes(word) % MODULUS)
    }

    fn mac(&self) -> Hmac<Sha1> {
        Hmac::new_from_slice(self.0.expose()).expect("HMAC takes keys of any length")
    }

    /// The interval that the code is of: this one, the one before or the next, since clocks differ (RFC 6238 §5.2).
    #[must_use]
    pub fn step_of(&self, code: OneTimeCode, now: Timestamp) -> Option<Step> {
        let Step(current) = Step::at(now);
        // All three are compared, whichever is right.
        [current - 1, current, current + 1]
            .map(Step)
            .into_iter()
            .fold(None, |found, step| {
                let same = bool::from(self.code(step).0.ct_eq(&code.0));
                if same { Some(step) } else { found }
            })
    }
}

/// What addresses for authenticator apps begin with.
fn app_address() -> Url {
    Url::parse("otpauth://totp/").expect("a constant address reads")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::new(*b"12345678901234567890")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn auth_03_codes_are_those_of_rfc_6238() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code(Step::at(at(second))).digits(), code);
        }
    }

    #[test]
    fn au_03_a_code_is_taken_one_interval_early_and_late() {
        let now = at(1_000_000_015);
        let Step(current) = Step::at(now);
        for (away, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let step = Step(current + away);
            let found = secret().step_of(secret().code(step), now);
            assert_eq!(found, taken.then_some(step), "{away} away");
        }
    }

    #[test]
    fn auth_03_a_code_is_read_however_it_is_spaced() {
        for (text, digits) in [
            ("123456", Some("123456")),
            (" 123 456 ", Some("123456")),
            ("123-456", Some("123456")),
            ("12345", None),
            ("1234567", None),
            ("12345a", None),
            ("１２３４５６", None),
            ("", None),
        ] {
            let read = OneTimeCode::typed(text).map(|code| code.digits());
            assert_eq!(read.as_deref(), digits, "{text}");
        }
    }

    #[test]
    fn auth_03_a_secret_comes_back_from_its_text_and_prints_nothing() {
        let text = secret().text();
        assert_eq!(text.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let read = TotpSecret::read("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ").unwrap();
        assert_eq!(read.expose(), secret().expose());
        assert!(TotpSecret::read("GEZD").is_none());
        assert_eq!(format!("{:?}", secret()), "TotpSecret(•••)");
    }

    #[test]
    fn auth_03_the_address_for_apps_names_product_and_account() {
        let address = secret().address("Единый клиент", "+79000000001");
        let url = Url::parse(address.expose()).unwrap();
        assert_eq!((url.scheme(), url.host_str()), ("otpauth", Some("totp")));
        let label = "%D0%95%D0%B4%D0%B8%D0%BD%D1%8B%D0%B9%20%D0%BA%D0%BB%D0%B8%D0%B5%D0%BD%D1%82:+79000000001";
        assert_eq!(url.path().trim_start_matches('/'), label);
        let query = url.query().unwrap();
        assert!(query.contains("issuer=%D0%95"));
        assert!(!query.contains('+'), "apps show it as a plus: {query}");
    }
}
