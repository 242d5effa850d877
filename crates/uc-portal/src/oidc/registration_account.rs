//! `/registration/account`: a person whose phone is confirmed says who they are, chooses a password and agrees.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::{civil::Date, tz::Offset};
use uc_model::{PersonId, Phone, SecretString};
use uc_portal_api::PersonProfile;

use super::{
    REGISTRATION_ACCOUNT, REGISTRATION_CODE,
    error::PageError,
    login::{self, Newcomer, OwnFlow},
    new_password::{self, NewPassword},
    params::Params,
    registration::find,
    walk::Walk,
};
use crate::{
    accounts::{Agreement, Factor, FirstStep, Means, Peer},
    journal::Scene,
    pages::{self, Field, FieldKind, FormPage, Frame, NoticePage, Texts, Tick},
    portal::{AppState, Portal},
    proofing::{birthday, read_date},
    store::{NewPerson, Registered, StoreError},
};

/// Years of the youngest who may have an account of their own: those who have a passport.
const MIN_YEARS: i16 = 14;
/// Years that nobody has reached.
const MAX_YEARS: i16 = 125;
/// Letters of the longest name.
const MAX_NAME_CHARS: usize = 100;

pub(super) async fn form(
    State(portal): State<AppState>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let shown = async {
        let params = Params::parse(query.unwrap_or_default().as_bytes())?;
        let walk = Walk::find(&portal, &headers, &params).await?;
        if !find(&portal, &walk).await?.is_confirmed {
            return Ok(walk.to(REGISTRATION_CODE));
        }
        Ok(ask(&portal, &walk, &params, &Faults::default()))
    };
    shown
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

pub(super) async fn submit(
    State(portal): State<AppState>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let taken = async {
        let params = Params::parse(&body)?;
        let walk = Walk::find_posted(&portal, &headers, &params).await?;
        let found = find(&portal, &walk).await?;
        if !found.is_confirmed {
            return Ok(walk.to(REGISTRATION_CODE));
        }
        match Application::read(&portal, &params, &found.phone) {
            Ok(application) => {
                let person = register(&portal, &walk, application, found.phone, peer).await?;
                welcome(&portal, &headers, &walk, person, peer).await
            }
            Err(faults) => Ok(ask(&portal, &walk, &params, &faults)),
        }
    };
    taken
        .await
        .unwrap_or_else(|error: PageError| error.show(&portal, &headers))
}

/// What a person gave, and it serves.
struct Application {
    last_name: String,
    first_name: String,
    middle_name: Option<String>,
    birth_date: Date,
    password: SecretString,
}

/// What is wrong with it.
#[derive(Default)]
struct Faults {
    /// Fields by name.
    fields: Vec<&'static str>,
    password: Option<new_password::Fault>,
    agreements: Vec<Agreement>,
}

impl Application {
    fn read(portal: &Portal, params: &Params, phone: &Phone) -> Result<Self, Faults> {
        let name = |field| read_name(params.find(field).unwrap_or_default());
        let (last_name, first_name) = (name("last_name"), name("first_name"));
        let middle_name = params.find("middle_name").map(read_name);
        let today = Offset::UTC.to_datetime(portal.clock.now()).date();
        let born = params.find("birth_date").unwrap_or_default();
        let birth_date = read_date(born).filter(|born| is_of_age(*born, today));
        let known = known_of(params, phone, birth_date);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let password = NewPassword::read(params, &known);
        let agreements: Vec<Agreement> = Agreement::ALL
            .into_iter()
            .filter(|document| params.find(document.word()) != Some("yes"))
            .collect();
        match (last_name, first_name, middle_name, birth_date, password) {
            (
                Some(last_name),
                Some(first_name),
                None | Some(Some(_)),
                Some(birth_date),
                Ok(password),
            ) if agreements.is_empty() => Ok(Self {
                last_name,
                first_name,
                middle_name: params.find("middle_name").and_then(read_name),
                birth_date,
                password,
            }),
            (last_name, first_name, middle_name, birth_date, password) => {
                let wrong = [
                    ("last_name", last_name.is_none()),
                    ("first_name", first_name.is_none()),
                    ("middle_name", middle_name == Some(None)),
                    ("birth_date", birth_date.is_none()),
                ];
                let wrong = wrong.into_iter().filter(|(_, is_wrong)| *is_wrong);
                Err(Faults {
                    fields: wrong.map(|(name, _)| name).collect(),
                    password: password.err(),
                    agreements,
                })
            }
        }
    }
}

/// What the password must not be made of.
fn known_of(params: &Params, phone: &Phone, born: Option<Date>) -> Vec<String> {
    let names = ["last_name", "first_name", "middle_name"];
    let names = names.into_iter().filter_map(|name| params.owned(name));
    let phone = phone.as_str().trim_start_matches('+').to_owned();
    let born = born.map(|born| born.strftime("%d%m%Y").to_string());
    names.chain([phone]).chain(born).collect()
}

/// A name of letters, with what stands between them; blanks around it are not its.
fn read_name(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let serves = text.chars().count() <= MAX_NAME_CHARS
        && text.chars().any(char::is_alphabetic)
        && text
            .chars()
            .all(|char| char.is_alphabetic() || " -'’.()".contains(char));
    serves.then_some(text)
}

fn is_of_age(born: Date, today: Date) -> bool {
    birthday(born, MIN_YEARS).is_some_and(|day| day <= today)
        && birthday(born, MAX_YEARS).is_some_and(|day| day > today)
}

async fn register(
    portal: &Portal,
    walk: &Walk,
    application: Application,
    phone: Phone,
    peer: Peer,
) -> Result<PersonId, PageError> {
    let now = portal.clock.now();
    let id = PersonId::try_from(portal.entropy.uuid(now).to_string())
        .map_err(|_| StoreError::Malformed("person id"))?;
    let password_hash = portal
        .passwords
        .hash(application.password, &portal.entropy)
        .await?;
    let registered = Registered {
        flow: walk.hash(),
        browser: walk.browser.hash(),
        person: NewPerson {
            profile: PersonProfile {
                middle_name: application.middle_name,
                phone: Some(phone),
                ..PersonProfile::new(
                    id.clone(),
                    application.last_name,
                    application.first_name,
                    application.birth_date,
                )
            },
            password_hash,
            is_phone_confirmed: true,
        },
        agreed: Agreement::ALL.to_vec(),
        scene: Scene {
            address: Some(peer.coarse()),
            ..Scene::at(now)
        },
    };
    if portal.store.register(registered).await? {
        Ok(id)
    } else {
        Err(PageError::Expired)
    }
}

/// Who has shown phone and password is signed in, where the flow is still open; else the account waits for them.
async fn welcome(
    portal: &Portal,
    headers: &HeaderMap,
    walk: &Walk,
    person: PersonId,
    peer: Peer,
) -> Result<Response, PageError> {
    match OwnFlow::of(portal, walk.browser.clone(), walk.id.clone()).await {
        Ok(own) => {
            let newcomer = Newcomer {
                person,
                means: Means {
                    first: FirstStep::Password,
                    factor: Some(Factor::Sms),
                },
                signed_in_at: portal.clock.now(),
                peer,
            };
            login::admit(portal, headers, &own, newcomer).await
        }
        Err(PageError::Expired) => {
            let frame = walk.frame(portal);
            let page = NoticePage {
                frame,
                title: &frame.t.registered_title,
                text: &frame.t.registered_text,
            };
            Ok(pages::show(StatusCode::OK, &page))
        }
        Err(error) => Err(error),
    }
}

fn ask(portal: &Portal, walk: &Walk, params: &Params, faults: &Faults) -> Response {
    let frame = walk.frame(portal);
    let t = frame.t;
    let page = FormPage {
        frame,
        title: &t.account_title,
        lead: t.account_lead.clone(),
        step: Some(&t.registration_step_account),
        action: REGISTRATION_ACCOUNT,
        flow: &walk.id,
        csrf: walk.csrf(),
        fault: None,
        fields: fields(frame, params, faults),
        ticks: Agreement::ALL
            .into_iter()
            .map(|document| tick(t, document, params, faults))
            .collect(),
        button: &t.account_button,
        again: None,
        ways: Vec::new(),
    };
    let status = if page.is_wrong() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    pages::show(status, &page)
}

fn fields<'a>(frame: Frame<'a>, params: &Params, faults: &Faults) -> Vec<Field<'a>> {
    let t = frame.t;
    let fault = |name, text: &String| faults.fields.contains(&name).then(|| text.clone());
    let typed = |name| params.owned(name).unwrap_or_default();
    let mut fields = vec![
        Field {
            value: typed("last_name"),
            fault: fault("last_name", &t.last_name_wrong),
            ..Field::new("last_name", FieldKind::FamilyName, &t.last_name_label)
        },
        Field {
            value: typed("first_name"),
            fault: fault("first_name", &t.first_name_wrong),
            ..Field::new("first_name", FieldKind::GivenName, &t.first_name_label)
        },
        Field {
            value: typed("middle_name"),
            hint: Some(&t.middle_name_hint),
            fault: fault("middle_name", &t.middle_name_wrong),
            is_required: false,
            ..Field::new(
                "middle_name",
                FieldKind::AdditionalName,
                &t.middle_name_label,
            )
        },
        Field {
            value: typed("birth_date"),
            hint: Some(&t.birth_date_hint),
            fault: fault("birth_date", &t.birth_date_wrong),
            ..Field::new("birth_date", FieldKind::BirthDate, &t.birth_date_label)
        },
    ];
    fields.extend(new_password::fields(frame, faults.password));
    fields
}

fn tick<'a>(t: &'a Texts, document: Agreement, params: &Params, faults: &Faults) -> Tick<'a> {
    let name = document.word();
    let (label, link, missing) = match document {
        Agreement::Terms => (&t.agree_terms, &t.terms_title, &t.agree_terms_missing),
        Agreement::Privacy => (&t.agree_privacy, &t.privacy_title, &t.agree_privacy_missing),
    };
    let is_missing = faults.agreements.contains(&document);
    Tick {
        name,
        label,
        href: format!("/agreements/{name}"),
        link,
        is_set: params.find(name) == Some("yes"),
        fault: is_missing.then_some(missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn auth_01_names_are_letters() {
        for (text, name) in [
            (" Анна   Мария ", Some("Анна Мария")),
            ("Салтыков-Щедрин", Some("Салтыков-Щедрин")),
            ("О’Нил", Some("О’Нил")),
            ("", None),
            ("-", None),
            ("Анна1", None),
            ("<b>", None),
        ] {
            assert_eq!(read_name(text).as_deref(), name, "{text}");
        }
        assert_eq!(read_name(&"я".repeat(101)), None);
    }

    #[test]
    fn auth_01_days_are_read_as_people_and_browsers_write_them() {
        assert_eq!(read_date(" 14.02.1981 "), Some(day("1981-02-14")));
        assert_eq!(read_date("1981-02-14"), Some(day("1981-02-14")));
        assert_eq!(read_date("31.02.1981"), None);
        assert_eq!(read_date("14/02/81"), None);
    }

    #[test]
    fn auth_01_an_account_is_for_those_who_are_fourteen() {
        let today = day("2026-03-02");
        for (born, serves) in [
            ("2012-03-02", true),
            ("2012-03-03", false),
            ("2012-02-29", true),
            ("2027-01-01", false),
            ("1901-03-02", false),
            ("1901-03-03", true),
        ] {
            assert_eq!(is_of_age(day(born), today), serves, "{born}");
        }
    }
}
