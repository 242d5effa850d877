use crate::{
    BrokenRule, Format,
    format::{check, parse_name},
};

fn good(format: Format, typed: &str, written: &str) {
    assert_eq!(
        check(format, typed).as_deref(),
        Ok(written),
        "{format:?} {typed}"
    );
    assert_eq!(
        check(format, written).as_deref(),
        Ok(written),
        "{format:?} {written}"
    );
}

fn bad(format: Format, typed: &str) {
    assert_eq!(
        check(format, typed),
        Err(BrokenRule::Format(format)),
        "{format:?} {typed}"
    );
}

fn mistyped(format: Format, typed: &str) {
    assert_eq!(
        check(format, typed),
        Err(BrokenRule::CheckDigits(format)),
        "{format:?} {typed}"
    );
}

#[test]
fn app_01_check_digits_tell_a_mistyped_number() {
    good(Format::Snils, " 11223344595 ", "112-233-445 95");
    mistyped(Format::Snils, "112-233-445 96");
    bad(Format::Snils, "112-233-445");
    good(Format::InnPerson, "500100732259", "500100732259");
    mistyped(Format::InnPerson, "500100732258");
    bad(Format::InnPerson, "7830002293");
    good(Format::InnOrganisation, "7830002293", "7830002293");
    mistyped(Format::InnOrganisation, "7830002294");
    good(Format::Ogrn, "1027700132195", "1027700132195");
    mistyped(Format::Ogrn, "1027700132196");
}

#[test]
fn app_01_days_must_exist() {
    good(Format::Date, "1990-05-14", "1990-05-14");
    good(Format::Date, "14.05.1990", "1990-05-14");
    good(Format::Date, "29.02.2024", "2024-02-29");
    bad(Format::Date, "29.02.2023");
    bad(Format::Date, "1990-5-14");
    bad(Format::Date, "1990-05-14T00:00:00Z");
    bad(Format::Date, "+990-05-14");
    bad(Format::Date, "1990-05-14-01");
    bad(Format::Date, "1990-05.14");
    bad(Format::Date, "завтра");
}

#[test]
fn app_01_addresses_of_mail_have_a_name_and_a_domain() {
    good(Format::Email, "maria@Example.ORG", "maria@example.org");
    good(
        Format::Email,
        "m.i+g@mail.example.org",
        "m.i+g@mail.example.org",
    );
    good(Format::Email, "почта@пример.рф", "почта@пример.рф");
    for text in [
        "maria",
        "maria@",
        "@example.org",
        "maria@example",
        "a b@example.org",
        "a..b@example.org",
        ".a@example.org",
        "a@b@example.org",
        "a@-b.org",
        "a@b-.org",
        "a@b..org",
        "a@b.org\n.x",
        "a@[127.0.0.1]",
    ] {
        bad(Format::Email, text);
    }
    bad(Format::Email, &format!("{}@example.org", "a".repeat(65)));
    bad(Format::Email, &format!("a@{}.org", "b".repeat(64)));
    bad(Format::Email, &format!("a@{}org", "bcd.".repeat(64)));
}

#[test]
fn app_01_numbers_of_documents_have_their_digits() {
    good(Format::Phone, "8 (900) 123-45-67", "+79001234567");
    bad(Format::Phone, "112");
    good(Format::PassportRf, "4510123456", "4510 123456");
    bad(Format::PassportRf, "4510 12345");
    good(Format::PassportDivisionCode, "770001", "770-001");
    bad(Format::PassportDivisionCode, "770-00");
    good(Format::PostalCode, "101 000", "101000");
    bad(Format::PostalCode, "1010001");
    good(Format::OmsPolicy, "1234 5678 9012 3456", "1234567890123456");
    bad(Format::OmsPolicy, "123456789012345");
    good(
        Format::BankAccount,
        "40817 810 0 9991 0004312",
        "40817810099910004312",
    );
    bad(Format::BankAccount, "4081781009991000431");
    good(Format::Bik, "044525225", "044525225");
    bad(Format::Bik, "04452522٥");
    good(Format::Vin, "xta 21099-0 12345678", "XTA21099012345678");
    bad(Format::Vin, "XTA2109901234567O");
    bad(Format::Vin, "XTA2109901234567");
    good(
        Format::CadastralNumber,
        "77:01:0001001:1",
        "77:01:0001001:1",
    );
    good(
        Format::CadastralNumber,
        "77:01:000100:12345",
        "77:01:000100:12345",
    );
    bad(Format::CadastralNumber, "77:01:0001001");
    bad(Format::CadastralNumber, "77:01:0001001:");
    bad(Format::CadastralNumber, "77:01:0001001:1:2");
}

#[test]
fn every_format_has_a_name_of_its_own() {
    for format in Format::ALL {
        assert_eq!(parse_name(format.name()), Some(format));
        assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        bad(format, "");
        bad(format, "\u{0}");
    }
    assert_eq!(parse_name("ipv4"), None);
}
